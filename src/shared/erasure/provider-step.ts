import type { Channel } from '../channels/channel.ts';
import type { EraseAtProvider, ErasedAtProvider, ProviderErasure } from '../channels/eraser-at-provider.ts';
import { ParleyError } from '../errors.ts';
import type { Tombstones } from '../tombstones/tombstones.ts';
import type { ErasureState } from './erasure-state.ts';
import { buryWhole } from './parts-of.ts';
import { type PlanDependencies, planAtProvider } from './provider-plan.ts';
import type { Step, StepContext } from './run-erasure.ts';
import { settleThen } from './settle.ts';

interface Dependencies extends PlanDependencies {
  channels: readonly Pick<Channel, 'name' | 'eraseAtProvider'>[];
  tombstones: Pick<Tombstones, 'buryIdentities' | 'buryConversation' | 'buryMessages'>;
  settleSeconds: number;
  clock: () => Date;
}

type Open = NonNullable<ErasureState['open']>[number];

/** A provider that does not answer is asked again after so long, and so often. */
const pauseMilliseconds = 60_000;
const mostFailures = 15;
/** Its clock may be ahead of ours by so much. */
const skewMilliseconds = 30_000;
const mostProblems = 20;

/**
 * Makes the step that asks providers to delete, where the request wanted it: before the transcripts go, which tell what
 * there is to delete. What a provider does not do is told, and holds up nothing.
 */
export function createProviderStep(dependencies: Dependencies): Step {
  const { files, tombstones, clock } = dependencies;
  const channels = new Map(
    dependencies.channels.flatMap(({ name, eraseAtProvider }) =>
      eraseAtProvider ? [[name, eraseAtProvider] as const] : [],
    ),
  );

  return async function eraseAtProviders(begun, context) {
    if (!begun.atProvider) return { ...begun, step: 'conversations' };
    let state = { ...begun, open: begun.open ?? [...channels.keys()].map(toOpen) };
    do {
      const [next] = state.open.filter(({ notBefore }) => notBefore <= clock().getTime());
      if (!next) break;
      const erasure = await readOrPlan(state, next.store, context.signal);
      const { left, erased } = await ask(channels.get(next.store), next, erasure, context);
      state = {
        ...withResult(state, erased),
        open: state.open.flatMap((open) => (open === next ? left : [open])),
      };
      await context.save(state);
    } while (!context.isTimeUp());
    if (state.open.length > 0) return state;
    // The provider tells of what was deleted: that is theirs, too, and happened after all that is buried so far.
    const until = new Date(clock().getTime() + skewMilliseconds).toISOString();
    await buryAgain(state, until, context);
    const { open: _, ...done } = state;
    return settleThen('conversations', { ...done, until }, dependencies);
  };

  async function buryAgain(state: ErasureState, until: string, { signal }: StepContext): Promise<void> {
    const { identities } = await files.readTraces(state.id);
    if (identities.length > 0) await tombstones.buryIdentities(identities, until);
    if (state.kind === 'person') return;
    const { conversations } = await files.touched(state.id, 1);
    await buryWhole(conversations, until, dependencies, { signal });
  }

  async function ask(
    eraseAtProvider: EraseAtProvider | undefined,
    open: Open,
    erasure: ProviderErasure,
    { isTimeUp, signal }: StepContext,
  ): Promise<{ left: Open[]; erased: ErasedAtProvider }> {
    const nothing: ErasedAtProvider = { deleted: 0, problems: [] };
    try {
      const erased = await eraseAtProvider?.(erasure, { from: open.from, isTimeUp, signal });
      if (erased?.next === undefined) return { left: [], erased: erased ?? nothing };
      const notBefore = clock().getTime() + (erased.waitMilliseconds ?? 0);
      return { left: [{ store: open.store, from: erased.next, notBefore }], erased };
    } catch (error) {
      if (!(error instanceof ParleyError)) throw error;
      const failures = (open.failures ?? 0) + 1;
      if (error.retryable && failures < mostFailures) {
        const notBefore = clock().getTime() + pauseMilliseconds;
        return { left: [{ ...open, notBefore, failures }], erased: nothing };
      }
      return { left: [], erased: { deleted: 0, problems: [{ where: open.store, reason: error.message }] } };
    }
  }

  /** The same each time: where a provider goes on depends on it. */
  async function readOrPlan(
    state: ErasureState,
    channel: string,
    signal: AbortSignal,
  ): Promise<ProviderErasure> {
    const known = await files.readAtProvider(state.id, channel);
    if (known) return known;
    const erasure = await planAtProvider(state, channel, dependencies, { signal });
    await files.writeAtProvider(state.id, channel, erasure);
    return erasure;
  }
}

function toOpen(channel: string): Open {
  return { store: channel, notBefore: 0 };
}

function withResult<State extends ErasureState>(
  state: State,
  { deleted, problems }: ErasedAtProvider,
): State {
  const { provider } = state;
  const reasons = new Set([...provider.problems, ...problems.map(({ reason }) => reason)]);
  return {
    ...state,
    provider: {
      deleted: provider.deleted + deleted,
      problems: [...reasons].slice(0, mostProblems),
      problemCount: provider.problemCount + problems.length,
    },
  };
}
