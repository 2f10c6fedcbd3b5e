import { type NationalIdRule, nationalIdRules } from './national-id-rules.ts';
import type { Span } from './span.ts';

const shown = '[national id]';
/** Between the name of a number and the number; never over what is masked already, so that masking twice changes nothing. */
const between = '[^\\d[•]{0,40}?';

interface Finder {
  pattern: RegExp;
  passes: (characters: string) => boolean;
}

const finders = nationalIdRules.map(toFinder);

/** Numbers that states give to people, as `national-id-rules.ts` tells them; shown as `[national id]`. */
export function findNationalIds(text: string): Span[] {
  // Each of them has at least six digits.
  if (!/\d[^\n]{0,12}\d/.test(text)) return [];
  const spans: Span[] = [];
  for (const { pattern, passes } of finders) {
    for (const { groups, index, 0: whole } of text.matchAll(pattern)) {
      const number = groups?.number ?? '';
      if (!passes(number.replaceAll(/[^\p{L}\d]/gu, '').toUpperCase())) continue;
      const end = index + whole.length;
      spans.push({ start: end - number.length, end, shown });
    }
  }
  return spans;
}

function toFinder({ form, passes = () => true, named }: NationalIdRule): Finder {
  // Spaces within a number may be any, and a line may end there.
  const number = `(?<number>${form.source.replaceAll('[ ', '[\\s')})`;
  const whole = `(?<![\\p{L}\\d])${number}(?![\\p{L}\\d])(?![-.]\\d)`;
  const source = named
    ? `(?:${named.source})${between}${whole}`
    : whole.replace('(?<!', '(?<![\\d][-.])(?<!');
  return { pattern: new RegExp(source, named || form.ignoreCase ? 'giu' : 'gu'), passes };
}
