import { domainToASCII } from 'node:url';
import { foldWord } from './fold-word.ts';
import type { Quote } from './quotes.ts';

/** Characters: longer ones are no addresses. */
const longestLocal = 128;
const longestDomain = 255;
const notLocal = /[\s\p{Cc}<>()[\]\\,;:"&?/#|{}@＠]/u;
const domainPart = /^[\p{L}\p{M}\p{N}.\-。]+/u;
const invisible = /[\u00ad\u200b-\u200d\u2060\ufeff]/gu;

/** The mailboxes that are looked for. */
export interface WantedAddresses {
  /** Each `local@domain` as `canonical` has it. */
  addresses: ReadonlySet<string>;
  /** Full names in one word: an address under that name, wherever it is, is taken for theirs. */
  names: ReadonlySet<string>;
}

export function findAddresses(text: string, wanted: WantedAddresses): Quote[] {
  const found: Quote[] = [];
  if (wanted.addresses.size + wanted.names.size === 0) return found;
  for (const at of signs(text)) {
    const place = placeAround(text, at);
    const theirs = place && findTheirs(text, at, place, wanted);
    if (theirs) found.push(theirs);
  }
  return found;
}

function findTheirs(
  text: string,
  at: number,
  place: Quote,
  { addresses, names }: WantedAddresses,
): Quote | undefined {
  const local = text.slice(place.start, at);
  const domain = text.slice(at + 1, place.end);
  const skipped = startsOf(local).find((start) => isAmong(addresses, local.slice(start), domain));
  if (skipped !== undefined) {
    const start = place.start + skipped;
    return { start: /mailto:$/i.test(text.slice(0, start).slice(-7)) ? start - 7 : start, end: place.end };
  }
  if (names.has(foldWord(local.replaceAll(/[\d._+-]/g, '')))) return place;
  // A mail that came back: bounce+joe=example.com@…
  const [returned = '', name = '', host = ''] = /([^=+]+)=([^=]+)$/.exec(local) ?? [];
  return name !== '' && isAmong(addresses, name, host) ? { start: at - returned.length, end: at } : undefined;
}

function* signs(text: string): Generator<number> {
  for (const sign of ['@', '＠']) {
    for (let at = text.indexOf(sign); at >= 0; at = text.indexOf(sign, at + 1)) yield at;
  }
}

/** Mail to `joe+shop@…` goes to the mailbox of `joe@…`. */
function isAmong(addresses: ReadonlySet<string>, local: string, domain: string): boolean {
  const [name = ''] = local.split('+', 1);
  return addresses.has(canonical(local, domain)) || addresses.has(canonical(name, domain));
}

/** The whole of an address whose `@` stands at a place; undefined where there is none. */
export function placeAround(text: string, place: number): Quote | undefined {
  let start = place;
  while (start > 0 && place - start < longestLocal && !notLocal.test(text.charAt(start - 1))) start -= 1;
  const [domain = ''] = domainPart.exec(text.slice(place + 1, place + 1 + longestDomain)) ?? [];
  const end = place + 1 + domain.replace(/[.\-。]+$/u, '').length;
  return start === place || end === place + 1 ? undefined : { start, end };
}

/** One mailbox, one text: in small letters, and the domain as the DNS has it. */
export function canonical(local: string, domain: string): string {
  const name = local.replaceAll(invisible, '').normalize('NFC').toLowerCase();
  const place = domain.replaceAll(invisible, '').replaceAll('。', '.').toLowerCase();
  const isAscii = /^[a-z0-9.-]*$/.test(place) && !place.includes('xn--');
  const ascii = isAscii ? place : domainToASCII(place) || place;
  return `${name}@${ascii}`;
}

/** Where a local part may begin: behind quotation marks, or behind what another program put before it. */
function startsOf(local: string): number[] {
  const starts = [0];
  const signs = /^[^\p{L}\p{N}]+/u.exec(local)?.[0].length ?? 0;
  if (signs > 0) starts.push(signs);
  const equals = local.lastIndexOf('=');
  if (equals >= 0) starts.push(equals + 1);
  return starts;
}
