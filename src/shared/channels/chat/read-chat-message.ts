import type { TranscriptEntry } from '../../transcripts/entry.ts';
import { MalformedEvent } from '../channel.ts';
import type { Member, ThreadFacts, ThreadMessage } from './chat-reader.ts';
import { chat } from './read-chat-event.ts';

/**
 * The entries of a message as a thread holds it: those of the event that told of its latest change, because they are read
 * from that very event. Throws `MalformedEvent`.
 */
export function toEntries(thread: string, message: ThreadMessage): TranscriptEntry[] {
  const { version, createdOn } = message;
  switch (message.type) {
    case 'topicUpdated':
      return read('ChatThreadPropertiesUpdated', {
        threadId: thread,
        version,
        editTime: createdOn,
        properties: { topic: message.topic },
      });
    case 'participantAdded':
      return (message.participants ?? []).flatMap((member) =>
        read('ChatThreadParticipantAdded', {
          threadId: thread,
          version,
          time: createdOn,
          participantAdded: toParticipant(member),
        }),
      );
    case 'participantRemoved':
      return (message.participants ?? []).flatMap((member) =>
        read('ChatThreadParticipantRemoved', {
          threadId: thread,
          version,
          time: createdOn,
          participantRemoved: toParticipant(member),
        }),
      );
    default:
      return contentEntries(thread, message);
  }
}

function contentEntries(thread: string, message: ThreadMessage): TranscriptEntry[] {
  const { id, type, version, text, sender, senderName, createdOn, editedOn, deletedOn, metadata } = message;
  const known = { threadId: thread, messageId: id, version, composeTime: createdOn };
  if (deletedOn !== undefined) return read('ChatMessageDeletedInThread', { ...known, deleteTime: deletedOn });
  if (text === undefined) throw new MalformedEvent('is of a kind that this version does not know');
  const content = {
    ...known,
    type,
    messageBody: text,
    senderCommunicationIdentifier: sender === undefined ? undefined : { rawId: sender },
    senderDisplayName: senderName,
    metadata,
  };
  return editedOn === undefined
    ? read('ChatMessageReceivedInThread', content)
    : read('ChatMessageEditedInThread', { ...content, editTime: editedOn });
}

/** What the event that told of a thread's beginning says of the thread itself; of its participants, messages tell. */
export function threadEntries(
  thread: string,
  { topic, createdOn }: Pick<ThreadFacts, 'topic' | 'createdOn'>,
): TranscriptEntry[] {
  return read('ChatThreadCreated', {
    threadId: thread,
    createTime: createdOn,
    version: String(Date.parse(createdOn)),
    properties: { topic },
  });
}

export function threadDeletedEntries(thread: string, deletedOn: string): TranscriptEntry[] {
  return read('ChatThreadDeleted', {
    threadId: thread,
    deleteTime: deletedOn,
    version: String(Date.parse(deletedOn)),
  });
}

function read(name: string, data: object): TranscriptEntry[] {
  return chat.read({ type: `Microsoft.Communication.${name}`, data })?.entries ?? [];
}

function toParticipant({ id, name }: Member) {
  return { displayName: name, participantCommunicationIdentifier: { rawId: id } };
}
