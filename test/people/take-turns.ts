import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Container } from '../../src/shared/storage/container.ts';

/** Lets several processes have one request of storage at a time, in the order that `choices` gives, again and again. */
export function createTurns(choices: readonly number[]) {
  const waiting: (() => void)[] = [];
  let isBusy = false;
  let turn = 0;

  const go = async (): Promise<void> => {
    if (isBusy) return;
    isBusy = true;
    // Whoever goes on after the last request asks for the next one first.
    for (let count = 0; count < 3; count += 1) await nextTurn();
    const choice = choices[turn % choices.length] ?? 0;
    turn += 1;
    const [next] = waiting.splice(choice % Math.max(1, waiting.length), 1);
    if (next) next();
    else isBusy = false;
  };

  const inTurn = async <Result>(request: () => Promise<Result>): Promise<Result> => {
    const { promise, resolve } = Promise.withResolvers<void>();
    waiting.push(resolve);
    void go();
    await promise;
    try {
      return await request();
    } finally {
      isBusy = false;
      void go();
    }
  };

  /** The container as a process sees it that is killed after so many requests; `death` tells when. */
  return (container: Container, { dies = Number.POSITIVE_INFINITY } = {}) => {
    const { promise: death, resolve: die } = Promise.withResolvers<'dead'>();
    const never = new Promise<never>(() => {});
    let requests = 0;
    const mortal = async <Result>(request: () => Promise<Result>): Promise<Result> => {
      requests += 1;
      if (requests <= dies) return inTurn(request);
      die('dead');
      return never;
    };
    const seen: Container = {
      ...container,
      read: (...all) => mortal(() => container.read(...all)),
      write: (...all) => mortal(() => container.write(...all)),
      remove: (...all) => mortal(() => container.remove(...all)),
    };
    return { container: seen, death };
  };
}
