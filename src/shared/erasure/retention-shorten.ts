import type { LeaveConversation } from '../people/leave-conversation.ts';
import type { Container } from '../storage/container.ts';
import { conversationPath } from '../transcripts/conversation-path.ts';
import type { AnalysisEntry, ConversationKey, TranscriptEntry } from '../transcripts/entry.ts';
import { matchTexts } from '../transcripts/match-texts.ts';
import { rewriteTranscript } from '../transcripts/rewrite.ts';
import type { TranscriptStore } from '../transcripts/store.ts';
import { addTo, type Removed } from './erase-conversation.ts';
import type { NamedEraser } from './erasers.ts';
import type { Judgement } from './retention-inventory.ts';

export interface ShortenDependencies {
  transcripts: Pick<TranscriptStore, 'read'>;
  transcriptBlobs: Container;
  mediaBlobs: Container;
  erasers: readonly NamedEraser[];
  leave: LeaveConversation;
}

interface Old {
  judgement: Judgement;
  unnamed: readonly AnalysisEntry[];
}

export interface ShortenOptions {
  /** What was sent before this time goes. */
  keepFrom: string;
  /** See `RewriteOptions`. */
  holder: string;
  signal: AbortSignal;
}

/**
 * Takes messages that have become too old out of a conversation that stays, and adds what went to `removed`. The transcript
 * goes last, so that what broke off is found again.
 */
export async function shorten(
  key: ConversationKey,
  { judgement, unnamed }: Old,
  { transcripts, transcriptBlobs, mediaBlobs, erasers, leave }: ShortenDependencies,
  { keepFrom, holder, removed, signal }: ShortenOptions & { removed: Removed },
): Promise<void> {
  const path = conversationPath(key);
  for (const blob of judgement.media) {
    // A transcript that was imported may name any blob.
    const isTheirs = blob.startsWith(`${path}/`);
    if (isTheirs && (await mediaBlobs.remove(blob, { signal }))) addTo(removed, 'media', 1);
  }
  // The next night makes it anew.
  const summaries = erasers.find(({ name }) => name === 'summaries')?.eraser;
  const summary = (await summaries?.eraseConversation?.(key, { identities: [], signal })) ?? 0;
  addTo(removed, 'summaries', summary);
  addTo(removed, 'people', await leave(judgement.identities, key));
  const messageOf = await findMessages(path, unnamed, { transcripts, signal });
  const isOld = (entry: TranscriptEntry): boolean => {
    const messageId = messageOf(entry);
    if (messageId !== undefined) return judgement.isGone(messageId);
    return entry.kind === 'analysis' && (entry.matches?.at ?? entry.at) < keepFrom;
  };
  const change = (entry: TranscriptEntry): TranscriptEntry | undefined => (isOld(entry) ? undefined : entry);
  const { dropped } = await rewriteTranscript(transcriptBlobs, path, change, { holder, signal });
  addTo(removed, 'transcripts', dropped);
}

/** Makes what tells the message of an entry, also of those that name it by its text alone. */
async function findMessages(
  path: string,
  unnamed: readonly AnalysisEntry[],
  { transcripts, signal }: { transcripts: Pick<TranscriptStore, 'read'>; signal: AbortSignal },
): Promise<(entry: TranscriptEntry) => string | undefined> {
  const transcript = unnamed.length > 0 ? await transcripts.read(path, { signal }) : undefined;
  const texts = (transcript?.conversation.messages ?? []).map(({ id, sender, text, at, editedAt }) => ({
    messageId: id,
    sender: sender.id,
    text,
    at: editedAt ?? at,
  }));
  const found = new Map([...matchTexts(unnamed, texts)].map(([messageId, { id }]) => [id, messageId]));
  return (entry) => ('messageId' in entry ? entry.messageId : undefined) ?? found.get(entry.id);
}
