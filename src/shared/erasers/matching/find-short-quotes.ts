import type { Quote } from './quotes.ts';
import { readWords } from './read-words.ts';
import { hashRows, type RowSet } from './rows.ts';
import { newWordList, type WordList } from './words.ts';

const clauseStart = /[.!?…。！？:：;,、—–\n>([]/;
const clauseEnd = /^[\s"'”’»)\]]{0,5}(?:[.!?…。！？:;,、—–\n]|$)/;

/** Whole short messages that somebody quotes in a part of a text that is marked as a quote. */
export function findShortQuotes(
  text: string,
  quotes: readonly Quote[],
  short: ReadonlyMap<number, RowSet>,
): Quote[] {
  const list = newWordList();
  return quotes.flatMap((quote) => {
    readWords(text, list, quote.start, quote.end);
    return [...short.values()].flatMap((set) => findWithin(list, quote, set));
  });
}

function findWithin(list: WordList, quote: Quote, set: RowSet): Quote[] {
  const found: Quote[] = [];
  const { text, count, starts, ends } = list;
  const rows = hashRows(list, set.length);
  for (let word = set.length - 1; word < count; word += 1) {
    const row = rows[word] ?? 0;
    if (row === 0 || !set.has(list, word, row)) continue;
    const first = word - set.length + 1;
    const [start = 0, end = 0] = [starts[first], ends[word]];
    const isWhole = first === 0 || clauseStart.test(text.slice(ends[first - 1], start));
    if (isWhole && clauseEnd.test(text.slice(end, Math.min(quote.end, end + 8)))) found.push({ start, end });
  }
  return found;
}
