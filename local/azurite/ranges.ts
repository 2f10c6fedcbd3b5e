/** Bytes of a file from `start` up to, but not with, `end`. */
export interface Range {
  start: number;
  end: number;
}

/** What no range covers of the bytes from 0 up to `size`, in order. */
export function gapsBetween(ranges: readonly Range[], size: number): Range[] {
  const gaps: Range[] = [];
  let at = 0;
  for (const { start, end } of ranges.toSorted((a, b) => a.start - b.start)) {
    if (start > at) gaps.push({ start: at, end: Math.min(start, size) });
    at = Math.max(at, end);
    if (at >= size) break;
  }
  if (at < size) gaps.push({ start: at, end: size });
  return gaps;
}

/** The bytes that both cover; each is in order and without overlaps. */
export function inBoth(a: readonly Range[], b: readonly Range[]): Range[] {
  const both: Range[] = [];
  let [i, j] = [0, 0];
  for (;;) {
    const [one, other] = [a[i], b[j]];
    if (!one || !other) return both;
    const [start, end] = [Math.max(one.start, other.start), Math.min(one.end, other.end)];
    if (start < end) both.push({ start, end });
    if (one.end < other.end) i += 1;
    else j += 1;
  }
}
