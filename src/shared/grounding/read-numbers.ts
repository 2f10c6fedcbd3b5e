import { multiplierOf, numberOf } from './number-words.ts';

/** A number as it is written, and everything that it may be written as elsewhere. */
export interface ReadNumber {
  forms: string[];
  /** As it stands there, where it is written with digits. */
  figure?: string;
  index: number;
}

const pieces =
  /(?<![\p{Script=Latin}\p{Script=Cyrillic}\p{Script=Greek}_\p{Nd}])(?<figure>\p{Nd}+(?:[.,:’'\u00a0/-]\p{Nd}+)*)(?:\s?(?<half>[ap]\.?m\b)|(?<scale>k\b)|\s(?<times>million|thousand|hundred|tausend|millionen|mil|mille)\b)?|(?<word>\p{L}+)/giu;

/** Numbers in figures, in words and made of several words; times of day in both ways to count them. */
export function readNumbers(text: string): ReadNumber[] {
  const numbers: ReadNumber[] = [];
  /** What the words right before come to. */
  let sum: number | undefined;
  let end = 0;
  for (const { groups = {}, index, 0: whole } of text.matchAll(pieces)) {
    const goesOn = sum !== undefined && /^[\s-]*(?:and[\s-]+)?$/i.test(text.slice(end, index));
    if (groups.figure !== undefined) {
      const forms = formsOf(groups.figure, groups);
      numbers.push({ forms, figure: groups.figure, index });
      sum = forms.length > 0 ? Number(forms[0]) : undefined;
      end = index + whole.length;
      continue;
    }
    const word = (groups.word ?? '').toLowerCase();
    if (word === 'and') continue;
    const value = numberOf(word);
    const times = multiplierOf(word);
    const before: number = goesOn ? (sum ?? 0) : 0;
    if (times !== undefined) sum = goesOn ? multiply(before, times) : times;
    else if (value === undefined) sum = undefined;
    else sum = goesOn && before >= 20 && value < 100 && before % 10 === 0 ? before + value : value;
    end = index + whole.length;
    if (sum === undefined) continue;
    numbers.push({ forms: [String(sum), ...(value === undefined ? [] : [String(value)])], index });
    if (goesOn && value !== undefined && before < 100 && value < 60) {
      numbers.push({ forms: timeForms(before, value), index });
    }
  }
  return numbers;
}

/** "Two thousand five hundred": the hundred is of the five. */
function multiply(sum: number, times: number): number {
  const small = sum % 1_000;
  return times < 1_000 && sum >= 1_000 ? sum - small + small * times : sum * times;
}

function formsOf(figure: string, { half, scale, times }: Record<string, string | undefined>): string[] {
  const plain = toAscii(figure);
  const isAfternoon = half !== undefined && /^p/i.test(half);
  const time = /^(\d{1,2})[:.](\d{2})$/.exec(plain);
  const forms: string[] = [];
  if (/^\d+$/.test(plain)) {
    const value = Number(plain);
    const by = scale ? 1_000 : times ? (multiplierOf(times.toLowerCase()) ?? 1) : 1;
    if (by !== 1) forms.push(String(value * by));
    forms.push(plain.length > 15 ? plain : String(value));
    if (half !== undefined) forms.push(...timeForms(isAfternoon && value < 12 ? value + 12 : value, 0));
    else if (/^\d{3,4}$/.test(plain))
      forms.push(...timeForms(Number(plain.slice(0, -2)), Number(plain.slice(-2))));
    return forms;
  }
  if (time) forms.push(...timeForms(Number(time[1]) + (isAfternoon ? 12 : 0), Number(time[2])));
  if (/^[1-9]\d{0,2}(?:[.,’'\u00a0]\d{3})+$/.test(plain))
    return [String(Number(plain.replaceAll(/\D/g, '')))];
  const decimal = /^(\d+)[.,](\d+)$/.exec(plain);
  if (decimal) {
    const by = scale ? 1_000 : times ? (multiplierOf(times.toLowerCase()) ?? 1) : 1;
    forms.push(String(Number(`${decimal[1]}.${decimal[2]}`)));
    if (by !== 1) forms.push(String(Number(`${decimal[1]}.${decimal[2]}`) * by));
  }
  const amount = /^(\d{1,3}(?:[.,’'\u00a0]\d{3})+)[.,](\d{1,2})$/.exec(plain);
  if (amount) forms.push(String(Number(`${amount[1]?.replaceAll(/\D/g, '')}.${amount[2]}`)));
  return forms.length > 0 ? forms : [plain];
}

/** On the clock of twelve hours and of 24; "half past three" and the like are an hour and minutes apart. */
export function timeForms(hour: number, minute: number): string[] {
  if (hour > 24 || minute > 59) return [];
  const two = String(minute).padStart(2, '0');
  const hours = [hour % 24, (hour + 12) % 24];
  return [
    ...hours.map((each) => `${each}:${two}`),
    ...(minute === 0 ? hours.map((each) => String(each === 0 ? 12 : each)) : []),
  ];
}

/** The numbers within a date, a range or a code: `2026-03-05`, `5/3`, `3-4`. */
export function partsOf(figure: string): string[] {
  const plain = toAscii(figure);
  if (/^\d{1,3}(?:[.,’'\u00a0]\d{3})+(?:[.,]\d{1,2})?$/.test(plain)) return [];
  return plain
    .split(/\D+/)
    .filter((part) => part !== '')
    .map((part) => (part.length > 15 ? part : String(Number(part))));
}

function toAscii(figure: string): string {
  return figure.replaceAll(/[^\d\p{P}\s]/gu, (digit) => {
    const code = digit.codePointAt(0) ?? 0;
    let value = 0;
    while (value < 9 && /\p{Nd}/u.test(String.fromCodePoint(code - value - 1))) value += 1;
    return String(value);
  });
}
