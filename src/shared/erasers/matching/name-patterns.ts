import { capitalsAlike, caselessAlike, wordsAlike } from './common-names.ts';
import { kindOf, single } from './letters.ts';
import type { Care } from './name-context.ts';
import { readName } from './read-name.ts';

/** Words in a row that name somebody. */
export interface NamePattern {
  /** Folded. */
  words: string[];
  /** A full name as it is shown, or in another order; `near` and `short` only to those who know whom they speak of. */
  kind: 'full' | 'turned' | 'near' | 'short';
  care: Care;
  script: 'cased' | 'caseless' | 'korean' | 'unspaced';
}

/** Every way to write these names, each once. */
export function namePatterns(names: readonly string[]): NamePattern[] {
  const found = new Map<string, NamePattern>();
  const add = (words: string[], kind: NamePattern['kind']): void => {
    const key = words.join(' ');
    if (!found.has(key)) found.set(key, { words, kind, care: careOf(words), script: scriptOf(words) });
  };
  const read = names.map(readName);
  for (const kind of ['full', 'turned', 'near', 'short'] as const) {
    for (const words of read.flatMap((name) => name[kind])) {
      add(words, kind);
      if (kind !== 'short' || careOf(words) === 'none') add(genitive(words), kind);
    }
  }
  return [...found.values()];
}

export function isHangulUnit(unit: number): boolean {
  return (unit >= 0xac00 && unit <= 0xd7a3) || (unit >= 0x1100 && unit <= 0x11ff);
}

function careOf(words: readonly string[]): Care {
  if (words.every((word) => capitalsAlike.has(word))) return 'capital';
  const isWord = (word: string): boolean =>
    wordsAlike.has(word) || capitalsAlike.has(word) || caselessAlike.has(word);
  return words.every(isWord) ? 'word' : 'none';
}

function scriptOf([first = '']: readonly string[]): NamePattern['script'] {
  if (kindOf([...first][0] ?? '') === single) return 'unspaced';
  if (hasCase(first)) return 'cased';
  return isHangulUnit(first.charCodeAt(0)) ? 'korean' : 'caseless';
}

/** "Joe Smiths Auto", which German writes without an apostrophe. */
function genitive(words: readonly string[]): string[] {
  const last = words.at(-1) ?? '';
  return hasCase(last) && !/[szx]$/.test(last) ? [...words.slice(0, -1), `${last}s`] : [...words];
}

function hasCase(word: string): boolean {
  return word.toUpperCase() !== word;
}
