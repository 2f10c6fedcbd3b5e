import { type Language, months, numbers, type Unit, units } from './lexicon.ts';
import { dayMilliseconds, startOfDay, type WallTime } from './wall-clock.ts';

/** A time that a text names: from its first moment to the one after its last, where it stands. */
export interface Moment {
  index: number;
  end: number;
  from: WallTime;
  to: WallTime;
  /** Whether it says by itself that it is a time: a bare name of a month does not. */
  isPlain: boolean;
}

const unitPattern = Object.values(units)
  .map((pattern) => pattern.replaceAll(' ', '|'))
  .join('|');
const numberPattern = `\\d{1,3}|${Object.keys(numbers).join('|')}`;
const monthPattern = months.map((names) => names.replaceAll(' ', '|')).join('|');
const start = '(?<![\\p{L}\\p{N}])';
const end = "(?![\\p{L}\\p{N}]|['’]s)";
const last =
  'last|past|previous|letzte[rnsm]?|vergangene[rnsm]?|vorige[rnsm]?|(?:los |las )?últim[oa]s|(?:os |as )?últim[oa]s';
const behind = 'derni[eè]re?s?|pass[eé]e?|pasad[oa]|passad[oa]';

function pattern(source: string): RegExp {
  return new RegExp(`${start}(?:${source})${end}`, 'giu');
}

type Read = (groups: Record<string, string | undefined>, now: WallTime) => [WallTime, WallTime] | undefined;

/** Each with how it is read; the longest that fits at a place counts. */
const rules: readonly { pattern: RegExp; read: Read; isPlain?: boolean; only?: Language }[] = [
  { pattern: pattern('(?:19|20)\\d\\d-\\d\\d-\\d\\d'), read: ({ whole: date }) => dayOf(date) },
  { pattern: pattern("today|heute|aujourd['’]hui|hoy|hoje"), read: (_, now) => days(now, 0) },
  { pattern: pattern('yesterday|gestern|ayer|ontem'), read: (_, now) => days(now, -1) },
  { pattern: pattern('hier'), only: 'fr', read: (_, now) => days(now, -1) },
  {
    pattern: pattern('(?:the )?day before yesterday|vorgestern|avant-hier|anteayer|anteontem'),
    read: (_, now) => days(now, -2),
  },
  {
    pattern: pattern(
      `(?:the |die |den |les |ces )?(?:${last}|derni[eè]res?) (?<n>${numberPattern})(?: of)? (?<unit>${unitPattern})`,
    ),
    read: ({ n, unit }, now) => back(n, unit, now),
  },
  {
    pattern: pattern(`(?:les |ces )?(?<n>${numberPattern}) derni[eè]re?s? (?<unit>${unitPattern})`),
    read: ({ n, unit }, now) => back(n, unit, now),
  },
  {
    pattern: pattern(`(?:die |den |der |dem |im |the )?(?:${last}) (?<unit>${unitPattern})`),
    read: ({ unit }, now) => whole(unit, -1, now),
  },
  {
    pattern: pattern(`(?:la |le |el |a |o |l['’])?(?<unit>${unitPattern}) (?:${behind})`),
    read: ({ unit }, now) => whole(unit, -1, now),
  },
  {
    pattern: pattern(`(?:this|diese[rnsm]?|cette|ce|esta|este) (?<unit>${unitPattern})`),
    read: ({ unit }, now) => whole(unit, 0, now),
  },
  {
    pattern: pattern(
      `(?:(?:vor|il y a|hace|há) (?<n>${numberPattern}) (?<unit>${unitPattern})|(?<m>${numberPattern}) (?<other>${unitPattern}) ago)`,
    ),
    read: ({ n, unit, m, other }, now) => ago(n ?? m, unit ?? other, now),
  },
  {
    pattern: pattern(`(?<month>${monthPattern})\\.?(?: (?:de |of |do )?(?<year>(?:19|20)\\d\\d))?`),
    isPlain: false,
    read: ({ month, year }, now) => monthOf(month, year, now),
  },
  {
    pattern: pattern('(?:19|20)\\d\\d(?![-/.]\\d)'),
    isPlain: false,
    read: (groups, now) => yearOf(groups.whole, now),
  },
];

/** Times that rules of ours read; see `read-dates.ts` for the dates. */
export function readMoments(
  text: string,
  { now, language }: { now: WallTime; language: Language },
): Moment[] {
  return rules.flatMap(({ pattern: each, read, isPlain = true, only }) => {
    if (only !== undefined && only !== language) return [];
    return [...text.matchAll(each)].flatMap(({ index, 0: found, groups = {} }) => {
      const span = read({ ...groups, whole: found }, now);
      return span ? [{ index, end: index + found.length, from: span[0], to: span[1], isPlain }] : [];
    });
  });
}

/** Chrono takes two such dates in a row for something else. */
function dayOf(date = ''): [WallTime, WallTime] | undefined {
  const first = Date.parse(`${date}T00:00:00Z`);
  return Number.isNaN(first) ? undefined : [first, first + dayMilliseconds];
}

function days(now: WallTime, from: number): [WallTime, WallTime] {
  const first = startOfDay(now) + from * dayMilliseconds;
  return [first, first + dayMilliseconds];
}

function unitOf(text = ''): Unit | undefined {
  const found = Object.entries(units).find(([, words]) =>
    new RegExp(`^(?:${words.replaceAll(' ', '|')})$`, 'iu').test(text),
  )?.[0];
  return found as Unit | undefined;
}

function countOf(text = ''): number {
  return numbers[text.toLowerCase()] ?? Number(text);
}

/** So many units back from now, and up to now. */
function back(
  n: string | undefined,
  unit: string | undefined,
  now: WallTime,
): [WallTime, WallTime] | undefined {
  const from = shift(now, unitOf(unit), -countOf(n));
  return from === undefined ? undefined : [unitOf(unit) === 'hour' ? from : startOfDay(from), now];
}

/** The day, or the hour, that many units ago. */
function ago(
  n: string | undefined,
  unit: string | undefined,
  now: WallTime,
): [WallTime, WallTime] | undefined {
  const from = shift(now, unitOf(unit), -countOf(n));
  if (from === undefined) return undefined;
  return unitOf(unit) === 'hour' ? [from, from + 60 * 60_000] : days(from, 0);
}

/** The unit that now is in, or one of those before; weeks begin on Monday (ISO 8601). */
function whole(text: string | undefined, by: number, now: WallTime): [WallTime, WallTime] | undefined {
  const unit = unitOf(text);
  if (unit === undefined || unit === 'hour') return undefined;
  const first = shift(beginningOf(unit, now), unit, by);
  const after = first === undefined ? undefined : shift(first, unit, 1);
  return first === undefined || after === undefined ? undefined : [first, after];
}

function beginningOf(unit: Unit, now: WallTime): WallTime {
  const day = new Date(startOfDay(now));
  const [year, month] = [day.getUTCFullYear(), day.getUTCMonth()];
  if (unit === 'year') return Date.UTC(year, 0, 1);
  if (unit === 'quarter') return Date.UTC(year, month - (month % 3), 1);
  if (unit === 'month') return Date.UTC(year, month, 1);
  return unit === 'week' ? day.getTime() - ((day.getUTCDay() + 6) % 7) * dayMilliseconds : day.getTime();
}

function shift(wall: WallTime, unit: Unit | undefined, by: number): WallTime | undefined {
  if (unit === undefined || !Number.isFinite(by)) return undefined;
  if (unit === 'hour') return wall + by * 60 * 60_000;
  if (unit === 'day') return wall + by * dayMilliseconds;
  if (unit === 'week') return wall + 7 * by * dayMilliseconds;
  const date = new Date(wall);
  const monthsBy = by * { month: 1, quarter: 3, year: 12 }[unit];
  const target = Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + monthsBy, 1);
  const lastDay = new Date(
    Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + monthsBy + 1, 0),
  ).getUTCDate();
  return target + (Math.min(date.getUTCDate(), lastDay) - 1) * dayMilliseconds + (wall - startOfDay(wall));
}

/** Without a year the last one that has begun. */
function monthOf(name = '', year: string | undefined, now: WallTime): [WallTime, WallTime] | undefined {
  const month = months.findIndex((names) => names.split(' ').includes(name.toLowerCase()));
  if (month < 0) return undefined;
  const thisYear = new Date(now).getUTCFullYear();
  const of =
    year === undefined ? (Date.UTC(thisYear, month, 1) <= now ? thisYear : thisYear - 1) : Number(year);
  return [Date.UTC(of, month, 1), Date.UTC(of, month + 1, 1)];
}

function yearOf(text: string | undefined, now: WallTime): [WallTime, WallTime] | undefined {
  const year = Number(text);
  return year <= new Date(now).getUTCFullYear()
    ? [Date.UTC(year, 0, 1), Date.UTC(year + 1, 0, 1)]
    : undefined;
}
