import type { Matcher } from '../../src/shared/erasers/matcher.ts';

/** Finds certain words to the letter, and redacts them. */
export function simpleMatcher(...words: string[]): Matcher {
  return {
    isIn: (text) => words.some((word) => text.includes(word)),
    redact: (text) => words.reduce((left, word) => left.replaceAll(word, '[erased]'), text),
  };
}
