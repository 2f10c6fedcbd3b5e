import type { Stretch } from './write-lines.ts';

/** How much of a full stretch may stay empty so that it ends at a gap. */
const slack = 0.2;

/**
 * Cuts a stretch where its gaps are widest, into stretches of at most `most` tokens that fill it to four fifths at least:
 * every message is in exactly one. A message that costs more than `most` stands alone. `gapBefore` tells how well a
 * stretch may begin at a place.
 */
export function cutStretches(
  { from, to }: Stretch,
  costs: ArrayLike<number>,
  { most, gapBefore }: { most: number; gapBefore(place: number): number },
): Stretch[] {
  const stretches: Stretch[] = [];
  let start = from;
  while (start < to) {
    const end = cutAfter({ from: start, to }, costs, most, gapBefore);
    stretches.push({ from: start, to: end });
    start = end;
  }
  return stretches;
}

function cutAfter(
  { from, to }: Stretch,
  costs: ArrayLike<number>,
  most: number,
  gapBefore: (place: number) => number,
): number {
  let used = costs[from] ?? 0;
  let best = from + 1;
  let widest = -1;
  for (let place = from + 1; place < to; place += 1) {
    if (used >= most * (1 - slack) && gapBefore(place) >= widest) {
      best = place;
      widest = gapBefore(place);
    }
    used += costs[place] ?? 0;
    if (used > most) return widest < 0 ? place : best;
  }
  return to;
}

/** Tokens of a stretch. */
export function sumOf(costs: ArrayLike<number>, { from, to }: Stretch): number {
  let sum = 0;
  for (let place = from; place < to; place += 1) sum += costs[place] ?? 0;
  return sum;
}
