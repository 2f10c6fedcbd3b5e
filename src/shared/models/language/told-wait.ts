const longestMilliseconds = 24 * 3_600_000;

/**
 * How long the endpoint asks to wait, in milliseconds: `retry-after-ms`, else `Retry-After` in seconds or as a date (RFC 9110,
 * 10.2.3), which is read by the endpoint's own clock where it tells it. Undefined where it says nothing that can be read.
 */
export function toldWait(headers: Headers | undefined, now: number): number | undefined {
  const milliseconds = readNumber(headers?.get('retry-after-ms'));
  if (milliseconds !== undefined) return within(milliseconds);
  const told = headers?.get('retry-after')?.trim();
  if (!told) return undefined;
  const seconds = readNumber(told);
  if (seconds !== undefined) return within(seconds * 1000);
  const date = Date.parse(told);
  if (Number.isNaN(date) || !/[a-z]/i.test(told)) return undefined;
  const itsNow = Date.parse(headers?.get('date') ?? '');
  return within(date - (Number.isNaN(itsNow) ? now : itsNow));
}

function readNumber(text: string | null | undefined): number | undefined {
  return text && /^\s*\d+(\.\d+)?\s*$/.test(text) ? Number(text) : undefined;
}

function within(milliseconds: number): number {
  return Math.min(Math.max(milliseconds, 0), longestMilliseconds);
}
