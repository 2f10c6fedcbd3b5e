import type { OrchestrationContext, Task } from 'durable-functions';
import * as z from 'zod';
import { patience } from '../durable/patience.ts';
import { type Counts, callChunks, countsSchema, summarizeActivity } from './call-chunks.ts';
import { addTokens, noTokens } from './digest.ts';
import { plansOf } from './night-files.ts';
import { batchActivities, batchState, removeBatches, waitForBatches } from './orchestrate-batches.ts';

export const activityNames = {
  plan: 'planNight',
  summarize: summarizeActivity,
  settle: 'settlePlan',
  finish: 'finishNight',
  ...batchActivities,
} as const;

export const plannedRun = z.object({ id: z.string(), found: z.int(), isPlanned: z.boolean() });
/** A run as its orchestration knows it. */
export type PlannedRun = z.infer<typeof plannedRun>;

/** What one round hands to the next: numbers and a date, never a conversation. */
export const nightState = countsSchema.extend({
  night: z.string(),
  run: plannedRun.optional(),
  /** The plan blob of this round. */
  plan: z.int(),
  /** Tokens that the run may spend yet; absent: as many as it takes. */
  budget: z.number().optional(),
  /** Tokens that the conversation which needs fewest of those postponed so far needs at most. */
  cheapest: z.number().optional(),
  /** Absent: every call is made at once. */
  batch: batchState.optional(),
});
export type NightState = z.infer<typeof nightState>;

export interface NightPlan {
  /** How many tokens it may spend; absent: as many as it takes. */
  budget?: number | undefined;
  /** How long it waits for calls in batches; absent: there are none. */
  batch?: { hours: number } | undefined;
}

/** How a night begins. */
export function newNight(night: string, { budget, batch }: NightPlan = {}): NightState {
  return {
    ...{ night, plan: 0, done: 0, failed: 0, postponed: 0, tokens: noTokens },
    ...(budget === undefined ? {} : { budget }),
    ...(batch ? { batch: { hours: batch.hours, phase: 'collect', waiting: 0 } } : {}),
  };
}

/**
 * One night: plan, then one plan blob a round, each ending in the digest. Deterministic: it reads nothing but its input
 * and its activities' answers. With batches, all plans are gone through once before, and what may wait is waited for.
 */
export function* orchestrateNight({
  df,
}: OrchestrationContext): Generator<Task, NightState | undefined, unknown> {
  const state = nightState.parse(df.getInput());
  const { night, plan, batch } = state;
  if (batch) batch.begun ??= df.currentUtcDateTime.getTime();
  let { run } = state;
  while (!run?.isPlanned) {
    run = plannedRun.parse(yield df.callActivityWithRetry(activityNames.plan, patience(), { night, run }));
    state.run = run;
    df.setCustomStatus({ ...state });
  }
  const plans = plansOf(run.found);
  if (batch && batch.phase !== 'answer') {
    if (batch.phase === 'collect' && plan < plans) {
      yield* collect(df, { ...state, run, batch });
      return undefined;
    }
    df.setCustomStatus({ ...state, batch: { ...batch, phase: 'wait' } });
    const deadline = (batch.begun ?? 0) + batch.hours * 60 * 60_000;
    if (batch.waiting > 0) yield* waitForBatches(df, { night, run }, { deadline });
    df.continueAsNew({ ...state, plan: 0, batch: { ...batch, phase: 'answer' } });
    return undefined;
  }
  if (plan >= plans) {
    if (batch && batch.waiting > 0) yield* removeBatches(df, { night, run });
    yield df.callActivityWithRetry(activityNames.finish, patience(), { night });
    return state;
  }
  const before = countsSchema.parse(state);
  const onCounts = (counts: Counts): void => {
    Object.assign(state, add(before, counts));
    df.setCustomStatus({ ...state });
  };
  const pass = batch ? ('answer' as const) : undefined;
  yield* callChunks(df, { night, plan, found: run.found, pass, purse: state, onCounts });
  const settled = yield df.callActivityWithRetry(activityNames.settle, patience(), { night, run, plan });
  df.continueAsNew({ ...state, ...countsSchema.parse(settled), plan: plan + 1 });
  return undefined;
}

type Collecting = NightState & Required<Pick<NightState, 'run' | 'batch'>>;

/** Goes through a plan once: what may wait is put down and handed over, all else is done. */
function* collect(df: OrchestrationContext['df'], state: Collecting): Generator<Task, void, unknown> {
  const { night, plan, run, batch } = state;
  const onCounts = (): void => df.setCustomStatus({ ...state });
  const options = { night, plan, found: run.found, pass: 'collect' as const, purse: state, onCounts };
  const waiting = yield* callChunks(df, options);
  if (waiting > 0) {
    try {
      const { hours } = batch;
      yield df.callActivityWithRetry(activityNames.submit, patience(), { night, run, plan, hours });
    } catch {
      // What is in no batch is asked for in the end.
    }
  }
  df.continueAsNew({ ...state, plan: plan + 1, batch: { ...batch, waiting: batch.waiting + waiting } });
}

function add(before: Counts, counts: Counts): Counts {
  return {
    done: before.done + counts.done,
    failed: before.failed + counts.failed,
    postponed: before.postponed + counts.postponed,
    tokens: addTokens(before.tokens, counts.tokens),
  };
}
