import { isContentWord } from '../analysis/content-words.ts';
import { stemEnglish } from '../analysis/stem-english.ts';

const word = /[\p{L}\p{M}\p{N}]+/gu;

/** Scripts that are written without spaces between words, and Korean, whose words carry particles. */
const unspaced =
  '\\p{sc=Han}\\p{sc=Hiragana}\\p{sc=Katakana}\\p{sc=Hangul}\\p{sc=Thai}\\p{sc=Lao}\\p{sc=Khmer}\\p{sc=Myanmar}';
const runs = new RegExp(`[${unspaced}\\p{M}]+|[^${unspaced}]+`, 'gu');
const unspacedCharacter = new RegExp(`[${unspaced}]`, 'u');

/** Accents that people leave out as they type; in other scripts such marks are letters of their own. */
const accents = /(?<=[\p{sc=Latin}\p{sc=Greek}])\p{Mn}+/gu;

/**
 * The words of a text as they are looked for, in their order: small letters without accents, English endings cut, and
 * pairs of characters where a script puts no spaces between words.
 */
export function searchWords(text: string): string[] {
  return wordsIn(text).flatMap((each) => formsOf(each, { withEnds: true }));
}

/** The same of what somebody looks for, without the words of English grammar unless there is nothing else. */
export function queryWords(query: string): string[] {
  const words = wordsIn(query);
  const telling = words.filter((each) => /\p{N}/u.test(each) || isUnspaced(each) || isTelling(each));
  return [...new Set((telling.length > 0 ? telling : words).flatMap((each) => formsOf(each)))];
}

/** Whether a word is of a script without spaces, so that few characters say much. */
export function isUnspaced(text: string): boolean {
  return unspacedCharacter.test(text);
}

/** A number with another figure is another number; and short words have many neighbours. */
export function canBeMistyped(word: string): boolean {
  return word.length >= 5 && /^\p{L}+$/u.test(word) && !isUnspaced(word);
}

function isTelling(text: string): boolean {
  return isContentWord({ text, kind: 'noun' }, 'en');
}

function wordsIn(text: string): string[] {
  // What stands behind an apostrophe is grammar: it's, l'avion keeps both of its words.
  return (
    text
      .normalize('NFKC')
      .replace(/['’](?:s|t|re|ve|ll|d|m)\b/giu, '')
      .match(word) ?? []
  );
}

/** With their ends, one character alone is found wherever it stands: pairs begin with all but the last. */
function formsOf(text: string, { withEnds = false }: { withEnds?: boolean } = {}): string[] {
  const folded = text.toLowerCase().normalize('NFD').replace(accents, '').normalize('NFC');
  return (folded.match(runs) ?? []).flatMap((run) => {
    if (isUnspaced(run)) return pairsOf(run, withEnds);
    return [/^[a-z]+$/.test(run) ? stemEnglish(run) : run];
  });
}

function pairsOf(run: string, withEnds: boolean): string[] {
  const characters = run.match(/\P{M}\p{M}*/gu) ?? [run];
  if (characters.length < 2) return characters;
  const pairs = characters.slice(1).map((character, place) => `${characters[place]}${character}`);
  return withEnds ? [...pairs, ...characters.slice(-1)] : pairs;
}
