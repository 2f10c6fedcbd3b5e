import type { PeopleIndex } from '../people/people-index.ts';
import { storageUnavailable } from '../storage/storage-errors.ts';
import { conversationPath } from '../transcripts/conversation-path.ts';
import type { ConversationKey, TranscriptEntry } from '../transcripts/entry.ts';
import type { TranscriptStore } from '../transcripts/store.ts';
import type { Removed } from './erase-conversation.ts';
import { type AgeLook, lookAtAge } from './retention-look.ts';
import { type ShortenDependencies, type ShortenOptions, shorten } from './retention-shorten.ts';
import { eraseOld, type WholeDependencies } from './retention-whole.ts';

export interface AgeingDependencies extends ShortenDependencies, WholeDependencies {
  transcripts: Pick<TranscriptStore, 'read' | 'readEntries'>;
  /** An index that takes nothing for known. */
  people: Pick<PeopleIndex, 'note'>;
}

interface ForgetOptions extends ShortenOptions {
  /** True where an earlier try may have begun to erase all of it. */
  isHalfErased: boolean;
}

/** Somebody writes to it as fast as it is swept. */
const mostTries = 5;

export interface Forgotten {
  /** Nothing of the conversation is left. */
  isWhole: boolean;
  /** What went, by the name of its container. */
  removed: Removed;
}

/**
 * Takes out of a conversation what has become too old, as it was found when it was read, and more where it was written to
 * since. Throws storage faults; done again, it does what is left.
 */
export async function forgetOld(
  key: ConversationKey,
  found: AgeLook,
  dependencies: AgeingDependencies,
  options: ForgetOptions,
): Promise<Forgotten> {
  const { keepFrom, signal } = options;
  const removed: Removed = {};
  let { isHalfErased } = options;
  let look = found;
  for (let tries = 0; tries < mostTries; tries += 1) {
    const { judgement, unnamed } = look;
    if (!judgement?.isWhole) {
      if (judgement) await shorten(key, { judgement, unnamed }, dependencies, { ...options, removed });
      if (isHalfErased) await noteAnew(key, dependencies, { signal });
      return { isWhole: false, removed };
    }
    if (await eraseOld(key, look, dependencies, { removed, signal })) return { isWhole: true, removed };
    isHalfErased = true;
    look = await lookAtAge(key, dependencies, { keepFrom, signal });
  }
  throw storageUnavailable(new Error('somebody keeps writing to a conversation that is swept'));
}

/** Who takes part in what stayed, after the index may have lost them. */
export async function noteAnew(
  key: ConversationKey,
  { transcripts, people }: Pick<AgeingDependencies, 'transcripts' | 'people'>,
  { signal }: { signal: AbortSignal },
): Promise<void> {
  const entries: TranscriptEntry[] = [];
  const take = (entry: TranscriptEntry): unknown => entries.push(withoutText(entry));
  await transcripts.readEntries(conversationPath(key), take, { signal });
  await people.note(key, entries, { signal });
}

/** Who takes part is told beside the text, and the text of a long conversation would fill the memory. */
function withoutText(entry: TranscriptEntry): TranscriptEntry {
  if (entry.kind !== 'message' && entry.kind !== 'edit') return entry;
  const { html: _, quoted: __, original: ___, metadata: ____, ...rest } = entry;
  return { ...rest, text: '' };
}
