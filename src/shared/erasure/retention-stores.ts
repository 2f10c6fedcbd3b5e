import pMap from 'p-map';
import type { SweepOptions, Swept, TouchedConversation } from '../erasers/eraser.ts';
import { isStorageFault } from '../storage/storage-errors.ts';
import type { ConversationKey } from '../transcripts/entry.ts';
import type { Together } from '../transcripts/read-together.ts';
import type { TranscriptStore } from '../transcripts/store.ts';
import { addTo } from './erase-conversation.ts';
import type { NamedEraser } from './erasers.ts';
import { partsOf } from './parts-of.ts';
import { type AgeingDependencies, noteAnew } from './retention-conversation.ts';
import type { RetentionPeriods } from './retention-periods.ts';
import type { RetentionState } from './retention-state.ts';
import type { RetentionStep } from './retention-step.ts';

interface StoresDependencies extends Pick<AgeingDependencies, 'people'> {
  transcripts: AgeingDependencies['transcripts'] & Pick<TranscriptStore, 'has'>;
  erasers: readonly NamedEraser[];
  together: Together;
}

/** In this order: a night merges into its digest what its files hold. */
const sweptStores = ['runs', 'catalogue', 'digests', 'mail-threads'];

/** Conversations that are looked for at once. */
const concurrency = 8;

/**
 * Takes out of the catalogue, the digests, and the files of a night under way, what they quote of conversations that were touched, and
 * of the mail threads those that are gone. All other stores forget a conversation by itself, or what they hold is a copy
 * that has an age of its own.
 */
export function createStoresStep(dependencies: StoresDependencies): RetentionStep {
  const { erasers, transcripts, together } = dependencies;
  const swept = sweptStores.flatMap((name) => erasers.find((each) => each.name === name) ?? []);

  return async (state, context) => {
    const next = { touched: [], step: state.isListed ? ('copies' as const) : ('conversations' as const) };
    if (state.touched.length === 0) return { state: { ...state, ...next } };
    const touched = state.store ? state.touched : await lookAgain(state.touched, context.signal);
    const gone = touched.filter(({ isWhole }) => isWhole);
    const work: Way['work'] = ({ name, eraser }, options) =>
      eraser.sweep?.({ conversations: name === 'mail-threads' ? gone : touched }, options);
    return throughStores({ ...state, touched }, { erasers: swept, next, work }, context);
  };

  /**
   * One that was erased may have begun anew: then it is not gone, and processes may have taken its people for known. With
   * the last part of a mail thread, those go that went before.
   */
  async function lookAgain(
    touched: readonly TouchedConversation[],
    signal: AbortSignal,
  ): Promise<TouchedConversation[]> {
    const look = async (conversation: TouchedConversation): Promise<TouchedConversation[]> => {
      const { isWhole, ...key } = conversation;
      if (!isWhole) return [conversation];
      if (await transcripts.has(key, { signal })) {
        await noteAnew(key, dependencies, { signal });
        return [{ ...key, isWhole: false }];
      }
      const parts = await partsOf(key, together, { signal }).catch(onlyStorageFaults(key));
      const areThere = await pMap(parts, (part) => transcripts.has(part, { signal }));
      return parts.flatMap((part, place) => (areThere[place] ? [] : [{ ...part, isWhole: true }]));
    };
    return (await pMap(touched, look, { concurrency })).flat();
  }
}

/** What was tampered with must not hold up all others, night after night. */
function onlyStorageFaults(key: ConversationKey): (error: unknown) => ConversationKey[] {
  return (error) => {
    if (isStorageFault(error)) throw error;
    return [key];
  };
}

interface CopiesDependencies {
  erasers: readonly NamedEraser[];
  periods: RetentionPeriods;
}

/** Removes what is older than all that is kept, and is of no one conversation. */
export function createCopiesStep({ erasers, periods }: CopiesDependencies): RetentionStep {
  return async (state, context) => {
    const before = periods.keepAnyFrom(state.startedAt);
    const next = { state: 'completed' as const };
    if (state.isDryRun || before === undefined) return { state: { ...state, ...next } };
    const work: Way['work'] = ({ eraser }, options) => eraser.expire?.(before, options);
    return throughStores(state, { erasers, next, work }, context);
  };
}

interface Way {
  erasers: readonly NamedEraser[];
  work(store: NamedEraser, options: SweepOptions): Promise<Swept> | undefined;
  /** What changes in the state once all are done. */
  next: Partial<RetentionState>;
}

/** One store after the other, as far as time allows. */
async function throughStores(
  begun: RetentionState,
  { erasers, work, next }: Way,
  { isTimeUp, signal }: Parameters<RetentionStep>[1],
): ReturnType<RetentionStep> {
  const removed = { ...begun.removed };
  let from = begun.store?.from;
  const start = erasers.findIndex(({ name }) => name === begun.store?.name);
  for (const store of erasers.slice(Math.max(0, start))) {
    const { name } = store;
    const swept = await work(store, { from, isTimeUp, signal });
    if (swept?.removed) addTo(removed, name, swept.removed);
    if (swept?.next !== undefined) {
      const { next: goesOn, waitMilliseconds } = swept;
      return { state: { ...begun, removed, store: { name, from: goesOn } }, waitMilliseconds };
    }
    from = undefined;
  }
  return { state: { ...begun, removed, store: undefined, ...next } };
}
