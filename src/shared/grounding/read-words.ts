/** A word as it is looked for. */
export interface ReadWord {
  /** In small letters, without accents and possessive endings. */
  word: string;
  isCapital: boolean;
  /** Written as only names and codes are: `API_KEY`, `iPhone`, `HACKED`. */
  isShaped: boolean;
  /** First of a sentence, of a quote or after a colon. */
  isStart: boolean;
  index: number;
}

const words = /\p{L}[\p{L}\p{M}\p{Nd}_]*(?:['’-]\p{L}[\p{L}\p{M}\p{Nd}_]*)*/gu;
const unspaced =
  /[\p{Script=Han}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}\p{scx=Hiragana}\p{scx=Katakana}]/u;
const shaped = /[_\p{Nd}]|\p{Ll}\p{Lu}|^\p{Lu}{4,}$/u;
const accents = /[\u0300-\u036f]/g;

/** The words of a text, each part of one with a hyphen by itself; where there are no spaces, every two characters in a row. */
export function readWords(text: string): ReadWord[] {
  const read: ReadWord[] = [];
  for (const { 0: whole, index } of text.matchAll(words)) {
    const isStart = startsSentence(text, index);
    if (unspaced.test(whole)) {
      for (const pair of pairsOf(whole))
        read.push({ word: pair, isCapital: false, isShaped: false, isStart, index });
      continue;
    }
    let offset = 0;
    for (const part of whole.split('-')) {
      const word = foldWord(part);
      if (word !== '') {
        read.push({
          word,
          isCapital: /^\p{Lu}/u.test(part),
          isShaped: shaped.test(part),
          isStart: isStart && offset === 0,
          index: index + offset,
        });
      }
      offset += part.length + 1;
    }
  }
  return read;
}

export function foldWord(word: string): string {
  return word
    .normalize('NFKD')
    .replace(accents, '')
    .toLowerCase()
    .replace(/['’](?:s|re|ve|ll|d|m|t)$/, '')
    .replaceAll(/['’]/g, '');
}

/** What different forms of a word mostly share; short words are their own. */
export const stemOf = (word: string): string =>
  word.length <= 4 ? word.replace(/(?<=\w{2})s$/, '') : word.slice(0, word.length <= 6 ? 4 : 5);

function startsSentence(text: string, index: number): boolean {
  const before = text.slice(Math.max(0, index - 4), index).trimEnd();
  return before === '' ? index <= 4 : /[.!?:;"“„«»([•*–—…。！？]$/u.test(before);
}

function pairsOf(run: string): string[] {
  const characters = [...run];
  if (characters.length === 1) return [run];
  return characters.slice(1).map((character, place) => `${characters[place] ?? ''}${character}`);
}
