/**
 * What clocks on the wall show in a time zone, as the number of milliseconds that UTC would need to show the same: days are
 * then always 24 hours, and only the way back knows of summer time.
 */
export type WallTime = number;

export const dayMilliseconds = 24 * 60 * 60_000;

export function toWallTime(time: Date, timeZone: string): WallTime {
  const parts = new Intl.DateTimeFormat('en-u-ca-gregory-nu-latn', {
    timeZone,
    hourCycle: 'h23',
    ...{
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
      hour: '2-digit',
      minute: '2-digit',
      second: '2-digit',
    },
  }).formatToParts(time);
  const of = (type: string): number => Number(parts.find((part) => part.type === type)?.value ?? 0);
  return Date.UTC(of('year'), of('month') - 1, of('day'), of('hour'), of('minute'), of('second'));
}

/** Of a moment that a clock shows twice the first, of one that it leaves out the one after. */
export function fromWallTime(wall: WallTime, timeZone: string): Date {
  const offsetAt = (time: number): number =>
    toWallTime(new Date(time), timeZone) - Math.floor(time / 1_000) * 1_000;
  const earlier = wall - offsetAt(wall - dayMilliseconds);
  const later = wall - offsetAt(wall + dayMilliseconds);
  const fits = [earlier, later].filter((time) => time + offsetAt(time) === wall);
  return new Date(fits.length > 0 ? Math.min(...fits) : Math.max(earlier, later));
}

export function startOfDay(wall: WallTime): WallTime {
  return Math.floor(wall / dayMilliseconds) * dayMilliseconds;
}

/** The date as in `2026-11-24`. */
export function dateOf(wall: WallTime): string {
  return new Date(wall).toISOString().slice(0, 10);
}
