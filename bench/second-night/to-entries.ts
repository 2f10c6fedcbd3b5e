import type { Conversation } from '../../src/shared/transcripts/conversation.ts';
import type { TranscriptEntry } from '../../src/shared/transcripts/entry.ts';

/** The lines of a transcript that says this conversation: each message as it was sent. */
export function toEntries({ id: conversation, messages }: Conversation): TranscriptEntry[] {
  return messages.map(({ id, at, sender, text }) => ({
    kind: 'message',
    id: `message:${id}:${Date.parse(at)}`,
    conversation,
    version: String(Date.parse(at)),
    at,
    messageId: id,
    sender,
    text,
    composedAt: at,
  }));
}
