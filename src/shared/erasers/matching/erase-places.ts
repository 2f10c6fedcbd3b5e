import type { Quote } from './quotes.ts';
import { erased } from './words.ts';

/** Nothing to read between two places: they become one. */
const nothing = /^[^\p{L}\p{N}]{0,12}$/u;
const openers = new Map([
  ['<', '>'],
  ['(', ')'],
  ['[', ']'],
  ['{', '}'],
  ['«', '»'],
  ['“', '”'],
]);

/** A text with `[erased]` in the place of each of these, and once where nothing stands between them. */
export function erasePlaces(text: string, places: readonly Quote[]): string {
  const ranges = join(
    text,
    [...places].sort((a, b) => a.start - b.start || b.end - a.end),
  );
  let result = '';
  let done = 0;
  for (const { start, end } of ranges) {
    result += text.slice(done, start) + erased;
    done = end;
  }
  return result + text.slice(done);
}

function join(text: string, sorted: readonly Quote[]): Quote[] {
  const joined: Quote[] = [];
  for (const place of sorted) {
    const last = joined.at(-1);
    const between = last ? text.slice(last.end, place.start) : '';
    if (!last || !(place.start <= last.end || isNothing(between))) {
      joined.push(withNeighbours(text, { ...place }));
      continue;
    }
    last.end = Math.max(last.end, place.end);
    // The bracket that was opened between the two.
    const closer = openers.get(between.trim().slice(-1));
    if (closer !== undefined && text.startsWith(closer, last.end)) last.end += 1;
    Object.assign(last, withNeighbours(text, last));
  }
  return joined;
}

function isNothing(between: string): boolean {
  return nothing.test(between) && !between.includes(erased);
}

/** What was erased before, right beside, is one with it. */
function withNeighbours(text: string, { start, end }: Quote): Quote {
  const left = text.slice(Math.max(0, start - 20), start);
  const right = text.slice(end, end + 20);
  const [before] = /\[erased\][^\p{L}\p{N}[\]]{0,12}$/u.exec(left) ?? [];
  const [after] = /^[^\p{L}\p{N}[\]]{0,12}\[erased\]/u.exec(right) ?? [];
  return { start: start - (before?.length ?? 0), end: end + (after?.length ?? 0) };
}
