import type { Conversation } from '../transcripts/conversation.ts';
import type { ContentEntry, Person, TranscriptEntry } from '../transcripts/entry.ts';
import { versionAt } from './parse-payload.ts';
import type { Attempt, Outgoing } from './sender.ts';

interface SentMessage {
  conversation: string;
  messageId: string;
  /** One of our identities. */
  sender: Person;
  text: string;
  html?: string;
  subject?: string;
  to?: Person[];
  attachments?: ContentEntry['attachments'];
  /** The least there is where an event will bring the message, too: the provider's word then counts more than ours. */
  version?: string;
}

/** What a message that we sent leaves in the transcript. */
export function sentMessage(message: SentMessage, outgoing: Outgoing, attempt: Attempt): ContentEntry {
  const at = attempt.triedAt.toISOString();
  const { version = versionAt(at), ...content } = message;
  return {
    kind: 'message',
    id: `message:${message.messageId}:${version}`,
    ...content,
    version,
    at,
    sentBy: outgoing.sentBy,
    ...(outgoing.replyTo === undefined ? {} : { replyTo: outgoing.replyTo }),
  };
}

/** That somebody whom we write to first takes part: nothing else would show it before they answer. */
export function joining(
  { id: conversation, participants }: Conversation,
  participant: Person,
  attempt: Attempt,
): TranscriptEntry[] {
  if (participants.some(({ id }) => id === participant.id)) return [];
  const at = attempt.triedAt.toISOString();
  const version = versionAt(at);
  const id = `participant:${participant.id}:${version}`;
  return [{ kind: 'participant', id, conversation, version, at, participant, change: 'added' }];
}
