import type { OrchestrationContext, Task } from 'durable-functions';
import * as z from 'zod';
import { patience } from './patience.ts';

/** What an orchestration hands to its next round: the id of a run, nothing else. */
const runInput = z.object({ id: z.string() });

const stepResult = z.object({ isDone: z.boolean(), waitMilliseconds: z.number().default(0) });
/** What a step of a run tells its orchestration. */
export type StepResult = z.infer<typeof stepResult>;

/** A history of so many activities, then a new one. */
const stepsEachRound = 50;

/**
 * Makes the orchestration of a long run: one step after the other, each going on from what the last one wrote down, with
 * a timer between two where a step asks for patience. Deterministic.
 */
export function orchestrateSteps(activity: string) {
  return function* orchestrateRun({ df }: OrchestrationContext): Generator<Task, void, unknown> {
    const { id } = runInput.parse(df.getInput());
    for (let step = 0; step < stepsEachRound; step += 1) {
      const result = yield df.callActivityWithRetry(activity, patience(), { id });
      const { isDone, waitMilliseconds } = stepResult.parse(result);
      if (isDone) return;
      if (waitMilliseconds > 0) {
        yield df.createTimer(new Date(df.currentUtcDateTime.getTime() + waitMilliseconds));
      }
    }
    df.continueAsNew({ id });
  };
}
