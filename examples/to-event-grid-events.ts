import { describeThread, type EventGridEvent, type Thread } from './describe-thread.ts';
import type { ExampleConversation } from './read-conversations.ts';

const creationLeadMilliseconds = 5_000;

type Message = ExampleConversation['messages'][number];
type Change = ExampleConversation['changes'][number];

/**
 * The events that ACS sends about a conversation, in the order in which they happened: one for each happening in the
 * thread, as https://learn.microsoft.com/azure/event-grid/communication-services-chat-events shows them.
 */
export function toEventGridEvents(conversation: ExampleConversation): EventGridEvent[] {
  const thread = describeThread(conversation);
  const createdAt = new Date(
    Date.parse(conversation.messages[0].at) - creationLeadMilliseconds,
  ).toISOString();
  return [
    threadCreated(thread, conversation, createdAt),
    ...conversation.changes.map((change) => threadChanged(thread, change, createdAt)),
    ...conversation.messages.flatMap((message) => messageEvents(thread, message)),
  ].sort((one, other) => Date.parse(one.eventTime) - Date.parse(other.eventTime));
}

function threadCreated(thread: Thread, conversation: ExampleConversation, createdAt: string): EventGridEvent {
  const { changes, messages, participants, topic } = conversation;
  const addedLater = new Set(changes.flatMap((change) => ('added' in change ? change.added : [])));
  const createdBy = thread.identifierOf(messages[0].from);
  return thread.event('ChatThreadCreated', createdAt, `createdBy/${createdBy.rawId}`, {
    createdByCommunicationIdentifier: createdBy,
    properties: { topic },
    participants: participants
      .filter(({ id }) => !addedLater.has(id))
      .map(({ id }) => thread.participantOf(id)),
    metadata: {},
    createTime: wireTime(createdAt),
    version: Date.parse(createdAt),
  });
}

function threadChanged(thread: Thread, change: Change, createdAt: string): EventGridEvent {
  const by = thread.identifierOf(change.by);
  const time = wireTime(change.at);
  const shared = { createTime: wireTime(createdAt), version: Date.parse(change.at) };
  if ('topic' in change) {
    return thread.event('ChatThreadPropertiesUpdated', change.at, `editedBy/${by.rawId}`, {
      editedByCommunicationIdentifier: by,
      editTime: time,
      properties: { topic: change.topic },
      metadata: {},
      ...shared,
    });
  }
  if ('added' in change) {
    const participantAdded = thread.participantOf(change.added);
    const { rawId } = participantAdded.participantCommunicationIdentifier;
    return thread.event('ChatThreadParticipantAdded', change.at, `participantadded/${rawId}`, {
      time,
      addedByCommunicationIdentifier: by,
      participantAdded,
      ...shared,
    });
  }
  const participantRemoved = thread.participantOf(change.removed);
  const { rawId } = participantRemoved.participantCommunicationIdentifier;
  return thread.event('ChatThreadParticipantRemoved', change.at, `participantremoved/${rawId}`, {
    time,
    removedByCommunicationIdentifier: by,
    participantRemoved,
    ...shared,
  });
}

function messageEvents(thread: Thread, message: Message): EventGridEvent[] {
  const sender = thread.identifierOf(message.from);
  const happening = (kind: string, at: string, data: Record<string, unknown>) =>
    thread.event(kind, at, `sender/${sender.rawId}`, {
      ...data,
      messageId: String(Date.parse(message.at)),
      type: message.html === undefined ? 'Text' : 'Html',
      // Text, although the versions of a thread are numbers: ACS does the same.
      version: String(Date.parse(at)),
      senderDisplayName: thread.nameOf(message.from),
      senderCommunicationIdentifier: sender,
      composeTime: wireTime(message.at),
    });

  const sent = happening('ChatMessageReceivedInThread', message.at, {
    messageBody: bodyOf(message),
    metadata: {},
  });
  const edited = message.edits.map((edit) =>
    happening('ChatMessageEditedInThread', edit.at, {
      messageBody: bodyOf(edit),
      metadata: {},
      editTime: wireTime(edit.at),
    }),
  );
  if (message.deletedAt === undefined) return [sent, ...edited];
  const deleteTime = wireTime(message.deletedAt);
  return [sent, ...edited, happening('ChatMessageDeletedInThread', message.deletedAt, { deleteTime })];
}

function bodyOf({ text, html }: { text?: string; html?: string }): string {
  return html ?? text ?? '';
}

/** With an offset, as ACS writes times. */
function wireTime(at: string): string {
  return new Date(at).toISOString().replace('Z', '+00:00');
}
