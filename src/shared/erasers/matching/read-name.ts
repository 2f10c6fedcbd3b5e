import { particles, rolesAlike, titles } from './common-names.ts';
import { foldWord } from './fold-word.ts';
import { kindOf, letter, single } from './letters.ts';
import { readWords } from './read-words.ts';
import { newWordList } from './words.ts';

/** Rows of words by which somebody is called, as a name that is shown tells them. */
export interface ReadName {
  /** The full name as it is shown, and in another order or with fewer words. */
  full: string[][];
  turned: string[][];
  /** Of a full name so much that others have it, too. */
  near: string[][];
  /** A name only to those who know whom they speak of. */
  short: string[][];
}

const longestName = 200;
/** Words of a name that are looked for together. */
export const mostWords = 8;
const aside = /\(([^()]{0,100})\)|\[([^[\]]{0,100})\]|\s[|•·–—/].*$|\s-\s.*$|\s(?:via|at|@)\s.*$/giu;
const umlauts = new Map([
  ['ä', 'ae'],
  ['ö', 'oe'],
  ['ü', 'ue'],
  ['å', 'aa'],
]);

/** Nothing where it is no name: too short, emoji, or what a service is called. */
export function readName(shown: string): ReadName {
  const whole = shown.slice(0, longestName).normalize('NFC');
  const name = whole.replaceAll(aside, ' ').trim();
  const forms = [name];
  // 山田太郎 (Taro Yamada): what stands aside in another script is the name again, else a firm or a post.
  for (const [, round, square] of whole.matchAll(aside)) {
    const other = round ?? square ?? '';
    if (isLatin(other) !== isLatin(name)) forms.push(other);
  }
  if (/[äöüå]/i.test(name)) {
    forms.push(name.replaceAll(/[äöüå]/gi, (vowel) => umlauts.get(vowel.toLowerCase()) ?? vowel));
  }
  return joinNames(forms.map(readForm));
}

function joinNames(names: readonly ReadName[]): ReadName {
  return {
    full: names.flatMap(({ full }) => full),
    turned: names.flatMap(({ turned }) => turned),
    near: names.flatMap(({ near }) => near),
    short: names.flatMap(({ short }) => short),
  };
}

const nobody: ReadName = { full: [], turned: [], near: [], short: [] };

function readForm(name: string): ReadName {
  const [family, ...given] = name.split(',');
  // "Smith, Joe" is Joe Smith; "Joe Smith, PhD" is not.
  const turned = given.length === 1 ? `${given[0]} ${family}` : name;
  const parts = turned.split(/[\s.・·_]+/u).filter((part) => part !== '');
  const words = foldedWords(turned).filter((word) => !titles.has(word));
  if (words.every((word) => rolesAlike.has(word)) || rolesAlike.has(words.join(''))) {
    return nobody;
  }
  const isSpaced = words.some((word) => !isUnspaced(word));
  return isSpaced ? readSpaced(words) : readUnspaced(words, parts);
}

function readSpaced(words: string[]): ReadName {
  const telling = words.filter((word) => [...word].length >= 2 && !particles.has(word));
  const short = words
    .filter((word) => lettersOf(word) >= (isKorean(word) ? 2 : 3))
    .filter((word) => !particles.has(word) && !rolesAlike.has(word) && /\p{L}/u.test(word))
    .map((word) => [word]);
  // O'Brien, J. Smith.
  const withInitial = words.flatMap((word, place) => {
    const next = words[place + 1] ?? '';
    return lettersOf(word) <= 2 && !particles.has(word) && lettersOf(next) >= 3 ? [[word, next]] : [];
  });
  const [first = '', second = ''] = words;
  const last = words.at(-1) ?? '';
  if (words.length === 1 && isKorean(first) && lettersOf(first) >= 3) {
    // Family name of one syllable, then the given one.
    return { ...nobody, full: [words], short: [[first.normalize('NFC').slice(1).normalize('NFKD')]] };
  }
  const names = { ...nobody, short: [...short, ...withInitial] };
  if (telling.length < 2 || telling.join('').length < 5) return names;
  const full = [words.slice(0, mostWords), ...(words.every(isKorean) ? [[words.join('')]] : [])];
  // Family names first, of which there may be several, as may be of given ones.
  const turned = words.slice(1).map((_, place) => turn(words, place + 1).slice(0, mostWords));
  // @joesmith
  const glued = Math.min(lettersOf(first), lettersOf(last)) >= 3 ? [[first + last], [last + first]] : [];
  if (words.length === 2) return { ...names, full, turned, near: glued };
  const isFramed = telling.includes(first) && telling.includes(last);
  const isSecondTelling = telling.includes(first) && telling.includes(second) && lettersOf(second) >= 3;
  return {
    ...names,
    full: isFramed ? [...full, [first, last]] : full,
    turned: isFramed ? [...turned, [last, first]] : turned,
    near: [...glued, ...(isSecondTelling ? [[first, second]] : [])],
  };
}

/** Chinese and Japanese: every character is a word, and where the family name ends is not always shown. */
function readUnspaced(words: string[], parts: string[]): ReadName {
  if (words.length < 2 || words.length > 2 * mostWords) return nobody;
  const shown = parts.map(foldedWords);
  const isShown = shown.length > 1;
  const guessed = words.length === 4 ? [words.slice(0, 2), words.slice(2)] : [words.slice(-2)];
  const short = (isShown ? shown : guessed).filter((part) => part.length >= 2);
  if (words.length < 3) return { ...nobody, near: [words] };
  const turned = isShown ? [[...(shown.at(-1) ?? []), ...shown.slice(0, -1).flat()]] : [];
  return { ...nobody, full: [words], turned, short };
}

function turn(words: readonly string[], places: number): string[] {
  return [...words.slice(places), ...words.slice(0, places)];
}

function isLatin(name: string): boolean {
  return /\p{Script=Latin}/u.test(name);
}

function isUnspaced(word: string): boolean {
  return kindOf([...word][0] ?? '') === single;
}

/** Hangul is folded to its single letters: two or three of them make a syllable. */
function isKorean(word: string): boolean {
  return /^\p{Script=Hangul}+$/u.test(word);
}

function lettersOf(word: string): number {
  return [...word.normalize('NFC')].filter((character) => kindOf(character) === letter).length;
}

function foldedWords(text: string): string[] {
  const { count, starts, ends } = readWords(text, newWordList());
  return Array.from({ length: count }, (_, word) => foldWord(text.slice(starts[word], ends[word])));
}
