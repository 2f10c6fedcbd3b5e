import type { Eraser } from '../erasers/eraser.ts';
import { judgeEntry } from '../erasers/redact-entry.ts';
import type { Container } from '../storage/container.ts';
import type { Tombstones } from '../tombstones/tombstones.ts';
import { conversationPath } from '../transcripts/conversation-path.ts';
import type { ConversationKey, TranscriptEntry } from '../transcripts/entry.ts';
import { rewriteTranscript } from '../transcripts/rewrite.ts';
import { addTo, type Removed } from './erase-conversation.ts';
import { forgetAttachments } from './forget-attachments.ts';
import { type Erased, isTracedLine, lookThrough } from './look-through.ts';

interface Dependencies {
  transcriptBlobs: Container;
  tombstones: Pick<Tombstones, 'buryEntries' | 'buryMessages'>;
  /** Removes the summary, which the next night makes anew. */
  summaries: Eraser;
  mediaBlobs: Container;
}

export interface Redacted {
  removed: Removed;
  /** Attachments of others that nobody looked into. */
  unread: number;
}

interface Options {
  /** The id of the erasure. */
  holder: string;
  signal: AbortSignal;
}

/**
 * Takes somebody out of a conversation that stays: their entries go, and what others wrote loses what is of them. Late
 * deliveries of either are buried before. The transcript goes last, so that what broke off is found again.
 */
export async function redactConversation(
  key: ConversationKey,
  erased: Erased,
  { transcriptBlobs, tombstones, summaries, mediaBlobs }: Dependencies,
  { holder, signal }: Options,
): Promise<Redacted> {
  const look = await lookThrough(key, erased, transcriptBlobs, { signal });
  const { toBury, messages, redactions, attachments, isTheirs } = look;
  if (toBury.size > 0) await tombstones.buryEntries(key, [...toBury]);
  if (messages.size > 0) await tombstones.buryMessages(key, [...messages]);

  const removed: Removed = {};
  const note = (store: string, count: number): void => {
    if (count > 0) addTo(removed, store, count);
  };
  note(summaries.store, (await summaries.eraseConversation?.(key, { identities: [], signal })) ?? 0);
  const forgotten = await forgetAttachments(key, attachments, mediaBlobs, { signal });
  note('media', forgotten.removed);

  const about = { ...erased, messages, redactions, isTheirs };
  const change = (entry: TranscriptEntry): TranscriptEntry | undefined => {
    const judged = judgeEntry(entry, about);
    const isBuried = toBury.has(entry.id) || (!judged && entry.kind !== 'analysis');
    // Came since: the next pass buries it first.
    return judged === entry || isBuried ? judged : entry;
  };
  const rewritten = await rewriteTranscript(transcriptBlobs, conversationPath(key), change, {
    holder,
    isTraced: (line) => isTracedLine(line, about),
    signal,
  });
  note('transcripts', rewritten.dropped + rewritten.changed);
  return { removed, unread: forgotten.unread };
}
