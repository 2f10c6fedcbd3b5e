import { findBankAccounts } from './bank-accounts.ts';
import { findCardNumbers } from './card-numbers.ts';
import { foldCharacters } from './folded-text.ts';
import { findNationalIds } from './national-ids.ts';
import { findSecrets } from './secrets.ts';
import type { Span } from './span.ts';

const finders = [findSecrets, findCardNumbers, findBankAccounts, findNationalIds];
/** What one pass leaves of a text can read anew, once or twice. */
const mostPasses = 4;

/**
 * A text in which no card number, bank account, national id or secret stands any more, but `•••• 1234` or its kind; they are
 * never put back. Masking twice is the same as once. Which they are and how they are told: docs/redaction.md.
 */
export function maskSecrets(text: string): string {
  let masked = text;
  for (let pass = 0; pass < mostPasses; pass += 1) {
    const spans = findSpans(masked);
    const next = replaceSpans(masked, spans);
    if (next === masked) break;
    masked = next;
  }
  return masked;
}

/** In their order; none overlaps another. */
export function findSpans(text: string): Span[] {
  const folded = foldCharacters(text);
  const found = finders.flatMap((find) => find(folded.text));
  return joinOverlapping(found).map(({ start, end, shown }) => ({
    start: folded.placeOf(start),
    // Behind the last character, whatever is not seen after it.
    end: endOf(text, folded.placeOf(end - 1)),
    shown,
  }));
}

function endOf(text: string, last: number): number {
  return last + ((text.codePointAt(last) ?? 0) > 0xff_ff ? 2 : 1);
}

/** Of spans that overlap one is left, over all of them, with the words of the longest. */
function joinOverlapping(spans: readonly Span[]): Span[] {
  const joined: Span[] = [];
  let longest = 0;
  for (const span of spans.toSorted((one, other) => one.start - other.start)) {
    const before = joined.at(-1);
    if (!before || span.start >= before.end) {
      joined.push({ ...span });
      longest = span.end - span.start;
      continue;
    }
    before.end = Math.max(before.end, span.end);
    if (span.end - span.start > longest) {
      longest = span.end - span.start;
      before.shown = span.shown;
    }
  }
  return joined;
}

function replaceSpans(text: string, spans: readonly Span[]): string {
  let done = 0;
  let replaced = '';
  for (const { start, end, shown } of spans) {
    replaced += text.slice(done, start) + shown;
    done = end;
  }
  return replaced + text.slice(done);
}
