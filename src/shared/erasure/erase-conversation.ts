import type { ConversationKey } from '../transcripts/entry.ts';
import type { TranscriptStore } from '../transcripts/store.ts';
import type { NamedEraser } from './erasers.ts';
import { identitiesOfAll } from './parts-of.ts';

interface Dependencies {
  /** In the order in which they forget: see `createErasers`. */
  erasers: readonly NamedEraser[];
  transcripts: Pick<TranscriptStore, 'readEntries'>;
}

/** What went, by the name of its container or queue. */
export type Removed = Record<string, number>;

export type EraseConversation = (
  parts: readonly ConversationKey[],
  options: { signal: AbortSignal },
) => Promise<Removed>;

/**
 * Makes what removes all that any store has of one conversation: of all its parts, which are to be known beforehand, because
 * what tells that they are one goes, too. The transcripts go last, so that what broke off is found again and can be done
 * again. It buries nothing, and does not ask whether a hold forbids it. Throws storage faults.
 */
export function createEraseConversation({ erasers, transcripts }: Dependencies): EraseConversation {
  return async function eraseConversation(parts, { signal }) {
    const identities = await identitiesOfAll(parts, transcripts, { signal });
    const removed: Removed = {};
    for (const { name, eraser } of erasers) {
      for (const part of parts) {
        const count = await eraser.eraseConversation?.(part, { identities: [...identities], signal });
        if (count) addTo(removed, name, count);
      }
    }
    return removed;
  };
}

export function addTo(removed: Removed, store: string, count: number): void {
  removed[store] = (removed[store] ?? 0) + count;
}

export function addAll(removed: Removed, more: Removed): Removed {
  const sum = { ...removed };
  for (const [store, count] of Object.entries(more)) addTo(sum, store, count);
  return sum;
}
