import pMap from 'p-map';
import type { Eraser } from '../erasers/eraser.ts';
import type { Directory } from '../people/directory.ts';
import type { Container } from '../storage/container.ts';
import type { Tombstones } from '../tombstones/tombstones.ts';
import type { TranscriptStore } from '../transcripts/store.ts';
import { addAll, type EraseConversation, type Removed } from './erase-conversation.ts';
import type { Batch } from './erasure-files.ts';
import type { ErasureState } from './erasure-state.ts';
import { readHolds } from './held-back.ts';
import type { Holds } from './holds.ts';
import type { Erased } from './look-through.ts';
import { buryWhole, identitiesOfAll } from './parts-of.ts';
import { redactConversation } from './redact-conversation.ts';
import type { StepContext } from './run-erasure.ts';

export interface TouchDependencies {
  transcripts: Pick<TranscriptStore, 'readEntries'>;
  transcriptBlobs: Container;
  mediaBlobs: Container;
  tombstones: Pick<Tombstones, 'buryConversation' | 'buryEntries' | 'buryMessages'>;
  directory: Pick<Directory, 'personOf'>;
  holds: Pick<Holds, 'all'>;
  summaries: Eraser;
  eraseConversation: EraseConversation;
}

type Planned = Batch['conversations'][number];

/** Conversations that are rewritten or removed at once. */
const concurrency = 4;

/** Does what a batch says, which may have been done in part already. Returns it without what a hold kept it from. */
export async function touchBatch(
  { conversations, position }: Batch,
  begun: ErasureState,
  erased: Erased,
  dependencies: TouchDependencies,
  { signal }: Pick<StepContext, 'signal'>,
): Promise<{ state: ErasureState; batch: Batch }> {
  const { transcripts, eraseConversation } = dependencies;
  const { id: holder, until = begun.startedAt } = begun;
  const isHeld = await readHolds(dependencies, { signal });
  const touched: Planned[] = [];
  let state = begun;
  await pMap(conversations, touch, { concurrency });
  const held = state.conversations.held + conversations.length - touched.length;
  state = { ...state, conversations: { ...state.conversations, held } };
  return { state, batch: { conversations: touched, position } };

  async function touch(planned: Planned): Promise<void> {
    const { isWhole, parts, ...key } = planned;
    // Asked again: a hold may have come since it was planned.
    if (await isHeld(parts, () => identitiesOfAll(parts, transcripts, { signal }))) return;
    touched.push(planned);
    if (isWhole) {
      await buryWhole(parts, until, dependencies, { signal });
      note(await eraseConversation(parts, { signal }), 0);
      return;
    }
    const { removed, unread } = await redactConversation(key, erased, dependencies, { holder, signal });
    note(removed, unread);
  }

  function note(removed: Removed, unread: number): void {
    state = {
      ...state,
      found: state.found + 1,
      unread: state.unread + unread,
      removed: addAll(state.removed, removed),
    };
  }
}
