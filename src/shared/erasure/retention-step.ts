import type { StepResult } from '../durable/orchestrate-steps.ts';
import { type RunFiles, type StoredRun, stepAside } from '../durable/run-files.ts';
import type { RetentionCounts, RetentionState } from './retention-state.ts';

interface StepContext {
  /** True once no new piece of work is to be begun. */
  isTimeUp(): boolean;
  /** Writes down how far it has come. */
  save(state: RetentionState): Promise<void>;
  signal: AbortSignal;
}

/**
 * Goes on as far as time allows, and returns where it stands then: at the next step, or at the same one again. It can
 * break off anywhere and be done again from the state that was saved last. Throws storage faults.
 */
export type RetentionStep = (
  state: RetentionState,
  context: StepContext,
) => Promise<{ state: RetentionState; waitMilliseconds?: number }>;

interface Dependencies {
  runs: RunFiles<RetentionState>;
  steps: Readonly<Record<RetentionState['step'], RetentionStep>>;
  clock: () => Date;
  /** How long one call works before it begins nothing more, well within the `functionTimeout` of host.json. */
  stepMilliseconds?: number;
}

/** Somebody else has written the state since: that one goes on with it. */
class SteppedAside extends Error {}

/** Makes what the orchestration of a sweep by age calls again and again, until it is done. */
export function createRetentionStep({ runs, steps, clock, stepMilliseconds = 60_000 }: Dependencies) {
  return async function retentionStep({
    id,
  }: {
    id: string;
  }): Promise<StepResult & Partial<RetentionCounts>> {
    const begun = await runs.read(id);
    if (!begun) throw new Error('The state of this sweep is not there any more: start it again.');
    let stored: StoredRun<RetentionState> = begun;
    const end = clock().getTime() + stepMilliseconds;
    const save = async (state: RetentionState): Promise<void> => {
      const saved = await runs.save(id, state, stored);
      if (!saved) throw new SteppedAside();
      stored = saved;
    };
    const context = {
      isTimeUp: () => clock().getTime() >= end,
      save,
      signal: AbortSignal.timeout(stepMilliseconds + 120_000),
    };
    try {
      while (stored.state.state === 'running') {
        const { state, waitMilliseconds = 0 } = await steps[stored.state.step](stored.state, context);
        await save(state.state === 'running' ? state : { ...state, endedAt: clock().toISOString() });
        const isStill = state.state === 'running' && (waitMilliseconds > 0 || context.isTimeUp());
        if (isStill) return { isDone: false, waitMilliseconds, ...state.counts };
      }
      return { isDone: true, waitMilliseconds: 0, ...stored.state.counts };
    } catch (error) {
      if (error instanceof SteppedAside) return stepAside(runs, id);
      throw error;
    }
  };
}
