import assert from 'node:assert/strict';
import type { createBatchNight } from '../../src/shared/summaries/batch-night.ts';
import type { createNight } from '../../src/shared/summaries/night.ts';
import {
  activityNames,
  type NightPlan,
  type NightState,
  newNight,
  nightState,
  orchestrateNight,
  type PlannedRun,
} from '../../src/shared/summaries/orchestrate-night.ts';
import { orchestrate } from './orchestrate.ts';

type Night = ReturnType<typeof createNight>;

/** Does what the orchestrator of a night does; the date is as in `2026-11-23`. */
export async function carryOutNight(night: Night, date: string): Promise<PlannedRun> {
  const { run } = await carryOutBudget(night, date, undefined);
  assert.ok(run);
  return run;
}

/** The same with so many tokens. Returns how the night ended. */
export function carryOutBudget(night: Night, date: string, budget: number | undefined): Promise<NightState> {
  return carryOut(night, date, { budget });
}

/** The same with batches; `onTimer` is told whenever the night waits. */
export async function carryOut(
  night: Night & { batches?: ReturnType<typeof createBatchNight> },
  date: string,
  { onTimer, ...plan }: NightPlan & { onTimer?: (at: Date) => unknown },
): Promise<NightState> {
  const { batches } = night;
  const steps = {
    [activityNames.plan]: night.plan,
    [activityNames.summarize]: night.summarizeChunk,
    [activityNames.settle]: night.settlePlan,
    [activityNames.finish]: night.finish,
    ...(batches
      ? {
          [activityNames.submit]: batches.submit,
          [activityNames.watch]: batches.watch,
          [activityNames.remove]: batches.remove,
        }
      : {}),
  };
  return nightState.parse(await orchestrate(orchestrateNight, newNight(date, plan), steps, { onTimer }));
}
