import type { BlobItem } from '@azure/storage-blob';
import type * as z from 'zod';
import { changeJson } from '../erasers/change-json.ts';
import type { Eraser, SweepOptions } from '../erasers/eraser.ts';
import { expireBlobs } from '../erasers/expire-blobs.ts';
import { openTraceFinder, type TraceFinder } from '../erasers/find-traces.ts';
import { type Look, longestStep, lookAgain } from '../erasers/look-again.ts';
import { sweepBlobs } from '../erasers/sweep-blobs.ts';
import type { Batches } from '../models/language/batch/open-batches.ts';
import type { Container } from '../storage/container.ts';
import { batchesFolder } from './batch-files.ts';
import { dropBatch, removeTexts } from './erase-batches.ts';
import { eraseHeadlines, isGone } from './erase-headlines.ts';
import { type ChunkFile, chunkSchema, erasedPlace, planSchema, type Run, runSchema } from './night-files.ts';
import { postponedFolder, postponedSchema } from './postponed-files.ts';

type Plan = z.infer<typeof planSchema>;

interface Options {
  clock: () => Date;
  pauseMilliseconds?: number;
  pageSize?: number;
  /** Where batches of a night may be under way. */
  batches?: Batches | undefined;
}

/** What was planned is summarized, merged, and where it was postponed planned again: a step reads what another one wrote. */
const looks = 4;

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
  { clock, pauseMilliseconds = longestStep, pageSize, batches }: Options,
): Eraser {
  async function look(finder: TraceFinder, options: SweepOptions): Promise<Look> {
    let isUnderWay = false;
    const clearOne = async ({ name, properties }: BlobItem): Promise<number> => {
      if (name.startsWith(batchesFolder)) {
        const dropped = await dropBatch(runs, name, { finder, batches, signal: options.signal });
        isUnderWay ||= dropped.isUnderWay;
        return dropped.removed;
      }
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
    if (name.startsWith(postponedFolder)) {
      const change = (value: Plan): Plan => leaveOut(value, finder);
      return changeJson(runs, name, { ...options, schema: postponedSchema, change });
    }
    if (name.endsWith('-requests.json') || name.endsWith('-answers.json')) {
      return removeTexts(runs, name, finder, signal);
    }
    const change = (value: ChunkFile): ChunkFile => {
      const outcomes = eraseHeadlines(value.outcomes, finder);
      const waiting = value.waiting?.filter(({ paths }) => !paths.some((path) => isGone(path, finder)));
      const isSame = outcomes === value.outcomes && waiting?.length === value.waiting?.length;
      return isSame ? value : { ...value, outcomes, waiting };
    };
    return changeJson(runs, name, { ...options, schema: chunkSchema, change });
  }

  return {
    store: 'runs',
    sweep(scope, options) {
      const finder = openTraceFinder(scope);
      const lookOnce = (each: SweepOptions) => look(finder, each);
      return lookAgain(lookOnce, { ...options, clock, pauseMilliseconds, looks });
    },
    // Without its record nobody would remove a batch from the endpoint: the next night does, and then the record.
    expire: (before, options) => expireBlobs(runs, before, { ...options, pageSize, timeOf: timeOfRun }),
  };
}

function timeOfRun({ name, properties }: BlobItem): string {
  return name.startsWith(batchesFolder) ? '9' : properties.lastModified.toISOString();
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

/** What nights postponed is taken over as a whole. */
function leaveOut(plan: Plan, finder: TraceFinder): Plan {
  const conversations = plan.conversations.filter(({ path }) => !isGone(path, finder));
  return conversations.length === plan.conversations.length ? plan : { conversations };
}
