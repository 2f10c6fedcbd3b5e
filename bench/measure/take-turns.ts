/** One side of a comparison: does its work once and tells the figure it came to. */
export type Side = (round: number) => Promise<number>;

/** How often each side runs for a figure, after one run that does not count. */
export const rounds = 5;

/**
 * Runs the sides in turn (A B A B …), so that a machine that slows down slows all of them down, and returns the figures
 * of each side in the order of the rounds. The first round warms up and is left out.
 */
export async function takeTurns<Name extends string>(
  sides: Readonly<Record<Name, Side>>,
): Promise<Record<Name, number[]>> {
  const figures: Record<string, number[]> = {};
  for (let round = 0; round <= rounds; round += 1) {
    for (const [name, run] of Object.entries<Side>(sides)) {
      const figure = await run(round);
      const list = figures[name] ?? [];
      if (round > 0) list.push(figure);
      figures[name] = list;
    }
  }
  return figures as Record<Name, number[]>;
}
