import type { Statement } from './statement.ts';

// Weights fitted on dialogues with human summaries, then rounded. The central statement counts most; then what opens
// the conversation, what says enough to stand alone, and what asks for, plans or wants something. A later question, and
// what leans on the sentence before it, read badly alone.
const weights = {
  centrality: 1,
  length: 0.3,
  opening: 0.5,
  firstSubstance: 0.2,
  intent: 0.2,
  request: 0.1,
  name: 0.1,
  negation: -0.1,
  question: -0.1,
  leaning: -0.1,
  stumbling: -0.5,
  overlong: -0.3,
  short: -0.2,
};

/** From so many words on, more of them earn nothing. */
const enoughWords = 20;
const mostWords = 45;
const tooFewWords = 5;
/** Below so many words, centrality is not divided by less. */
const fewWords = 7;
/** What a word said once is worth, against ln 3 for one said twice. */
const rareWord = 0.35;
const intent =
  /\b(?:want|need|would like|i'd like|looking for|going to|have to|has to|must|plan|decid\w+|hope|wonder\w*|trying to|afraid|problem|should|suggest|let's|what about|how about|had better|deadline)\b/iu;
const request = /\b(?:can|could|will|would) you\b|\bplease\b/iu;
const negation = /\b(?:no|not|never|cannot)\b|n't\b/iu;
const leaning = /^(?:yes|no|yeah|it|that|this|they|he|she)\b/iu;

/** A figure for each statement of one segment, higher for what a summary should say; comparable only within it. */
export function scoreStatements(statements: readonly Statement[]): number[] {
  const centralities = measureCentrality(statements);
  const most = centralities.reduce((one, other) => Math.max(one, other), Number.EPSILON);
  const firstTurn = statements[0]?.turn ?? 0;
  const firstSubstance = statements.find(({ isPleasantry }) => !isPleasantry);
  return statements.map((statement, index) => {
    const text = statement.text.replace(/’/gu, "'");
    return (
      (weights.centrality * (centralities[index] ?? 0)) / most +
      (weights.length * Math.min(statement.words.length, enoughWords)) / enoughWords +
      weights.opening / (1 + statement.turn - firstTurn) +
      (statement === firstSubstance ? weights.firstSubstance : 0) +
      (intent.test(text) ? weights.intent : 0) +
      (request.test(text) ? weights.request : 0) +
      (statement.words.some(({ kind }) => kind === 'name') ? weights.name : 0) +
      (negation.test(text) ? weights.negation : 0) +
      (statement.isQuestion && statement !== firstSubstance ? weights.question : 0) +
      (leaning.test(text) ? weights.leaning : 0) +
      (stumbles(text) ? weights.stumbling : 0) +
      (statement.words.length > mostWords ? weights.overlong : 0) +
      (statement.words.length < tooFewWords ? weights.short : 0)
    );
  });
}

/** Transcribed speech has fillers and false starts; twice in a sentence is hard to read. */
const stumbles = (text: string): boolean =>
  (text.match(/\b(?:u[hm]+|e[hm]+|m[hm]+|(\p{L}+),? \1)\b/giu)?.length ?? 0) >= 2;

/** How much of what the segment keeps coming back to a statement holds; long ones must hold more. */
function measureCentrality(statements: readonly Statement[]): number[] {
  const frequency = new Map<string, number>();
  for (const { stems } of statements) {
    for (const stem of stems) frequency.set(stem, (frequency.get(stem) ?? 0) + 1);
  }
  return statements.map(({ stems, words }) => {
    const total = stems.reduce((sum, stem) => {
      const count = frequency.get(stem) ?? 0;
      return sum + (count > 1 ? Math.log(1 + count) : rareWord);
    }, 0);
    return total / Math.sqrt(Math.max(fewWords, words.length));
  });
}
