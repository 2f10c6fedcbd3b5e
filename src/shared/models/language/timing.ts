import { setTimeout as wait } from 'node:timers/promises';

/** Time and chance, so that tests need not wait. */
export interface Timing {
  /** Milliseconds. */
  now(): number;
  /** Throws the reason of `signal` when that ends it. */
  wait(milliseconds: number, signal?: AbortSignal): Promise<void>;
  /** From 0 up to 1. */
  random(): number;
}

export const realTiming: Timing = {
  now: () => Date.now(),
  async wait(milliseconds, signal) {
    try {
      await wait(milliseconds, undefined, signal ? { signal } : undefined);
    } catch (error) {
      signal?.throwIfAborted();
      throw error;
    }
  },
  random: () => Math.random(),
};

const firstMilliseconds = 500;
const longestMilliseconds = 20_000;

/** The wait before the next try where nobody told one: twice as long each time, at most 20 s, half of it by chance. */
export function backOff(failures: number, random: Timing['random']): number {
  const whole = Math.min(firstMilliseconds * 2 ** (failures - 1), longestMilliseconds);
  return whole * (0.5 + random() / 2);
}
