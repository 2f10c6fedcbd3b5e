import type { createNight } from '../../src/shared/summaries/night.ts';
import { chunksOf, plansOf, sizeOfPlan } from '../../src/shared/summaries/night-files.ts';
import type { PlannedRun } from '../../src/shared/summaries/orchestrate-night.ts';

/** Does what the orchestrator of a night does, one step after the other; the date is as in `2026-11-23`. */
export async function carryOutNight(
  night: ReturnType<typeof createNight>,
  date: string,
): Promise<PlannedRun> {
  let run = await night.plan({ night: date });
  while (!run.isPlanned) run = await night.plan({ night: date, run });
  for (let plan = 0; plan < plansOf(run.found); plan += 1) {
    for (let chunk = 0; chunk < chunksOf(sizeOfPlan(run.found, plan)); chunk += 1) {
      await night.summarizeChunk({ night: date, plan, chunk });
    }
    await night.settlePlan({ night: date, run, plan });
  }
  await night.finish({ night: date });
  return run;
}
