import { remainderOf97 } from './check-digits.ts';
import type { Span } from './span.ts';

/** How long an IBAN of each country is: the IBAN registry of SWIFT, release 99. */
const lengths = new Map(
  (
    'AD24 AE23 AL28 AT20 AZ28 BA20 BE16 BG22 BH22 BI27 BR29 BY28 CH21 CR22 CY28 CZ24 DE22 DJ27 DK18 DO28 EE20 EG29 ES24 ' +
    'FI18 FK18 FO18 FR27 GB22 GE22 GI23 GL18 GR27 GT28 HN28 HR21 HU28 IE22 IL23 IQ23 IS26 IT27 JO30 KW30 KZ20 LB28 LC32 ' +
    'LI21 LT20 LU20 LV21 LY25 MC27 MD24 ME22 MK19 MN20 MR27 MT31 MU30 NI28 NL18 NO15 OM23 PK24 PL28 PS29 PT25 QA29 RO24 ' +
    'RS22 RU33 SA24 SC31 SD18 SE24 SI19 SK24 SM27 SO23 ST25 SV28 TL23 TN24 TR26 UA29 VA22 VG24 XK20 YE30'
  )
    .split(' ')
    .map((country) => [country.slice(0, 2), Number(country.slice(2))]),
);
const begins = /[a-z][^\p{L}\p{N}]{0,3}[a-z][^\p{L}\p{N}]{0,3}\d[^\p{L}\p{N}]{0,3}\d/giu;
const isGap = /[^\p{L}\p{N}]/u;
const widestGap = 6;
/** One in a hundred sentences with a number in them would pass the check: `workforce remains at 90 per cent plus, and, …`. */
const fewestDigits = 6;

/** Bank account numbers with right check digits, in whatever groups and case; shown as `[IBAN]`. */
export function findBankAccounts(text: string): Span[] {
  const spans: Span[] = [];
  begins.lastIndex = 0;
  for (let match = begins.exec(text); match; match = begins.exec(text)) {
    const end = endOfAccount(text, match.index);
    if (end !== undefined) spans.push({ start: match.index, end, shown: '[IBAN]' });
    // The next may begin with the second letter of this one.
    begins.lastIndex = end ?? match.index + 1;
  }
  return spans;
}

function endOfAccount(text: string, start: number): number | undefined {
  let characters = '';
  let gap = 0;
  let length = Number.POSITIVE_INFINITY;
  for (let place = start; place < text.length; place += 1) {
    const character = text[place] ?? '';
    if (/[a-z0-9]/i.test(character)) {
      characters += character.toUpperCase();
      gap = 0;
      if (characters.length === 2) length = lengths.get(characters) ?? 0;
      if (characters.length === length) return isAccount(characters) ? place + 1 : undefined;
      if (characters.length > length) return undefined;
    } else if (isGap.test(character) && gap < widestGap) gap += 1;
    else return undefined;
  }
  return undefined;
}

function isAccount(characters: string): boolean {
  const digits = characters.replaceAll(/\D/g, '').length;
  return digits >= fewestDigits && remainderOf97(characters.slice(4) + characters.slice(0, 4)) === 1;
}
