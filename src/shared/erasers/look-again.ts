import { setTimeout as sleep } from 'node:timers/promises';
import * as z from 'zod';
import type { SweepOptions, Swept } from './eraser.ts';

/** No step of a night, an import or an export runs longer: `functionTimeout` of host.json, in milliseconds. */
export const longestStep = 10 * 60_000;

export interface Look extends Swept {
  /** True where somebody was at work who may still write down what they read before. */
  isUnderWay: boolean;
}

export interface LookOptions extends SweepOptions {
  clock: () => Date;
  /** How long whoever is at work may take to write down what they read before, in milliseconds. */
  pauseMilliseconds: number;
  /** How often to look: once more for each who may read what the one before them wrote. */
  looks: number;
}

const progress = z.object({
  /** Where the look stands that was begun. */
  from: z.unknown().optional(),
  isUnderWay: z.boolean(),
  /** Looks that are done. */
  done: z.int(),
  /** When the next one may begin, in milliseconds since 1970. */
  notBefore: z.number(),
});

const beginning: z.infer<typeof progress> = { isUnderWay: false, done: 0, notBefore: 0 };

/**
 * Sweeps a store that others write to meanwhile. Where somebody was at work, it looks again once they must have written
 * what they had read before a look ended.
 */
export async function lookAgain(
  look: (options: SweepOptions) => Promise<Look>,
  { from, clock, pauseMilliseconds, looks, ...options }: LookOptions,
): Promise<Swept> {
  const begun = progress.optional().parse(from) ?? beginning;
  const early = await waitFor(begun.notBefore, clock, options.signal);
  if (early > 0) return { removed: 0, next: begun, waitMilliseconds: early };
  const { removed, next, ...looked } = await look({ ...options, from: begun.from });
  const isUnderWay = begun.isUnderWay || looked.isUnderWay;
  if (next !== undefined) return { removed, next: { ...begun, from: next, isUnderWay } };
  const done = begun.done + 1;
  if (done === looks || !isUnderWay) return { removed };
  const notBefore = clock().getTime() + pauseMilliseconds;
  return { removed, next: { isUnderWay, done, notBefore }, waitMilliseconds: pauseMilliseconds };
}

/** Whoever calls too early is not to spin. */
const shortestWait = 1_000;

/** Waits a moment where a time, in milliseconds since 1970, has not come yet; returns how far it is off. */
export async function waitFor(time: number, clock: () => Date, signal: AbortSignal): Promise<number> {
  const early = () => Math.max(0, time - clock().getTime());
  if (early() > 0) await sleep(Math.min(early(), shortestWait), undefined, { signal, ref: false });
  return early();
}
