/**
 * ISO 8601 in UTC with milliseconds from the ways providers write a time (offset or Z, up to seven decimals);
 * undefined for anything else. A time without an offset is taken as UTC.
 */
export function toIsoTime(value: unknown): string | undefined {
  if (typeof value !== 'string' || !/^\d{4}-\d\d-\d\dT\d\d:\d\d/.test(value)) return undefined;
  const time = Date.parse(/(?:Z|[+-]\d\d:?\d\d)$/i.test(value) ? value : `${value}Z`);
  return Number.isNaN(time) ? undefined : new Date(time).toISOString();
}
