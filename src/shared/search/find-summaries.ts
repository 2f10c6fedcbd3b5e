import type { CatalogueEntry } from '../summaries/catalogue-entry.ts';
import { rankWords } from './rank-documents.ts';
import { canBeMistyped, isUnspaced } from './search-words.ts';

interface Options {
  /** Whether a conversation is looked for at all. */
  isWanted?: (entry: CatalogueEntry) => boolean;
}

/**
 * As many are compared word for word, the most promising ones: those that have the rarest words of a query, the newest
 * first.
 */
const mostCandidates = 1_000;

interface Candidate {
  entry: CatalogueEntry;
  /** Places of the words that it has. */
  has: number[];
}

/**
 * The conversations whose summaries have words of a query (`queryWords`), the best first. Goes through the whole catalogue,
 * one group of entries at a time, once more where a word stands nowhere and is perhaps mistyped.
 */
export async function findSummaries(
  read: () => AsyncIterable<readonly CatalogueEntry[]>,
  words: readonly string[],
  options: Options = {},
): Promise<{ entry: CatalogueEntry; score: number }[]> {
  const tests = words.map(containing);
  let { candidates, counts } = await gather(read(), tests, options);
  const mistyped = words.map((word, place) => counts[place] === 0 && canBeMistyped(word));
  if (mistyped.includes(true)) {
    const lenient = words.map((word, place) => (mistyped[place] ? nearly(word) : containing(word)));
    ({ candidates, counts } = await gather(read(), lenient, options));
  }
  const entries = new Map(candidates.map(({ entry }) => [entry.path, entry]));
  const documents = [...entries.values()].map(({ path, title, text }) => ({ id: path, title, text }));
  const ranked = await rankWords(documents, words);
  return ranked.flatMap(({ id, score }) => {
    const entry = entries.get(id);
    return entry ? [{ entry, score }] : [];
  });
}

type Test = (text: string) => boolean;

/** Those that have any of the words, and how many have each. */
async function gather(
  groups: AsyncIterable<readonly CatalogueEntry[]>,
  tests: readonly Test[],
  { isWanted = () => true }: Options,
): Promise<{ candidates: Candidate[]; counts: number[] }> {
  const counts = tests.map(() => 0);
  let seen = 0;
  let candidates: Candidate[] = [];
  for await (const entries of groups) {
    for (const entry of entries) {
      if (!isWanted(entry)) continue;
      seen += 1;
      const has = tests.flatMap((test, place) => (test(entry.title) || test(entry.text) ? [place] : []));
      if (has.length === 0) continue;
      for (const place of has) counts[place] = (counts[place] ?? 0) + 1;
      candidates.push({ entry, has });
    }
    // Conversations are in groups by chance: what was seen so far tells how rare a word is.
    if (candidates.length > 4 * mostCandidates) candidates = best(candidates, counts, seen);
  }
  return { candidates: best(candidates, counts, seen), counts };
}

function best(candidates: readonly Candidate[], counts: readonly number[], seen: number): Candidate[] {
  if (candidates.length <= mostCandidates) return [...candidates];
  const weights = counts.map((count) => Math.log(1 + (seen - count + 0.5) / (count + 0.5)));
  const weigh = ({ has }: Candidate): number => has.reduce((sum, place) => sum + (weights[place] ?? 0), 0);
  return candidates
    .map((candidate) => ({ candidate, weight: weigh(candidate) }))
    .sort(
      (a, b) => b.weight - a.weight || (a.candidate.entry.period.to < b.candidate.entry.period.to ? 1 : -1),
    )
    .slice(0, mostCandidates)
    .map(({ candidate }) => candidate);
}

/** The word itself, or as the beginning of another one. */
function containing(word: string): Test {
  const isBeginning = word.length >= 3 || isUnspaced(word);
  if (isBeginning) return (text) => text.startsWith(word) || text.includes(` ${word}`);
  return (text) => ` ${text} `.includes(` ${word} `);
}

/** The word with one letter too many, too few, or another. */
function nearly(word: string): Test {
  const letters = [...word];
  const forms = letters.flatMap((_, place) => {
    const [before, behind] = [letters.slice(0, place).join(''), letters.slice(place + 1).join('')];
    return [`${before}[^ ]?${behind}`, `${before}[^ ]${letters[place]}${behind}`];
  });
  const pattern = new RegExp(`(?:^| )(?:${forms.join('|')}|${word}[^ ])(?= |$)`, 'u');
  return (text) => pattern.test(text);
}
