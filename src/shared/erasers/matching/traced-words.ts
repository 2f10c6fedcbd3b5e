import { farRule, lengthOf, nearRule } from './find-runs.ts';
import { readHtml } from './read-html.ts';
import { readWords } from './read-words.ts';
import { hashRows, RowSet } from './rows.ts';
import { stockPhrases } from './stock-phrases.ts';
import { plainView } from './view.ts';
import { newWordList, type WordList } from './words.ts';

/** What somebody wrote, in a form in which it can be looked for. */
export interface TracedWords {
  /** Six words in a row each, but for what everybody writes. */
  far: RowSet;
  /** Those of them that they wrote in many texts: a signature, a footer, a habit. Others may have the same. */
  habits: RowSet;
  /** Four words in a row each. */
  near: RowSet;
  /** Whole messages too short for these, by how many words they have. */
  short: ReadonlyMap<number, RowSet>;
}

/** In halves of words: shorter ones say nothing of their own. */
const shortestMessage = 6;
/** In so many texts: an edited message and its HTML are three. */
const fewestForHabit = 5;

/** Learns the texts of somebody; HTML is read both with and without its tags. */
export function traceWords(texts: readonly string[]): TracedWords {
  const list = newWordList();
  const stock = readStock();
  const far = new RowSet(farRule.row);
  const near = new RowSet(nearRule.row);
  const short = new Map<number, RowSet>();
  const habits = createHabitFinder();
  for (const text of new Set(texts)) {
    const html = readHtml(plainView(text));
    habits.begin();
    for (const form of html ? [text, html.text] : [text]) {
      readWords(form, list);
      habits.note(list, far);
      addRows(list, far, stock);
      addRows(list, near);
      addShort(list, short);
    }
  }
  return { far, habits: habits.found, near, short };
}

/** Counts in how many texts the same rows stand; only of those that come again. */
function createHabitFinder() {
  const found = new RowSet(farRule.row);
  const counts = new Map<number, number>();
  let ofText = new Set<number>();
  return {
    found,
    begin(): void {
      ofText = new Set();
    },
    /** `earlier` are the rows of all texts before this one, and of its other form. */
    note(list: WordList, earlier: RowSet): void {
      const rows = hashRows(list, farRule.row);
      for (let word = 0; word < list.count; word += 1) {
        const row = rows[word] ?? 0;
        if (row === 0 || ofText.has(row)) continue;
        ofText.add(row);
        if (!earlier.has(list, word, row)) continue;
        const count = (counts.get(row) ?? 1) + 1;
        counts.set(row, count);
        if (count >= fewestForHabit) found.add(list, word, row);
      }
    },
  };
}

let stockRows: RowSet | undefined;

/** Read once, when it is first asked for. */
function readStock(): RowSet {
  if (stockRows) return stockRows;
  const list = newWordList();
  stockRows = new RowSet(farRule.row);
  for (const phrase of stockPhrases) addRows(readWords(phrase, list), stockRows);
  return stockRows;
}

function addRows(list: WordList, set: RowSet, except?: RowSet): void {
  const rows = hashRows(list, set.length);
  for (let word = 0; word < list.count; word += 1) {
    const row = rows[word] ?? 0;
    if (row !== 0 && !except?.has(list, word, row)) set.add(list, word, row);
  }
}

function addShort(list: WordList, short: Map<number, RowSet>): void {
  const { count } = list;
  if (count > shortestMessage * 2) return;
  const { halfWords, characters } = lengthOf(list, 0, count);
  const isLong = halfWords >= nearRule.halfWords && characters >= nearRule.characters;
  if (isLong || halfWords < shortestMessage) return;
  const set = short.get(count) ?? new RowSet(count);
  short.set(count, set);
  set.add(list, count - 1, hashRows(list, count)[count - 1] ?? 0);
}
