import type { OrchestrationContext, Task } from 'durable-functions';
import * as z from 'zod';
import { patience } from '../durable/patience.ts';
import { chunksOf, plansOf, sizeOfChunk, sizeOfPlan } from './night-files.ts';
import { activityNames, plannedRun } from './orchestrate-night.ts';

export const dryRunNames = { estimate: 'estimateSummaries', clear: 'clearDryRun' } as const;

const estimate = z.object({
  conversations: z.int(),
  calls: z.number(),
  inputTokens: z.number(),
  outputTokens: z.number(),
  batchInputTokens: z.number().default(0),
  batchOutputTokens: z.number().default(0),
});
const chunkEstimate = estimate.extend({ next: z.int().optional() });
type Estimate = z.infer<typeof estimate>;

/** What one round of a dry run hands to the next; at the end, what the night would take at most. */
export const dryRunState = estimate.extend({
  /** The name of its files. */
  night: z.string(),
  run: plannedRun.optional(),
  plan: z.int(),
  /** Conversations of which nothing could be told. */
  failed: z.int(),
});
export type DryRunState = z.infer<typeof dryRunState>;

export function newDryRun(night: string): DryRunState {
  const tokens = { inputTokens: 0, outputTokens: 0, batchInputTokens: 0, batchOutputTokens: 0 };
  return { night, plan: 0, failed: 0, conversations: 0, calls: 0, ...tokens };
}

/** Plans as a night does, and counts what it would take, one plan blob a round. Deterministic, as a night is. */
export function* orchestrateDryRun({
  df,
}: OrchestrationContext): Generator<Task, DryRunState | undefined, unknown> {
  const state = dryRunState.parse(df.getInput());
  const { night, plan } = state;
  let { run } = state;
  while (!run?.isPlanned) {
    run = plannedRun.parse(yield df.callActivityWithRetry(activityNames.plan, patience(), { night, run }));
    state.run = run;
  }
  if (plan >= plansOf(run.found)) {
    yield df.callActivityWithRetry(dryRunNames.clear, patience(), { night });
    return state;
  }
  const size = sizeOfPlan(run.found, plan);
  const look = (chunk: number, from: number): Task =>
    df.callActivityWithRetry(dryRunNames.estimate, patience(), { night, plan, chunk, from });
  const tasks = Array.from({ length: chunksOf(size) }, (_, chunk) => look(chunk, 0));
  // Schedules all of them: see `orchestrateNight`.
  yield df.Task.any(tasks);
  for (const [chunk, task] of tasks.entries()) {
    let told = 0;
    try {
      let found = chunkEstimate.parse(yield task);
      add(state, found);
      while (found.next !== undefined) {
        told = found.next;
        found = chunkEstimate.parse(yield look(chunk, told));
        add(state, found);
      }
    } catch {
      state.failed += sizeOfChunk(size, chunk) - told;
    }
    df.setCustomStatus({ ...state });
  }
  df.continueAsNew({ ...state, plan: plan + 1 });
  return undefined;
}

function add(state: DryRunState, found: Estimate): void {
  state.conversations += found.conversations;
  state.calls += found.calls;
  state.inputTokens += found.inputTokens;
  state.outputTokens += found.outputTokens;
  state.batchInputTokens += found.batchInputTokens;
  state.batchOutputTokens += found.batchOutputTokens;
}
