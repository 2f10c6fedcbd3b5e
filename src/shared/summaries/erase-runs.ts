import type { BlobItem } from '@azure/storage-blob';
import type * as z from 'zod';
import { changeJson } from '../erasers/change-json.ts';
import type { Eraser, SweepOptions } from '../erasers/eraser.ts';
import { expireBlobs } from '../erasers/expire-blobs.ts';
import { openTraceFinder, type TraceFinder } from '../erasers/find-traces.ts';
import { type Look, longestStep, lookAgain } from '../erasers/look-again.ts';
import { sweepBlobs } from '../erasers/sweep-blobs.ts';
import type { Container } from '../storage/container.ts';
import { eraseHeadlines, isGone } from './erase-headlines.ts';
import { erasedPlace, outcomesSchema, planSchema, type Run, runSchema } from './night-files.ts';

type Plan = z.infer<typeof planSchema>;

interface Options {
  clock: () => Date;
  pauseMilliseconds?: number;
  pageSize?: number;
}

/** What was planned is summarized before it is merged: twice, a step reads what another one wrote. */
const looks = 3;

/** A night that goes on writes one of its files with each step. */
export function isOfLivingNight(
  { lastModified }: { lastModified: Date },
  { clock, pauseMilliseconds }: { clock: () => Date; pauseMilliseconds: number },
): boolean {
  return clock().getTime() - lastModified.getTime() <= 2 * pauseMilliseconds;
}

/**
 * Clears the files of a night that is under way, or that failed, of what was erased: they stay as long, and in the order,
 * as the night knows them. What its steps have read before, they may write after the sweep: then it looks again.
 */
export function createRunsEraser(
  runs: Container,
  { clock, pauseMilliseconds = longestStep, pageSize }: Options,
): Eraser {
  async function look(finder: TraceFinder, options: SweepOptions): Promise<Look> {
    let isUnderWay = false;
    const clearOne = ({ name, properties }: BlobItem): Promise<number> => {
      const isOld = !isOfLivingNight(properties, { clock, pauseMilliseconds });
      isUnderWay ||= !isOld;
      return clear(name, finder, { isOld, signal: options.signal });
    };
    const swept = await sweepBlobs(runs, clearOne, { ...options, pageSize });
    return { ...swept, isUnderWay };
  }

  function clear(
    name: string,
    finder: TraceFinder,
    { isOld, signal }: { isOld: boolean; signal: AbortSignal },
  ): Promise<number> {
    const options = { isTraced: finder.isTracedJson, signal };
    const plan = /\/plan-(\d+)\.json$/.exec(name)?.[1];
    if (plan !== undefined) {
      const change = (value: Plan): Plan => clearPlan(value, plan, finder);
      return changeJson(runs, name, { ...options, schema: planSchema, change });
    }
    if (name.endsWith('/run.json')) {
      // Where planning stands is told by names of conversations. A night that plans has moved on by the next look; of one
      // that broke off, what is left to plan comes with the next.
      const change = (value: Run): Run =>
        value.next && (isOld || isGone(value.next.after, finder)) ? { ...value, next: undefined } : value;
      return changeJson(runs, name, { ...options, schema: runSchema, change });
    }
    const change = (value: z.infer<typeof outcomesSchema>) => {
      const outcomes = eraseHeadlines(value.outcomes, finder);
      return outcomes === value.outcomes ? value : { ...value, outcomes };
    };
    return changeJson(runs, name, { ...options, schema: outcomesSchema, change });
  }

  return {
    store: 'runs',
    sweep(scope, options) {
      const finder = openTraceFinder(scope);
      const lookOnce = (each: SweepOptions) => look(finder, each);
      return lookAgain(lookOnce, { ...options, clock, pauseMilliseconds, looks });
    },
    expire: (before, options) => expireBlobs(runs, before, { ...options, pageSize }),
  };
}

/** A night finds conversations by their place in its plan: what is gone leaves a place where nothing is. */
function clearPlan(plan: Plan, number: string, finder: TraceFinder): Plan {
  if (!plan.conversations.some(({ path }) => isGone(path, finder))) return plan;
  return {
    conversations: plan.conversations.map((conversation, place) =>
      isGone(conversation.path, finder)
        ? { path: erasedPlace(number, place), segments: [], length: 0 }
        : conversation,
    ),
  };
}
