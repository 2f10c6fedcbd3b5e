import { scoreStatements } from './score-statements.ts';
import type { Statement } from './statement.ts';

/** How strongly likeness to what is already chosen counts against a statement. */
const redundancy = 0.9;
/** What a person who is not quoted yet has ahead of one who is. */
const newVoice = 0.2;
/** So many words may the last statement of a segment exceed its budget by. */
const slack = 6;
const wordsPerSegment = 900;
const mostSegments = 8;
/** What the shortest quote costs: emoji have no words, yet a summary cannot hold a thousand of them. */
const fewestWords = 3;
/** A longer statement is quoted cut, see `quoteStatements`, and so costs no more than this. */
const quotedWords = 45;

/**
 * The statements a summary should quote, in the order of the conversation: about 14 + 0.8·√words words, the budget that
 * came nearest to human summaries, and for long conversations the best of each of up to eight segments of equal length,
 * which beat one choice over the whole. At least one, unless there are no statements at all.
 */
export function chooseStatements(statements: readonly Statement[]): Statement[] {
  const total = statements.reduce((sum, { words }) => sum + words.length, 0);
  const segments = Math.min(mostSegments, 1 + Math.floor(total / wordsPerSegment));
  const budget = (14 + 0.8 * Math.sqrt(total)) / segments;
  const chosen = divide(statements, total, segments).flatMap((segment) => chooseDiverse(segment, budget));
  return withoutRepeats(chosen).sort((one, other) => one.turn - other.turn || one.place - other.place);
}

function divide(statements: readonly Statement[], total: number, segments: number): Statement[][] {
  const parts: Statement[][] = Array.from({ length: segments }, () => []);
  let read = 0;
  for (const statement of statements) {
    parts[Math.min(segments - 1, Math.floor((read * segments) / Math.max(1, total)))]?.push(statement);
    read += statement.words.length;
  }
  return parts.filter((part) => part.length > 0);
}

/** What is said again and again, in segment after segment, is quoted once. */
const withoutRepeats = (statements: readonly Statement[]): Statement[] => [
  ...new Map(statements.toReversed().map((statement) => [statement.text, statement])).values(),
];

/** Maximal marginal relevance: the best next statement is good and unlike those chosen before. */
function chooseDiverse(segment: readonly Statement[], budget: number): Statement[] {
  const scores = scoreStatements(segment);
  const all = segment.map((statement, index) => ({
    statement,
    score: scores[index] ?? 0,
    likeness: 0,
    voice: 0,
  }));
  const worthy = all.filter(({ statement }) => isWorthQuoting(statement));
  let open = worthy.length > 0 ? worthy : all;
  const chosen: Statement[] = [];
  let left = budget;
  while (open.length > 0 && left > 0) {
    const best = open.reduce((one, other) => (marginalOf(other) > marginalOf(one) ? other : one));
    const { text, message } = best.statement;
    chosen.push(best.statement);
    left -= costOf(best.statement);
    open = open.filter(({ statement }) => statement.text !== text && costOf(statement) <= left + slack);
    for (const entry of open) {
      if (entry.statement.message.sender === message.sender) entry.voice = newVoice;
      entry.likeness = Math.max(entry.likeness, redundancy * likeness(best.statement, entry.statement));
    }
  }
  return chosen;
}

const isWorthQuoting = ({ isPleasantry, words }: Statement): boolean => !isPleasantry && words.length >= 2;
const costOf = ({ words }: Statement): number => Math.max(fewestWords, Math.min(words.length, quotedWords));
const marginalOf = (entry: { score: number; likeness: number; voice: number }): number =>
  entry.score - entry.likeness - entry.voice;

function likeness(one: Statement, other: Statement): number {
  const stems = new Set(one.stems);
  const shared = other.stems.filter((stem) => stems.has(stem)).length;
  return shared === 0 ? 0 : shared / Math.sqrt(stems.size * other.stems.length);
}
