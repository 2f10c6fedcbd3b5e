import type { OrchestrationContext, Task } from 'durable-functions';
import * as z from 'zod';
import { patience } from '../durable/patience.ts';
import { chunkSize, chunksOf, plansOf, sizeOfPlan } from './night-files.ts';

export const activityNames = {
  plan: 'planNight',
  summarize: 'summarizeConversations',
  settle: 'settlePlan',
  finish: 'finishNight',
} as const;

const plannedRun = z.object({ id: z.string(), found: z.int(), isPlanned: z.boolean() });
/** A run as its orchestration knows it. */
export type PlannedRun = z.infer<typeof plannedRun>;

const countsSchema = z.object({ done: z.int(), failed: z.int(), left: z.int().default(0) });

/** What one round hands to the next: numbers and a date, never a conversation. */
export const nightState = z.object({
  night: z.string(),
  run: plannedRun.optional(),
  /** The plan blob of this round. */
  plan: z.int(),
  done: z.int(),
  failed: z.int(),
});
export type NightState = z.infer<typeof nightState>;

/**
 * One night: plan, then one plan blob a round, each ending in the digest. Deterministic: it reads nothing but its input
 * and its activities' answers. A chunk that fails for good costs only its own conversations.
 */
export function* orchestrateNight({
  df,
}: OrchestrationContext): Generator<Task, NightState | undefined, unknown> {
  const state = nightState.parse(df.getInput());
  const { night, plan } = state;
  let { run } = state;
  while (!run?.isPlanned) {
    run = plannedRun.parse(yield df.callActivityWithRetry(activityNames.plan, patience(), { night, run }));
    state.run = run;
    df.setCustomStatus({ ...state });
  }
  if (plan >= plansOf(run.found)) {
    yield df.callActivityWithRetry(activityNames.finish, patience(), { night });
    return state;
  }
  const size = sizeOfPlan(run.found, plan);
  const summarize = (chunk: number): Task =>
    df.callActivityWithRetry(activityNames.summarize, patience(), { night, plan, chunk });
  const tasks = Array.from({ length: chunksOf(size) }, (_, chunk) => summarize(chunk));
  // Schedules all of them: a task by itself is scheduled only when it is yielded. Which one it names is of no interest.
  yield df.Task.any(tasks);
  for (const [chunk, task] of tasks.entries()) {
    try {
      let counts = countsSchema.parse(yield task);
      while (counts.left > 0) counts = countsSchema.parse(yield summarize(chunk));
      state.done += counts.done;
      state.failed += counts.failed;
    } catch {
      state.failed += Math.min(chunkSize, size - chunk * chunkSize);
    }
    df.setCustomStatus({ ...state });
  }
  const settled = yield df.callActivityWithRetry(activityNames.settle, patience(), { night, run, plan });
  const { done, failed } = countsSchema.parse(settled);
  df.continueAsNew({ ...state, done, failed, plan: plan + 1 });
  return undefined;
}
