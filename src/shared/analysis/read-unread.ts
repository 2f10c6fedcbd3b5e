import { conversationPath } from '../transcripts/conversation-path.ts';
import type { ConversationKey, TranscriptEntry } from '../transcripts/entry.ts';
import { createFold } from '../transcripts/fold.ts';
import type { TranscriptStore } from '../transcripts/store.ts';
import type { Unread } from '../transcripts/unread-message.ts';
import { createStrayFinder } from './find-strays.ts';

export interface ReadTranscript {
  unread: Unread;
  /** Whether something waits here for messages that come elsewhere. */
  hasStrays: boolean;
  /** Bytes. */
  length: number;
}

/**
 * Reads what is left to analyse of a conversation. `unchanged` where it has the length `done` that it had when nothing was
 * left: then it is not read. Undefined where there is no such conversation.
 */
export async function readUnread(
  key: ConversationKey,
  transcripts: Pick<TranscriptStore, 'list' | 'readEntries'>,
  { done, signal }: { done?: number | undefined; signal: AbortSignal },
): Promise<ReadTranscript | 'unchanged' | undefined> {
  const path = conversationPath(key);
  for await (const { length: listed, segments } of transcripts.list({ path })) {
    if (listed === done) return 'unchanged';
    const fold = createFold(key);
    const strays = createStrayFinder();
    const take = (entry: TranscriptEntry): void => {
      strays.add(entry);
      fold.add(entry);
    };
    const read = await transcripts.readEntries(path, take, { segments, signal });
    const length = read.reduce((sum, segment) => sum + segment.length, 0);
    return { unread: fold.unread(), hasStrays: strays.found().length > 0, length };
  }
  return undefined;
}
