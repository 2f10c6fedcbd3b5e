import pMap from 'p-map';
import type { ErasureScope } from '../erasers/eraser.ts';
import { addTo } from './erase-conversation.ts';
import type { NamedEraser } from './erasers.ts';
import type { ErasureState } from './erasure-state.ts';
import type { StepContext } from './run-erasure.ts';

type Open = NonNullable<ErasureState['open']>[number];

/** Stores at once: most of them hold little. */
const concurrency = 4;

/** What one store holds, another merges: that one is swept when the first is done. */
const sweptAfter = new Map([['digests', 'runs']]);

interface Dependencies {
  /** Those to sweep, in their order. */
  erasers: readonly NamedEraser[];
  scope: ErasureScope;
  /** False where one look at each store is enough for now. */
  isWaiting?: boolean;
  clock: () => Date;
}

/** Those that do not have to wait for another store. */
export function unblocked(open: readonly Open[]): Open[] {
  return open.filter(({ store }) => !open.some((other) => other.store === sweptAfter.get(store)));
}

/**
 * Sweeps every store, each as far as time allows; one that has to wait for others to finish what they are at does not hold
 * up the rest. `open` in the state that it returns is empty once all are done.
 */
export async function sweepStores(
  begun: ErasureState,
  { erasers, scope, isWaiting = true, clock }: Dependencies,
  { isTimeUp, save, signal }: StepContext,
): Promise<ErasureState> {
  const byName = new Map(erasers.map(({ name, eraser }) => [name, eraser]));
  const all = erasers.flatMap(({ name, eraser }) =>
    eraser.sweep ? [{ store: name, from: undefined, notBefore: 0 }] : [],
  );
  let state: ErasureState & { open: Open[] } = { ...begun, open: begun.open ?? all };
  do {
    const now = clock().getTime();
    const ready = unblocked(state.open).filter(({ notBefore }) => notBefore <= now);
    if (ready.length === 0) break;
    const removed = { ...state.removed };
    const left = await pMap(
      ready,
      async ({ store, from }): Promise<Open[]> => {
        const swept = await byName.get(store)?.sweep?.(scope, { from, isTimeUp, signal });
        if (swept?.removed) addTo(removed, store, swept.removed);
        if (swept?.next === undefined || (swept.waitMilliseconds && !isWaiting)) return [];
        return [{ store, from: swept.next, notBefore: clock().getTime() + (swept.waitMilliseconds ?? 0) }];
      },
      { concurrency },
    );
    const waiting = state.open.filter((open) => !ready.includes(open));
    state = { ...state, removed, open: [...waiting, ...left.flat()] };
    await save(state);
  } while (!isTimeUp());
  return state;
}
