import { findAddresses, placeAround } from './find-addresses.ts';
import { createNumberFinder } from './find-numbers.ts';
import { createRunFinder, farRule, nearRule, type Run } from './find-runs.ts';
import { findShortQuotes } from './find-short-quotes.ts';
import { type Quote, quotations, quotedLines } from './quotes.ts';
import { readWords } from './read-words.ts';
import type { Traced } from './traced.ts';
import { hasNumber, isForeign, isNumber, newWordList, type WordList } from './words.ts';

/** A place of one view of a text that has a trace. */
export interface Place extends Quote {
  /** Who they are, or so many of their words that nobody else would write them: tells by itself. */
  isSure: boolean;
  /** Of a run of words: what of it nobody else would write. */
  rows?: number[];
}

/** All places of a text, in no order. With `isTheirs`, it is of a conversation that they took part in. */
export type FindPlaces = (text: string, isTheirs: boolean) => Place[];

/** Above so many words the memory for them is given back. */
const mostKept = 1 << 18;

/** What it makes looks at one text at a time. */
export function createPlaceFinder(traced: Traced): FindPlaces {
  const { ids, names, words: theirs } = traced;
  const near = {
    mailboxes: { addresses: traced.near.addresses, names: names.glued },
    numbers: createNumberFinder(traced.near.numbers),
    findRuns: createRunFinder(theirs.near, nearRule),
  };
  const far = {
    mailboxes: { addresses: traced.far.addresses, names: names.glued },
    numbers: createNumberFinder(traced.far.numbers),
    findRuns: createRunFinder(theirs.far, farRule, theirs.habits),
  };
  /** Most words are none that anything ends with. */
  const filter = new Uint8Array(0x1_00_00);
  for (const hash of [...ids.hashes, ...names.hashes]) filter[hash & 0xffff] = 1;
  let list = newWordList();

  return function findPlaces(text, isTheirs) {
    const { mailboxes, numbers, findRuns } = isTheirs ? near : far;
    if (list.starts.length > mostKept) list = newWordList();
    const { count, starts, hashes, flags } = readWords(text, list);
    const found: Place[] = findAddresses(text, mailboxes).map(sure);
    numbers.begin();
    for (let word = 0; word < count; word += 1) {
      const flag = flags[word] ?? 0;
      if (flag & (isNumber | hasNumber)) {
        const number = numbers.find(list, word);
        if (number) found.push(sure(number));
      }
      const isSigned = filter[(hashes[word] ?? 0) & 0xffff] === 1;
      if (isSigned || (flag & isForeign && names.isWithin(text.charCodeAt(starts[word] ?? 0)))) {
        found.push(...findWho(list, word, isTheirs));
      }
    }
    return [...found, ...findWords(text, findRuns(list), isTheirs)];
  };

  function findWho(words: WordList, word: number, isTheirs: boolean): Place[] {
    const id = ids.find(words, word);
    const name = names.find(words, word, isTheirs);
    return [
      ...(id ? [sure(id)] : []),
      ...(name ? [{ ...withAddress(words.text, name), isSure: name.isFull }] : []),
    ];
  }

  function findWords(text: string, runs: readonly Run[], isTheirs: boolean): Place[] {
    const { short } = theirs;
    const looksForShort = isTheirs && short.size > 0;
    if (runs.length === 0 && !looksForShort) return [];
    const marked = [quotedLines(text), quotations(text)];
    const inRow = runs.map(({ isLong, rows, ...run }) => ({
      ...wholeQuote(run, marked),
      isSure: isLong,
      rows,
    }));
    if (!looksForShort) return inRow;
    return [...inRow, ...marked.flatMap((quotes) => findShortQuotes(text, quotes, short)).map(sure)];
  }
}

function sure({ start, end }: Quote): Place {
  return { start, end, isSure: true };
}

/** `joe.smith@…` is one thing, whoever it belongs to. */
function withAddress(text: string, { start, end }: Quote): Quote {
  const [more] = /^[\w.+-]{0,32}@/.exec(text.slice(end, end + 34)) ?? [];
  const address = more === undefined ? undefined : placeAround(text, end + more.length - 1);
  return address
    ? { start: Math.min(start, address.start), end: Math.max(end, address.end) }
    : { start, end };
}

/** What else a line or a quotation says of which words were found is of the same message. */
function wholeQuote(run: Quote, marked: readonly (readonly Quote[])[]): Quote {
  let { start, end } = run;
  for (const quotes of marked) {
    start = Math.min(start, quoteAt(quotes, run.start)?.start ?? start);
    end = Math.max(end, quoteAt(quotes, run.end - 1)?.end ?? end);
  }
  return { start, end };
}

/** Of quotes in their order, none within another, the one in which a place lies. */
function quoteAt(quotes: readonly Quote[], place: number): Quote | undefined {
  let low = 0;
  let high = quotes.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >>> 1;
    if ((quotes[middle]?.start ?? 0) <= place) low = middle;
    else high = middle - 1;
  }
  const quote = quotes[low];
  return quote && quote.start <= place && place < quote.end ? quote : undefined;
}
