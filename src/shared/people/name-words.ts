import { encodeName } from '../transcripts/conversation-path.ts';

/** Of one name: it may be as long as anybody likes. */
const mostWords = 16;
const longestWord = 60;

/** Marks that make another letter of one in Latin, Greek, Cyrillic, Hebrew or Arabic; in other scripts they are vowels. */
const accents = /[\u0300-\u036f\u0591-\u05c7\u064b-\u065f\u0670]/g;
/** What Unicode takes for letters of their own. */
const likeness = new Map(
  Object.entries({
    ø: 'o',
    ł: 'l',
    đ: 'd',
    ð: 'd',
    þ: 'th',
    æ: 'ae',
    œ: 'oe',
    ħ: 'h',
    ŧ: 't',
    ŋ: 'n',
    ς: 'σ',
  }),
);
/** Written without spaces: a word may begin at each character. */
const spaceless =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/u;

/** The words that a name is looked for by: whatever case and accents they are written with, they are the same. */
export function wordsOf(name: string): string[] {
  const folded = fold(name);
  const words = split(folded).flatMap((word) => (spaceless.test(word) ? suffixes(word) : [word]));
  // O'Brien is looked for as brien and as obrien.
  const joined = split(folded.replaceAll(/['’ʼ`]/g, ''));
  return [...new Set([...words, ...joined].map(cut))].slice(0, mostWords);
}

/** Whether each word that is looked for begins one of the words of the name. */
export function isCalled(name: string, lookedFor: readonly string[]): boolean {
  const words = wordsOf(name);
  return lookedFor.every((start) => words.some((word) => word.startsWith(start)));
}

/** What to look for; nothing where the text is empty. */
export function searchWords(text: string): string[] {
  return [...new Set(split(fold(text)).map(cut))].slice(0, mostWords);
}

function fold(text: string): string {
  // Upper case first: ß is SS there, and ı is I.
  const letters = text
    .normalize('NFKD')
    .toUpperCase()
    .toLowerCase()
    .normalize('NFKD')
    .replaceAll(accents, '');
  return [...letters.normalize('NFC')].map((letter) => likeness.get(letter) ?? letter).join('');
}

/** A name of signs alone is one word. */
function split(folded: string): string[] {
  const words = folded.match(/[\p{L}\p{N}\p{M}]+/gu) ?? [];
  return words.length > 0 ? words : [folded.trim()].filter(Boolean);
}

function suffixes(word: string): string[] {
  const characters = [...word];
  return characters.map((_, place) => characters.slice(place).join(''));
}

/** As long as the name of a blob shows it in full. */
function cut(word: string): string {
  let characters = [...word.toWellFormed()].slice(0, longestWord);
  while (encodeName(characters.join('')).startsWith('~h')) characters = characters.slice(0, -1);
  return characters.join('');
}
