import { stemEnglish } from '../src/shared/analysis/stem-english.ts';

/** F1 of ROUGE-1, ROUGE-2 and ROUGE-L, each from 0 to 1. */
export interface Rouge {
  one: number;
  two: number;
  longest: number;
}

/**
 * Counts as rouge_score does with `use_stemmer`: lower case, runs of [a-z0-9], longer than three letters stemmed, and
 * the longest common subsequence over the whole text.
 * https://github.com/google-research/google-research/tree/master/rouge
 */
export function countRouge(reference: string, candidate: string): Rouge {
  const expected = tokensOf(reference);
  const given = tokensOf(candidate);
  return {
    one: overlap(expected, given),
    two: overlap(pairsOf(expected), pairsOf(given)),
    longest: f1(longestCommonSubsequence(expected, given), expected.length, given.length),
  };
}

/** The mean of each figure; all zero for an empty list. */
export function averageRouge(all: readonly Rouge[]): Rouge {
  const mean = (pick: (rouge: Rouge) => number): number =>
    all.reduce((sum, rouge) => sum + pick(rouge), 0) / Math.max(1, all.length);
  return {
    one: mean(({ one }) => one),
    two: mean(({ two }) => two),
    longest: mean(({ longest }) => longest),
  };
}

const tokensOf = (text: string): string[] =>
  (text.toLowerCase().match(/[a-z0-9]+/g) ?? []).map((token) =>
    token.length > 3 ? stemEnglish(token) : token,
  );

const pairsOf = (tokens: readonly string[]): string[] =>
  tokens.slice(1).map((token, index) => `${tokens[index]} ${token}`);

function overlap(expected: readonly string[], given: readonly string[]): number {
  const left = new Map<string, number>();
  for (const item of expected) left.set(item, (left.get(item) ?? 0) + 1);
  let common = 0;
  for (const item of given) {
    const count = left.get(item) ?? 0;
    if (count === 0) continue;
    left.set(item, count - 1);
    common++;
  }
  return f1(common, expected.length, given.length);
}

function f1(common: number, expected: number, given: number): number {
  return common === 0 ? 0 : (2 * common) / (expected + given);
}

function longestCommonSubsequence(one: readonly string[], other: readonly string[]): number {
  let previous = new Uint32Array(other.length + 1);
  for (const token of one) {
    const current = new Uint32Array(other.length + 1);
    for (const [index, candidate] of other.entries()) {
      current[index + 1] =
        token === candidate
          ? (previous[index] ?? 0) + 1
          : Math.max(previous[index + 1] ?? 0, current[index] ?? 0);
    }
    previous = current;
  }
  return previous[other.length] ?? 0;
}
