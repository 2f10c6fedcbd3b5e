import type { Container } from '../storage/container.ts';
import { conversationPath } from '../transcripts/conversation-path.ts';
import type { ConversationKey } from '../transcripts/entry.ts';
import { listSegments } from '../transcripts/segments.ts';
import { addTo, type Removed } from './erase-conversation.ts';
import type { NamedEraser } from './erasers.ts';
import type { AgeLook } from './retention-look.ts';

export interface WholeDependencies {
  transcriptBlobs: Container;
  erasers: readonly NamedEraser[];
}

/**
 * Removes all that the stores have of a conversation that has become too old, and adds what went to `removed`. False where
 * somebody has written to it since it was read: then that is there still, and who takes part is to be noted anew.
 */
export async function eraseOld(
  key: ConversationKey,
  { judgement, segments }: AgeLook,
  { transcriptBlobs, erasers }: WholeDependencies,
  { removed, signal }: { removed: Removed; signal: AbortSignal },
): Promise<boolean> {
  const identities = judgement?.identities ?? [];
  for (const { name, eraser, isSource } of erasers) {
    // The transcript goes last, and only as it was read; what waits in an outbox or a queue is new.
    if (name === 'transcripts' || isSource) continue;
    addTo(removed, name, (await eraser.eraseConversation?.(key, { identities, signal })) ?? 0);
  }
  const path = conversationPath(key);
  // The last one first: whoever writes meanwhile writes to that one, and then all of them stay.
  for (const { name, etag } of segments.toReversed()) {
    if (!(await transcriptBlobs.remove(`${path}/${name}.jsonl`, { etag, signal }))) break;
    addTo(removed, 'transcripts', 1);
  }
  return (await listSegments(transcriptBlobs, path, signal)).length === 0;
}
