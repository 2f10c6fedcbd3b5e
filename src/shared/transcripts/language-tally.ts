import { compareText } from './newer.ts';

/** How much text there is in which language, as analyses told it. */
export interface LanguageTally {
  /** ISO 639-1; `und` and undefined count for no language. */
  add(code: string | undefined, text: string): void;
  /** The language of most text; undefined where none is known. */
  most(): string | undefined;
  /** The share of text whose language is known, from 0 to 1. */
  share(): number;
}

export function createLanguageTally(): LanguageTally {
  const amounts = new Map<string, number>();
  let known = 0;
  let all = 0;
  return {
    add(code, { length }) {
      all += length;
      if (code === undefined || code === 'und') return;
      known += length;
      amounts.set(code, (amounts.get(code) ?? 0) + length);
    },
    most: () => [...amounts].sort(([one, a], [other, b]) => b - a || compareText(one, other))[0]?.[0],
    share: () => (all === 0 ? 0 : known / all),
  };
}
