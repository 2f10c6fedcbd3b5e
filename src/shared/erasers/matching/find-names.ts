import { foldWord } from './fold-word.ts';
import { isMeant, isMeantUnspaced, isMeantWithoutCapitals } from './name-context.ts';
import { isHangulUnit, type NamePattern, namePatterns } from './name-patterns.ts';
import type { Quote } from './quotes.ts';
import { hashOfWord } from './read-words.ts';
import { isCut, type WordList } from './words.ts';

/** A place where a name stands. */
export interface NamePlace extends Quote {
  /** The full name: nobody needs to know of whom a text speaks. */
  isFull: boolean;
}

export interface NameFinder {
  /** Hashes of the words that names end with. */
  hashes: readonly number[];
  /** Full names in one word, as they stand in addresses. */
  glued: ReadonlySet<string>;
  /** True where names may end within words that begin with this unit of UTF-16, too. */
  isWithin(unit: number): boolean;
  /** The longest name that ends with this word of a text. */
  find(list: WordList, word: number, isTheirs: boolean): NamePlace | undefined;
}

const longestGap = 12;
const gap = /^[\s>,.\-_‐‑+·・=]*$/u;
const unspacedGap = /^[\s>·・･=＝]*$/u;
/** Of Arabic words: "and", "with", "for", … which are written with the word behind them. */
const clitic = /^[وفبلك]/u;

export function createNameFinder(names: readonly string[]): NameFinder {
  const patterns = new Map<number, NamePattern[]>();
  const all = namePatterns(names);
  for (const pattern of all) {
    const hash = hashOfWord(pattern.words.at(-1) ?? '');
    const others = patterns.get(hash) ?? [];
    patterns.set(
      hash,
      [...others, pattern].sort((a, b) => b.words.length - a.words.length),
    );
  }
  const korean = all.filter(({ script, words }) => script === 'korean' && words.length === 1);
  const hasArabic = all.some(({ words }) => /\p{Script=Arabic}/u.test(words[0] ?? ''));

  return {
    hashes: [...patterns.keys()],
    glued: new Set(all.filter(isWritten).map(({ words }) => words.join(''))),
    isWithin: (unit) =>
      (hasArabic && unit >= 0x600 && unit <= 0x6ff) || (korean.length > 0 && isHangulUnit(unit)),
    find(list, word, isTheirs) {
      const { text, starts, ends, hashes } = list;
      for (const pattern of patterns.get(hashes[word] ?? 0) ?? []) {
        const place = matchPattern(pattern, list, word, isTheirs);
        if (place) return place;
      }
      const [start = 0, end = 0] = [starts[word], ends[word]];
      const written = text.slice(start, Math.min(end, start + 64));
      if (hasArabic && clitic.test(written)) {
        for (const pattern of patterns.get(hashOfWord(written.slice(1))) ?? []) {
          if (pattern.words.length > 1) continue;
          const place = matchPattern(pattern, list, word, isTheirs);
          if (place) return place;
        }
      }
      return findKorean(korean, { written, start, end }, isTheirs);
    },
  };
}

/** Of several words, in a script in which addresses are written. */
function isWritten({ kind, words, script }: NamePattern): boolean {
  return (kind === 'full' || kind === 'turned') && words.length > 1 && script === 'cased';
}

function matchPattern(
  pattern: NamePattern,
  list: WordList,
  last: number,
  isTheirs: boolean,
): NamePlace | undefined {
  const { words, kind, care, script } = pattern;
  if ((kind === 'near' || kind === 'short') && !isTheirs) return undefined;
  const { text, starts, ends } = list;
  const first = last - words.length + 1;
  if (first < 0) return undefined;
  let prefix = 0;
  for (let word = last; word >= first; word -= 1) {
    const written = text.slice(starts[word], ends[word]);
    const wanted = words[word - first];
    if (foldWord(written) !== wanted) {
      if (word !== first || !clitic.test(written) || foldWord(written.slice(1)) !== wanted) return undefined;
      prefix = 1;
    }
    if (word > first && !isNameGap(list, word, script)) return undefined;
  }
  const place = { start: (starts[first] ?? 0) + prefix, end: ends[last] ?? 0 };
  const isFull = kind === 'full' || kind === 'turned';
  if (kind === 'short') return isMeantShort(text, place, pattern) ? { ...place, isFull } : undefined;
  if (care === 'none' || script !== 'cased' || (isTheirs && kind !== 'turned')) return { ...place, isFull };
  // Of words of a language: "the baker will" is not Will Baker.
  for (let word = first; word <= last; word += 1) {
    if (!/^\p{Lu}/u.test(text.slice(starts[word], ends[word]))) return undefined;
  }
  return { ...place, isFull };
}

function isMeantShort(text: string, place: Quote, { words, care, script }: NamePattern): boolean {
  // What somebody calls themselves, such as joe99, is no word.
  if (words.some((word) => /\p{L}.*\d|\d.*\p{L}/u.test(word))) return true;
  if (script === 'unspaced') return isMeantUnspaced(text, place);
  if (script === 'cased') return isMeant(text, place, care);
  return care === 'none' || isMeantWithoutCapitals(text, place);
}

/** Whether what stands before a word may stand within a name. */
function isNameGap(
  { text, starts, ends, flags }: WordList,
  word: number,
  script: NamePattern['script'],
): boolean {
  const [start = 0, end = 0] = [ends[word - 1], starts[word]];
  if (end - start > longestGap || (flags[word] ?? 0) & isCut) return false;
  const between = text.slice(start, end);
  if (script === 'unspaced') return unspacedGap.test(between);
  const lengthBefore = start - (starts[word - 1] ?? 0);
  // O'Brien.
  if (/^['’ʼ`´]$/.test(between)) return lengthBefore <= 2;
  // A sentence may end there, unless what stands before the point is an initial.
  return gap.test(between) && (!/\.\s/.test(between) || lengthBefore <= 2);
}

const koreanEnding =
  /^(?:씨|님|군|양)?(?:이|가|은|는|을|를|에게|한테|께|께서|의|도|와|과|랑|이랑|아|야|만|에|으로|로|라고|이라고|이가|이는|이를)?(?:서|만|는|도)?$/u;

/** Korean writes what other languages say by a preposition behind the name, in the same word. */
function findKorean(
  patterns: readonly NamePattern[],
  { written, start, end }: Quote & { written: string },
  isTheirs: boolean,
): NamePlace | undefined {
  if (patterns.length === 0 || !isHangulUnit(written.charCodeAt(0))) return undefined;
  const composed = written.normalize('NFC');
  for (const { words, kind } of patterns) {
    const name = (words[0] ?? '').normalize('NFC');
    const isFull = kind === 'full' || kind === 'turned';
    if ((!isFull && !isTheirs) || !composed.startsWith(name)) continue;
    if (!koreanEnding.test(composed.slice(name.length))) continue;
    return { start, end: composed === written ? start + name.length : end, isFull };
  }
  return undefined;
}
