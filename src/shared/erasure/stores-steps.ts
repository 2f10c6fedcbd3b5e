import type { ErasureScope } from '../erasers/eraser.ts';
import { createMatcher } from '../erasers/matcher.ts';
import type { Container } from '../storage/container.ts';
import { conversationPath } from '../transcripts/conversation-path.ts';
import { addTo } from './erase-conversation.ts';
import type { NamedEraser } from './erasers.ts';
import type { ErasureFiles } from './erasure-files.ts';
import type { ErasureState } from './erasure-state.ts';
import type { Holds } from './holds.ts';
import type { Step } from './run-erasure.ts';
import { settleThen } from './settle.ts';
import { sweepMedia } from './sweep-media.ts';
import { sweepStores } from './sweep-stores.ts';

interface Dependencies {
  erasers: readonly NamedEraser[];
  files: ErasureFiles;
  holds: Pick<Holds, 'all'>;
  mediaBlobs: Container;
  settleSeconds: number;
  clock: () => Date;
}

/** Makes the steps that sweep the stores which do not keep one folder for each conversation. */
export function createStoresSteps(dependencies: Dependencies): Record<'sources' | 'stores' | 'people', Step> {
  const { erasers, files, holds, mediaBlobs, clock } = dependencies;
  const isOfPeople = ({ name }: NamedEraser): boolean => name === 'people';

  const sweep = (
    chosen: readonly NamedEraser[],
    goOn: (state: ErasureState) => ErasureState,
    { isWaiting = true } = {},
  ): Step =>
    async function sweepChosen(begun, context) {
      const scope = await readScope(begun);
      const looking = await Promise.all(chosen.map((each) => lookingIntoMedia(each, begun, scope)));
      const state = await sweepStores(begun, { erasers: looking, scope, isWaiting, clock }, context);
      if (state.open?.length !== 0) return state;
      const { open: _, ...done } = state;
      return goOn(done);
    };

  return {
    sources: sweep(
      erasers.filter(({ isSource }) => isSource),
      (state) => settleThen(state.kind === 'person' ? 'collect' : 'provider', state, dependencies),
      // They are swept again with all others.
      { isWaiting: false },
    ),
    stores: (begun, context) => {
      const { history } = context;
      const others = erasers.filter((each) => !isOfPeople(each));
      const all = history ? [...others, { name: history.store, eraser: history, isSource: false }] : others;
      return sweep(all, (state) => ({ ...state, step: 'people' }))(begun, context);
    },
    /** Last, because all is found by it; and not where a hold leaves something to be found. */
    async people(begun, context) {
      const state = begun.open ? begun : await removeSummaries(begun, context.signal);
      if (state.kind === 'conversation' || state.conversations.held > 0) return { ...state, step: 'finish' };
      const sweepPeople = sweep(erasers.filter(isOfPeople), (done) => ({ ...done, step: 'finish' }));
      return sweepPeople(state, context);
    },
  };

  /** Again: a night that was under way may have made some from what it had read before. */
  async function removeSummaries(state: ErasureState, signal: AbortSignal): Promise<ErasureState> {
    const { conversations } = await files.touched(state.id, state.batches);
    const removed = { ...state.removed };
    for (const { name, eraser } of erasers.filter((each) => each.name === 'summaries')) {
      for (const conversation of conversations) {
        const count = await eraser.eraseConversation?.(conversation, { identities: [], signal });
        if (count) addTo(removed, name, count);
      }
    }
    return { ...state, removed };
  }

  /** The attachments of conversations that stay are looked into as well. */
  async function lookingIntoMedia(
    named: NamedEraser,
    state: ErasureState,
    scope: ErasureScope,
  ): Promise<NamedEraser> {
    if (named.name !== 'media') return named;
    const touched = new Set(scope.conversations.map(conversationPath));
    const found = await files.readFound(state.id);
    const theirs = found.conversations.filter((path) => !touched.has(path));
    const held = new Set([...(await holds.all()).conversations, ...theirs]);
    const { eraser } = named;
    const sweepAll: typeof eraser.sweep = (of, options) => sweepMedia(mediaBlobs, of, { ...options, held });
    return { ...named, eraser: { ...eraser, sweep: sweepAll } };
  }

  async function readScope({ id, kind, batches }: ErasureState): Promise<ErasureScope> {
    // What a conversation's erasure is about is written down before anything is touched.
    const { conversations } = await files.touched(id, Math.max(batches, kind === 'conversation' ? 1 : 0));
    if (kind === 'conversation') return { conversations };
    const traces = await files.readTraces(id);
    return {
      person: { identities: traces.identities, matcher: createMatcher(traces) },
      conversations,
    };
  }
}
