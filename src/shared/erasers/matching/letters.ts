/** What a character is to whoever looks for words. */
export const separator = 1;
export const letter = 2;
export const digit = 3;
/** Of a script that is written without spaces: a word by itself. */
export const single = 4;
/** Nothing a reader sees, or a mark upon the letter before: stands within words. */
export const ignored = 5;
/** Half of a character: what it is, both halves tell. */
export const half = 6;
/** May begin the mark of what was erased. */
export const bracket = 7;

/** By UTF-16 unit; 0 where `learnKind` was not asked yet. */
export const kinds = new Uint8Array(0x1_00_00);
/** What a letter or digit folds to, where that is one unit; 0 for all others, and for what was not asked for yet. */
export const folds = new Uint16Array(0x1_00_00);
/** The same for what is a word by itself. */
export const singleFolds = new Uint16Array(0x1_00_00);
const otherFolds = new Map<number, string>();

const unspaced =
  /[\p{Script=Han}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}\p{scx=Hiragana}\p{scx=Katakana}]/u;

/** What no decomposition tells: letters that people write for one another. */
const alike = new Map([
  ['ß', 'ss'],
  ['æ', 'ae'],
  ['œ', 'oe'],
  ['ø', 'o'],
  ['ł', 'l'],
  ['đ', 'd'],
  ['ð', 'd'],
  ['þ', 'th'],
  ['ı', 'i'],
  ['ς', 'σ'],
  ['ى', 'ي'],
  ['ة', 'ه'],
  ['ـ', ''],
]);

/** What a unit that was not asked for before is. */
export function learnKind(unit: number): number {
  const character = String.fromCharCode(unit);
  const kind = /\p{Cs}/u.test(character) ? half : kindOf(character);
  if (kind === letter || kind === digit || kind === single) {
    const folded = foldCharacter(character);
    if (folded.length === 1) (kind === single ? singleFolds : folds)[unit] = folded.charCodeAt(0);
    else otherFolds.set(unit, folded);
  }
  kinds[unit] = kind;
  return kind;
}

const pairs = new Map<string, number>();

/** What a character of two units is, or half of one that stands alone. */
export function learnPair(character: string): number {
  const known = pairs.get(character);
  if (known !== undefined) return known;
  const kind = kindOf(character);
  pairs.set(character, kind);
  return kind;
}

/** What a unit folds to of which the tables do not tell. */
export function foldedText(unit: number): string {
  return otherFolds.get(unit) ?? '';
}

/** What a character of one or two units is. */
export function kindOf(character: string): number {
  if (character === '[') return bracket;
  if (/[\p{M}\p{Cf}]/u.test(character)) return ignored;
  if (!/[\p{L}\p{N}]/u.test(character)) return separator;
  if (foldCharacter(character) === '') return ignored;
  if (unspaced.test(character)) return single;
  return /\p{Nd}/u.test(character) ? digit : letter;
}

/** In small letters, without marks, in the form that is the same for every way to write it. */
export function foldCharacter(character: string): string {
  if (/\p{Nd}/u.test(character)) return digitOf(character);
  const plain = character
    .normalize('NFKD')
    .toLowerCase()
    .replaceAll(/[\p{M}\p{Cf}]/gu, '');
  return plain.length === 1 ? (alike.get(plain) ?? plain) : plain;
}

/** Digits of every script stand in a row from nought to nine. */
function digitOf(character: string): string {
  const plain = character.normalize('NFKD');
  if (/^[0-9]$/.test(plain)) return plain;
  const code = character.codePointAt(0) ?? 0;
  let value = 0;
  while (value < 9 && /\p{Nd}/u.test(String.fromCodePoint(code - value - 1))) value += 1;
  return String(value);
}
