import type { ParsedComponents, ParsedResult } from 'chrono-node';
import type { Language } from './lexicon.ts';
import type { Moment } from './read-moments.ts';
import { dayMilliseconds, startOfDay, type WallTime } from './wall-clock.ts';

/** Dates as people write them, read by chrono-node, which is loaded when it is first needed. */
export async function readDates(
  text: string,
  { now, language }: { now: WallTime; language: Language },
): Promise<Moment[]> {
  const chrono = await import('chrono-node');
  // Chrono is told the wall's time as if it were UTC, and so answers in it.
  const reference = { instant: new Date(now), timezone: 0 };
  const readers = language === 'en' ? [chrono.en.casual] : [chrono[language].casual, chrono.en.casual];
  return readers.flatMap((reader) =>
    reader.parse(text, reference).flatMap((result) => toMoments(result, now)),
  );
}

function toMoments({ index, text, start, end }: ParsedResult, now: WallTime): Moment[] {
  const first = spanOf(start, now, text);
  const last = end ? spanOf(end, now, text) : first;
  if (!first || !last || last[1] < first[0]) return [];
  const isBare = /^\p{L}{3,4}$/u.test(text);
  return [{ index, end: index + text.length, from: first[0], to: last[1], isPlain: !isBare }];
}

/** A date without a year is the last such one, a weekday the last one before today. An hour without a date is none. */
function spanOf(parts: ParsedComponents, now: WallTime, text: string): [WallTime, WallTime] | undefined {
  const today = startOfDay(now);
  const [year, month, day] = [parts.get('year'), parts.get('month'), parts.get('day')];
  if (year === null || month === null || day === null) return undefined;
  if (parts.isCertain('weekday') && !parts.isCertain('day')) {
    const weekday = parts.get('weekday') ?? 0;
    const behind = (new Date(today).getUTCDay() - weekday + 7) % 7 || 7;
    return oneDay(today - behind * dayMilliseconds);
  }
  if (!parts.isCertain('day')) return undefined;
  if (/^\d+$/.test(text)) return undefined;
  const given = Date.UTC(year, month - 1, day);
  if (parts.isCertain('year')) return oneDay(given);
  const thisYear = Date.UTC(new Date(now).getUTCFullYear(), month - 1, day);
  return oneDay(thisYear <= now ? thisYear : Date.UTC(new Date(now).getUTCFullYear() - 1, month - 1, day));
}

function oneDay(first: WallTime): [WallTime, WallTime] {
  return [first, first + dayMilliseconds];
}
