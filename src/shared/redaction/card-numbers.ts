import { passesLuhn } from './check-digits.ts';
import type { Span } from './span.ts';

/**
 * Digits in groups, with what people and programs put between them: up to six signs, a line break and a quote mark included.
 * A comma and a space only between groups of four and between single digits: others are a list of numbers.
 * Brackets only where one closes and the next opens, as `(4111) (1111)`: `(555) 123-4567` begins something new.
 */
const runs =
  /\d(?:(?:[^\p{L}\p{N},()[\]{}•]|,(?!\s)|(?<=(?<!\d)(?:\d{4}|\d)),\s(?=\d{1,4}(?!\d))|(?<=\d)•(?=\d)|[)\]}][\s,]?[([{]){0,6}\d)+/gu;
const groups = /\d+/g;
/** Numbers that begin with what is dialled are phone numbers; those have at most 15 digits (E.164). */
const dialled = /(?:\+|\b(?:tel|fax|phone|mobile|cell|handy|telefon|mobil|whatsapp|sms|call)\b\W{0,3})\(?$/i;
const mostPhoneDigits = 15;
/** An expiry date and a security code after a card number. */
const withCode =
  /^[\s,;|/.-]{0,4}(?:exp\w{0,5}|valid|g[uü]ltig|bis|until|thru)?[\s:.]{0,3}(?:0?[1-9]|1[0-2])\s?[/.-]\s?(?:20)?\d\d[\s,;|/.-]{1,4}(\d{3,4})(?!\d)/i;
/** So few digits after a number are a date; more could make another number together with its last four. */
const mostDigitsAfter = 8;

/** First digits and lengths of ISO/IEC 7812 issuers that people pay with. */
const issuers: readonly [prefix: RegExp, lengths: readonly number[]][] = [
  [/^4/, [13, 16, 19]], // Visa
  [/^(?:5[1-5]|222[1-9]|22[3-9]|2[3-6]|27[01]|2720)/, [16]], // Mastercard
  [/^3[47]/, [15]], // American Express
  [/^(?:30[0-5]|309|3[689])/, [14, 16, 19]], // Diners Club
  [/^35(?:2[89]|[3-8])/, [16, 17, 18, 19]], // JCB
  [/^(?:6011|62|64[4-9]|65|81)/, [16, 17, 18, 19]], // Discover, UnionPay, RuPay, Elo
  [/^(?:50|5[6-8]|6)/, [13, 14, 15, 16, 17, 18, 19]], // Maestro, Dankort, Verve, Hipercard, Interpayment
  [/^220[0-5]/, [16, 17, 18, 19]], // Mir, Borica
  [/^(?:82|9792)/, [16]], // RuPay, Troy
];
const lengths = new Set(issuers.flatMap(([, all]) => all));
const longest = Math.max(...lengths);

interface Group {
  start: number;
  end: number;
  digits: string;
}

/** Card numbers with a right check digit of an issuer's length, in whatever groups; shown as `•••• 1234`. */
export function findCardNumbers(text: string): Span[] {
  const spans: Span[] = [];
  for (const { 0: run, index } of text.matchAll(runs)) {
    if (run.length < 13) continue;
    spans.push(...findInRun(text, run, index));
  }
  return spans;
}

function findInRun(text: string, run: string, offset: number): Span[] {
  const all = [...run.matchAll(groups)].map(
    ({ 0: digits, index }): Group => ({ start: offset + index, end: offset + index + digits.length, digits }),
  );
  const isDialled = dialled.test(text.slice(Math.max(0, offset - 12), offset));
  const found: { from: number; until: number }[] = [];
  for (let from = 0; from < all.length; from += 1) {
    const until = endOfCard(all, from, isDialled && from === 0);
    if (until === undefined) continue;
    const before = found.at(-1);
    // What overlaps could be either: all of it goes.
    if (before && before.until > from) before.until = Math.max(before.until, until);
    else found.push({ from, until });
  }
  return found.flatMap(({ from, until }, place) => {
    const card = toSpan(all, { from, until, next: found[place + 1]?.from });
    const code = withCode.exec(text.slice(card.end, card.end + 50));
    const end = card.end + (code?.[0].length ?? 0);
    return code?.[1] ? [card, { start: end - code[1].length, end, shown: '[secret]' }] : [card];
  });
}

/** The group behind the longest number that begins with this one. */
function endOfCard(all: readonly Group[], from: number, isDialled: boolean): number | undefined {
  let digits = '';
  let found: number | undefined;
  for (let until = from; until < all.length; until += 1) {
    digits += all[until]?.digits ?? '';
    if (digits.length > longest) break;
    if (isDialled && digits.length <= mostPhoneDigits) continue;
    if (isCard(digits)) found = until + 1;
  }
  return found;
}

function isCard(digits: string): boolean {
  if (!lengths.has(digits.length) || /^(\d)\1+$/.test(digits)) return false;
  const isIssued = issuers.some(([prefix, all]) => all.includes(digits.length) && prefix.test(digits));
  return isIssued && passesLuhn(digits);
}

function toSpan(
  all: readonly Group[],
  { from, until, next = all.length }: { from: number; until: number; next?: number },
): Span {
  const digitsOf = (some: readonly Group[]): string => some.map(({ digits }) => digits).join('');
  const after = digitsOf(all.slice(until, next));
  const four = after.length > mostDigitsAfter ? '' : ` ${digitsOf(all.slice(from, until)).slice(-4)}`;
  return { start: all[from]?.start ?? 0, end: all[until - 1]?.end ?? 0, shown: `••••${four}` };
}
