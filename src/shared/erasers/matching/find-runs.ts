import { hashRows, RowSet } from './rows.ts';
import { isJoined, isSingle, type WordList } from './words.ts';

/** When words in a row are taken for somebody's. */
export interface RunRule {
  /** Words that are looked up together. */
  row: number;
  /** A word of a script without spaces counts one, any other two. */
  halfWords: number;
  /** With the spaces between them; letters of East Asia count twice. */
  characters: number;
}

/** In conversations of others. */
export const farRule: RunRule = { row: 6, halfWords: 12, characters: 25 };
/** In conversations that they took part in. */
export const nearRule: RunRule = { row: 4, halfWords: 8, characters: 15 };
/** So many words are nobody else's, whatever stands beside them. */
const longRun = 24;

/** Words in a row that somebody wrote, one after the other. */
export interface Run {
  start: number;
  end: number;
  isLong: boolean;
  /** Hashes of what it is made of, but for what others may write, too. */
  rows: number[];
}

/** More than that are not compared. */
const mostRows = 64;

/** Makes what finds runs in the words of a text; `habits` are rows that say nothing by themselves. */
export function createRunFinder(
  set: RowSet,
  rule: RunRule,
  habits = new RowSet(rule.row),
): (list: WordList) => Run[] {
  let hashes: Int32Array = new Int32Array(256);

  return function findRuns(list) {
    if (set.size === 0 || list.count < rule.row) return [];
    hashes = hashRows(list, rule.row, hashes);
    const runs: Run[] = [];
    for (let word = rule.row - 1; word < list.count; word += 1) {
      if (hashes[word] === 0 || !set.has(list, word, hashes[word] ?? 0)) continue;
      const first = word - rule.row + 1;
      const rows: number[] = [];
      for (; word < list.count; word += 1) {
        const row = hashes[word] ?? 0;
        if (row === 0 || !set.has(list, word, row)) break;
        if (rows.length < mostRows && !habits.has(list, word, row)) rows.push(row);
      }
      const { halfWords, characters } = lengthOf(list, first, word);
      if (halfWords < rule.halfWords || characters < rule.characters) continue;
      const [start, end] = [list.starts[first] ?? 0, list.ends[word - 1] ?? 0];
      const isLong = halfWords >= longRun && rows.length > longRun / 2 - rule.row;
      runs.push({ start, end, isLong, rows });
    }
    return runs;
  };
}

/** How long the words from `first` to before `last` are, as rules count it. */
export function lengthOf(list: WordList, first: number, last: number): Omit<RunRule, 'row'> {
  const { text, starts, ends, flags } = list;
  let halfWords = 0;
  // The space behind the last word does not count.
  let characters = -1;
  for (let word = first; word < last; word += 1) {
    if ((flags[word] ?? 0) & isSingle) {
      halfWords += 1;
      characters += 2;
      continue;
    }
    // What hangs on the word before by an apostrophe is a part of it.
    if (word === first || !isJoined(list, word)) halfWords += 2;
    characters += widthOf(text.slice(starts[word], ends[word])) + 1;
  }
  return { halfWords, characters };
}

function widthOf(word: string): number {
  let width = 0;
  for (const character of word) width += character >= '\u1100' ? 2 : 1;
  return width;
}
