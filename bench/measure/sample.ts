/** What several runs of one thing came to. */
export interface Sample {
  median: number;
  least: number;
  most: number;
}

/** Throws for no values at all: there is nothing to say then. */
export function summarize(values: readonly number[]): Sample {
  const sorted = [...values].sort((one, other) => one - other);
  const [least, most] = [sorted.at(0), sorted.at(-1)];
  if (least === undefined || most === undefined) throw new Error('Nothing was measured.');
  const upper = sorted[Math.floor(sorted.length / 2)] ?? most;
  const lower = sorted[Math.ceil(sorted.length / 2) - 1] ?? least;
  return { median: (lower + upper) / 2, least, most };
}

/** Divides run by run, so that what disturbed both sides of a pair does not disturb their ratio. */
export function divide(numerators: readonly number[], denominators: readonly number[]): Sample {
  return summarize(numerators.map((value, index) => value / (denominators[index] ?? Number.NaN)));
}
