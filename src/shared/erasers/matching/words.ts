/** Stands where something was erased: no word, and nothing goes on across it. */
export const erased = '[erased]';

/** What is told of a word in `WordList.flags`. */
export const isNumber = 1;
/** So many digits, letters among them or not, that they may be a phone number. */
export const hasNumber = 2;
/** Of a script that is written without spaces: one character. */
export const isSingle = 4;
/** Something was erased before this word. */
export const isCut = 8;
/** Of a script behind those of Europe in Unicode. */
export const isForeign = 16;

/** The words of a text, in lists that are used again for the next text: none of them is made a string. */
export interface WordList {
  text: string;
  count: number;
  /** Of each word: the place of its first unit, and of the one behind the last. */
  starts: Int32Array;
  ends: Int32Array;
  /** Of each word, folded: hardly any other word has the same. */
  hashes: Int32Array;
  flags: Uint8Array;
}

export function newWordList(): WordList {
  const list = { text: '', count: 0 };
  return { ...list, ...room(256) };
}

/** Whether a word hangs on the one before by an apostrophe: `don't` is one word to whoever counts. */
export function isJoined({ text, starts, ends }: WordList, word: number): boolean {
  const end = ends[word - 1] ?? -2;
  return (starts[word] ?? 0) - end === 1 && apostrophes.has(text.charAt(end));
}

const apostrophes = new Set(["'", '’', 'ʼ', '‘', '´', '`']);

function room(length: number): Pick<WordList, 'starts' | 'ends' | 'hashes' | 'flags'> {
  return {
    starts: new Int32Array(length),
    ends: new Int32Array(length),
    hashes: new Int32Array(length),
    flags: new Uint8Array(length),
  };
}

/** Doubles the room of a list. */
export function grow(list: WordList): WordList {
  const { starts, ends, hashes, flags } = list;
  Object.assign(list, room(starts.length * 2));
  list.starts.set(starts);
  list.ends.set(ends);
  list.hashes.set(hashes);
  list.flags.set(flags);
  return list;
}
