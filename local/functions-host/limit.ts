/** Runs at most `size` tasks at once, the others in the order in which they came; `failed` hears of what they throw. */
export function createLimit(
  size: number,
  failed: (error: unknown) => void,
): (task: () => Promise<void>) => void {
  const waiting: (() => Promise<void>)[] = [];
  let running = 0;
  const next = () => {
    const task = running < size ? waiting.shift() : undefined;
    if (!task) return;
    running++;
    void task()
      .catch(failed)
      .finally(() => {
        running--;
        next();
      });
  };
  return (task) => {
    waiting.push(task);
    next();
  };
}
