/**
 * Lets work begin only while the bytes of all that is under way stay within `most`, in the order it came; a piece larger
 * than that runs alone. Keeps memory flat when many long conversations change in one night.
 */
export function createByteBudget(most: number) {
  let used = 0;
  const waiting: { cost: number; start: () => void }[] = [];
  const startNext = (): void => {
    for (let next = waiting[0]; next && used + next.cost <= most; next = waiting[0]) {
      waiting.shift();
      used += next.cost;
      next.start();
    }
  };
  return async function withinBudget<Result>(bytes: number, work: () => Promise<Result>): Promise<Result> {
    const cost = Math.min(bytes, most);
    await new Promise<void>((start) => {
      waiting.push({ cost, start });
      startNext();
    });
    try {
      return await work();
    } finally {
      used -= cost;
      startNext();
    }
  };
}
