import type { OrchestrationContext, Task } from 'durable-functions';
import * as z from 'zod';
import { patience } from '../durable/patience.ts';

export const batchActivities = {
  submit: 'submitBatch',
  watch: 'watchBatches',
  remove: 'removeBatches',
} as const;

/** How a run with batches stands. */
export const batchState = z.object({
  /** How long to wait for them. */
  hours: z.number(),
  /** `collect`: what may wait is put down, plan by plan; `wait`: for all batches; `answer`: all is written. */
  phase: z.enum(['collect', 'wait', 'answer']),
  /** When the run began, in milliseconds since 1970. */
  begun: z.number().optional(),
  /** Conversations that wait. */
  waiting: z.int().default(0),
});

interface OfRun {
  night: string;
  run: unknown;
}

const watched = z.object({ running: z.int() });
const removed = z.object({ left: z.int() });

const minute = 60_000;
/** What is cancelled may take so long to end. */
const endingMilliseconds = 20 * minute;
/** Between two looks: short at first, as small batches are quick, then longer. */
const firstWait = 5_000;
const longestWait = 10 * minute;

/** Waits until all batches of the run have ended, or for as long as it may: what came by then is kept. */
export function* waitForBatches(
  df: OrchestrationContext['df'],
  of: OfRun,
  { deadline }: { deadline: number },
): Generator<Task, void, unknown> {
  for (let wait = firstWait; ; wait = Math.min(wait * 2, longestWait)) {
    const now = df.currentUtcDateTime.getTime();
    const isOver = now >= deadline;
    let running = 1;
    try {
      running = watched.parse(
        yield df.callActivityWithRetry(batchActivities.watch, patience(), { ...of, isOver }),
      ).running;
    } catch {
      // The endpoint does not answer: it may yet, until the time is over.
    }
    if (running === 0 || now >= deadline + endingMilliseconds) return;
    // Not past the deadline, by which all has to be cancelled.
    const next = now + (isOver ? Math.min(wait, minute) : wait);
    yield df.createTimer(new Date(isOver ? next : Math.min(next, deadline)));
  }
}

/** Removes all files of the run from the endpoint. What does not go in time is left to the next night. */
export function* removeBatches(df: OrchestrationContext['df'], of: OfRun): Generator<Task, void, unknown> {
  const end = df.currentUtcDateTime.getTime() + endingMilliseconds;
  for (;;) {
    try {
      const { left } = removed.parse(yield df.callActivityWithRetry(batchActivities.remove, patience(), of));
      if (left === 0) return;
    } catch {
      return;
    }
    const next = df.currentUtcDateTime.getTime() + minute;
    if (next > end) return;
    yield df.createTimer(new Date(next));
  }
}
