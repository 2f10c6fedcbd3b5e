import type { StepResult } from '../durable/orchestrate-steps.ts';
import { type RunFiles, type StoredRun, stepAside } from '../durable/run-files.ts';
import type { Eraser } from '../erasers/eraser.ts';
import type { ErasureState, StepName } from './erasure-state.ts';
import { unblocked } from './sweep-stores.ts';

/** What a step is given beside the state. */
export interface StepContext {
  /** True once no new piece of work is to be begun. */
  isTimeUp(): boolean;
  /** Writes down how far it has come. */
  save(state: ErasureState): Promise<void>;
  signal: AbortSignal;
  /** Of what Durable Functions keeps, where the step has a client of it. */
  history?: Eraser;
}

/**
 * Goes on with an erasure as far as time allows, and returns where it stands then: at the next step, or at the same one
 * again. It can break off anywhere and be done again from the state that was saved last. Throws storage faults.
 */
export type Step = (state: ErasureState, context: StepContext) => Promise<ErasureState>;

interface Dependencies {
  runs: RunFiles<ErasureState>;
  steps: Readonly<Record<StepName, Step>>;
  clock: () => Date;
  /** How long one call works before it begins nothing more, well within the `functionTimeout` of host.json. */
  stepMilliseconds?: number;
}

/** What was begun in time may take so much longer: a conversation of a million messages. */
const longestPiece = 7 * 60_000;

/** Somebody else has written the state since: that one goes on with it. */
class SteppedAside extends Error {}

/** Makes what the orchestration of an erasure calls again and again, until it is done. */
export function createErasureStep({ runs, steps, clock, stepMilliseconds = 60_000 }: Dependencies) {
  return async function erasureStep(
    { id }: { id: string },
    { history }: Pick<StepContext, 'history'> = {},
  ): Promise<StepResult> {
    const begun = await runs.read(id);
    if (!begun) throw new Error('The state of this erasure is not there any more: start it again.');
    let stored: StoredRun<ErasureState> = begun;
    const end = clock().getTime() + stepMilliseconds;
    const context: StepContext = {
      isTimeUp: () => clock().getTime() >= end,
      async save(state) {
        const saved = await runs.save(id, state, stored);
        if (!saved) throw new SteppedAside();
        stored = saved;
      },
      signal: AbortSignal.timeout(stepMilliseconds + longestPiece),
      history,
    };
    try {
      while (stored.state.state === 'running') {
        const waitMilliseconds = waitOf(stored.state, clock());
        if (waitMilliseconds > 0) return { isDone: false, waitMilliseconds };
        await context.save(await steps[stored.state.step](stored.state, context));
        if (context.isTimeUp() && stored.state.state === 'running')
          return { isDone: false, waitMilliseconds: 0 };
      }
      return { isDone: true, waitMilliseconds: 0 };
    } catch (error) {
      if (error instanceof SteppedAside) return stepAside(runs, id);
      throw error;
    }
  };
}

/** Milliseconds until there is something to do. */
function waitOf({ step, settle, open = [] }: ErasureState, now: Date): number {
  const times =
    step === 'settle' && settle ? [settle.over] : unblocked(open).map(({ notBefore }) => notBefore);
  return times.length === 0 ? 0 : Math.max(0, Math.min(...times) - now.getTime());
}
