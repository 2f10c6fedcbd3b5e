import { foldWord } from './fold-word.ts';
import type { Quote } from './quotes.ts';
import { hasNumber, isCut, isNumber, type WordList } from './words.ts';

/** Finds phone numbers, however they are written. */
export interface NumberFinder {
  /** Forgets the text before. */
  begin(): void;
  /** The number that ends with a word that is a number or has one; words come in their order. */
  find(list: WordList, word: number): Quote | undefined;
}

interface Group {
  digits: string;
  start: number;
}

/** Between two groups of one number. */
const gap = /^[\s().\-‐‑‒–—−/>·]{1,6}$/u;
/** What is dialled before a number with its country code. */
const dialled = new Set(['', '00', '011', '0', '000', '009', '0011', '810']);
/** Numbers have up to 15 digits; before them stands what is dialled. */
const mostDigits = 24;
const lead = /(?:(?:tel|sms|whatsapp|4):)?[\s]?\(?\+?\(?$/iu;

/** `numbers` are digits with the country code, or without it: national numbers. */
export function createNumberFinder(numbers: ReadonlySet<string>): NumberFinder {
  const lengths = [...new Set([...numbers].map(({ length }) => length))].sort((a, b) => b - a);
  const shortest = lengths.at(-1) ?? Number.POSITIVE_INFINITY;
  let groups: Group[] = [];
  let total = 0;
  /** Where the latest group ends, and which word it is. */
  let end = 0;
  let latest = -1;

  const forget = (): void => {
    if (groups.length > 0) groups = [];
    total = 0;
    latest = -1;
  };

  const add = (group: Group): void => {
    groups.push(group);
    total += group.digits.length;
    while (groups.length > 1 && total - (groups[0]?.digits.length ?? 0) >= mostDigits) {
      total -= groups.shift()?.digits.length ?? 0;
    }
  };

  const match = (text: string): Quote | undefined => {
    const digits = groups.map((group) => group.digits).join('');
    for (const length of lengths) {
      if (digits.length < length || !numbers.has(digits.slice(-length))) continue;
      const start = placeOf(groups, digits.length - length);
      if (start !== undefined) return { start: withLead(text, start), end };
    }
    return undefined;
  };

  return {
    begin: forget,
    find({ text, starts, ends, flags }, word) {
      const [start = 0, wordEnd = 0, flag = 0] = [starts[word], ends[word], flags[word]];
      if (!(flag & isNumber)) {
        forget();
        return flag & hasNumber ? within(text, start, wordEnd, numbers) : undefined;
      }
      const goesOn = latest === word - 1 && latest >= 0 && !(flag & isCut) && start - end <= 6;
      if (!goesOn || !gap.test(text.slice(end, start))) forget();
      const isLong = wordEnd - start > mostDigits * 2;
      if (isLong) return undefined;
      const digits = foldWord(text.slice(start, wordEnd));
      const isOpen = groups.length > 0;
      end = wordEnd;
      latest = word;
      // +49 (0) 30 …: nobody dials both.
      if (digits === '0' && isOpen && text[start - 1] === '(' && text[end] === ')') return undefined;
      add({ digits, start });
      return total < shortest ? undefined : match(text);
    },
  };
}

/** Where the number begins that begins so many digits behind the first group; undefined where other digits stand before it. */
function placeOf(groups: readonly Group[], offset: number): number | undefined {
  let passed = 0;
  for (const [place, group] of groups.entries()) {
    const within = offset - passed;
    if (within < group.digits.length) {
      if (!dialled.has(group.digits.slice(0, within))) return undefined;
      const before = groups[place - 1];
      const isDialled = within === 0 && before && before.digits !== '0' && dialled.has(before.digits);
      return isDialled ? before.start : group.start;
    }
    passed += group.digits.length;
  }
  return undefined;
}

/** A number that letters stand beside: `PTT15551230001`. */
function within(text: string, start: number, end: number, numbers: ReadonlySet<string>): Quote | undefined {
  if (end - start > 200) return undefined;
  const word = text.slice(start, end);
  for (const { 0: digits, index } of word.matchAll(/\d{7,24}/g)) {
    if (numbers.has(digits)) return { start: start + index, end: start + index + digits.length };
  }
  return undefined;
}

function withLead(text: string, start: number): number {
  const [before = ''] = lead.exec(text.slice(Math.max(0, start - 12), start)) ?? [];
  return start - before.trimStart().length;
}

const oneDigit = /^[17]/;
const twoDigits = /^(?:2[07]|3[0-469]|4[013-9]|5[1-8]|6[0-6]|8[1246]|9[0-58])/;

/** A number as it is dialled within its country, with and without what comes first there. */
export function nationalForms(number: string): string[] {
  const code = oneDigit.test(number) ? 1 : twoDigits.test(number) ? 2 : 3;
  const rest = number.slice(code);
  return rest.length < 7 ? [] : [rest, `0${rest}`, ...(number.startsWith('7') ? [`8${rest}`] : [])];
}
