import { findScript } from './find-script.ts';
import { canBeWrittenIn, tellNeighbours } from './tell-neighbours.ts';

/** The languages that a text may be in. */
export interface Ranking {
  /** Best first; `score` is the evidence in one letter, comparable within one text. Empty where nothing is known. */
  candidates: readonly { code: string; score: number }[];
  /** Of its words, each counted once; signs of Chinese, Japanese and Korean count as three. */
  letters: number;
  words: number;
  /** Whether no other language is written in its script. */
  byScript: boolean;
}

/** A detector: scores from 0 to 1 by language, ISO 639-1. */
export type Detect = (text: string) => Readonly<Record<string, number>>;

/** What the detector finds in a letter where it is right, about. */
const certain = 100;

/** Ranks by script first, then by the detector, then by what the detector does not know. */
export function rankLanguages(text: string, detect: Detect): Ranking {
  const all = text
    .normalize('NFC')
    .toLowerCase()
    .match(/\p{L}[\p{L}\p{M}'’]*/gu);
  // A word that comes again is no new evidence.
  const distinct = [...new Set(all)];
  const prose = distinct.join(' ');
  const words = distinct.length;
  const script = findScript(prose);
  if (!script) return { candidates: [], letters: 0, words, byScript: false };
  const { languages, letters } = script;
  if (languages.length === 1) {
    return {
      candidates: languages.map((code) => ({ code, score: certain })),
      letters,
      words,
      byScript: true,
    };
  }
  const candidates = Object.entries(detect(prose))
    .filter(([code]) => languages.includes(code) && canBeWrittenIn(prose, code))
    .map(([code, score]) => ({ code, score: evidenceOf(score) }))
    .sort((one, other) => other.score - one.score);
  const [first, ...others] = candidates;
  if (!first) return { candidates, letters, words, byScript: false };
  const best = { code: tellNeighbours(prose, first.code), score: first.score };
  const rest = others.filter(({ code }) => code !== best.code);
  return { candidates: [best, ...rest], letters, words, byScript: false };
}

/** How far the evidence for the first language is ahead of that for `code`, or for the second where none is named. */
export function leadOver({ candidates, letters }: Ranking, code?: string): number {
  const [first, second] = candidates;
  const other = code === undefined ? second : candidates.find((candidate) => candidate.code === code);
  return ((first?.score ?? 0) - (other?.score ?? 0)) * letters;
}

/** eld bends its evidence per n-gram into 0 to 1 as x / (x + 25); this takes that back. */
const evidenceOf = (score: number): number => (25 * score) / (1 - Math.min(score, 0.999));
