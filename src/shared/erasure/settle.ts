import type { ErasureState, StepName } from './erasure-state.ts';
import type { Step } from './run-erasure.ts';

interface Settling {
  settleSeconds: number;
  clock: () => Date;
}

/** Waits until every process knows what is buried by now; then comes the next step. */
export function settleThen(
  next: StepName,
  state: ErasureState,
  { settleSeconds, clock }: Settling,
): ErasureState {
  const over = clock().getTime() + settleSeconds * 1_000;
  return { ...state, step: 'settle', settle: { next, over } };
}

export const settleStep: Step = async ({ settle, ...state }) => ({
  ...state,
  step: settle?.next ?? 'finish',
});
