import { randomBytes } from 'node:crypto';
import type { Emulator } from '../emulator.ts';
import { timeOf } from './chat-context.ts';
import { describeUserInEvent } from './identifiers.ts';
import type { Message, Participant, Thread } from './store.ts';

/** Tells Event Grid what happened in a thread, once for the thread and once for each of `recipients`. */
export interface ChatEvents {
  threadCreated(thread: Thread, recipients: Participant[]): void;
  threadDeleted(thread: Thread, recipients: Participant[], by: string): void;
  propertiesUpdated(thread: Thread, recipients: Participant[], by: string): void;
  participantAdded(thread: Thread, recipients: Participant[], by: string, added: Participant): void;
  participantRemoved(thread: Thread, recipients: Participant[], by: string, removed: Participant): void;
  messageReceived(thread: Thread, recipients: Participant[], message: Message): void;
  messageEdited(thread: Thread, recipients: Participant[], message: Message): void;
  messageDeleted(thread: Thread, recipients: Participant[], message: Message): void;
  typing(thread: Thread, user: string, displayName: string | undefined): void;
}

type Data = Record<string, unknown>;
type FormatTime = (time: string) => string;

interface Occurrence {
  thread: Thread;
  recipients: Participant[];
  /** Types of the event in the thread and of the events for each user. */
  types: [inThread: string, perUser: string];
  /** What follows the thread in the subject: for the thread, and for each user where it is written otherwise. */
  subject: string;
  subjectPerUser?: string;
  /** What both have; the two write times in their own way. */
  data: (time: FormatTime) => Data;
  /** What only the events of users have, besides `recipientId`: ids from before there were identifiers. */
  dataPerUser?: Data;
}

export function createChatEvents({ emit }: Pick<Emulator, 'emit'>): ChatEvents {
  const tell = (occurrence: Occurrence): void => {
    const { thread, recipients, types, subject, subjectPerUser = subject, data, dataPerUser } = occurrence;
    const [inThread, perUser] = types;
    const same = { threadId: thread.id, transactionId: newTransactionId() };
    emit({
      type: inThread,
      subject: `thread/${thread.id}/${subject}`,
      data: { ...data(withOffset), ...same },
    });
    for (const { id } of recipients) {
      const recipient = {
        recipientCommunicationIdentifier: describeUserInEvent(id),
        ...(dataPerUser ? { ...dataPerUser, recipientId: id } : {}),
      };
      emit({
        type: perUser,
        subject: `thread/${thread.id}/${subjectPerUser}/recipient/${id}`,
        data: { ...data(withZ), ...recipient, ...same },
      });
    }
  };
  const tellMessage = (
    change: 'Received' | 'Edited' | 'Deleted',
    thread: Thread,
    recipients: Participant[],
    message: Message,
    data: (time: FormatTime) => Data,
  ): void => {
    const sender = message.sender ?? '';
    tell({
      thread,
      recipients,
      types: [`ChatMessage${change}InThread`, `ChatMessage${change}`],
      subject: `sender/${sender}`,
      dataPerUser: { senderId: sender },
      data: (time) => ({
        ...data(time),
        messageId: message.id,
        senderCommunicationIdentifier: describeUserInEvent(sender),
        senderDisplayName: message.senderDisplayName,
        composeTime: time(message.createdOn),
        type: message.type === 'html' ? 'Html' : 'Text',
        version: Number(message.version),
      }),
    });
  };

  return {
    threadCreated(thread, recipients) {
      const { topic, createdBy, createdOn, metadata, retentionPolicy, tick } = thread;
      tell({
        thread,
        recipients,
        types: ['ChatThreadCreated', 'ChatThreadCreatedWithUser'],
        subject: `createdBy/${createdBy}`,
        data: (time) => ({
          createdByCommunicationIdentifier: describeUserInEvent(createdBy),
          properties: { topic },
          metadata,
          retentionPolicy,
          participants: recipients.map(describeParticipant),
          createTime: time(createdOn),
          version: tick,
        }),
        dataPerUser: {
          createdBy,
          members: recipients.map(({ id, displayName }) => ({ displayName, memberId: id })),
        },
      });
    },
    threadDeleted(thread, recipients, by) {
      const { createdOn, deletedOn = '', tick } = thread;
      tell({
        thread,
        recipients,
        types: ['ChatThreadDeleted', 'ChatThreadWithUserDeleted'],
        subject: `deletedBy/${by}`,
        data: (time) => ({
          deletedByCommunicationIdentifier: describeUserInEvent(by),
          deleteTime: time(deletedOn),
          createTime: time(createdOn),
          version: tick,
        }),
        dataPerUser: { deletedBy: by },
      });
    },
    propertiesUpdated(thread, recipients, by) {
      const { topic, createdOn, metadata, retentionPolicy, tick } = thread;
      tell({
        thread,
        recipients,
        types: ['ChatThreadPropertiesUpdated', 'ChatThreadPropertiesUpdatedPerUser'],
        subject: `editedBy/${by}`,
        data: (time) => ({
          editedByCommunicationIdentifier: describeUserInEvent(by),
          editTime: time(timeOf(tick)),
          properties: { topic },
          metadata,
          retentionPolicy,
          createTime: time(createdOn),
          version: tick,
        }),
        dataPerUser: { editedBy: by },
      });
    },
    participantAdded(thread, recipients, by, added) {
      tell({
        thread,
        recipients,
        types: ['ChatThreadParticipantAdded', 'ChatParticipantAddedToThreadWithUser'],
        subject: `participantadded/${added.id}`,
        subjectPerUser: `participantAdded/${added.id}`,
        data: (time) => ({
          time: time(timeOf(thread.tick)),
          addedByCommunicationIdentifier: describeUserInEvent(by),
          participantAdded: describeParticipant(added),
          createTime: time(thread.createdOn),
          version: thread.tick,
        }),
      });
    },
    participantRemoved(thread, recipients, by, removed) {
      tell({
        thread,
        recipients,
        types: ['ChatThreadParticipantRemoved', 'ChatParticipantRemovedFromThreadWithUser'],
        subject: `participantremoved/${removed.id}`,
        subjectPerUser: `participantRemoved/${removed.id}`,
        data: (time) => ({
          time: time(timeOf(thread.tick)),
          removedByCommunicationIdentifier: describeUserInEvent(by),
          participantRemoved: describeParticipant(removed),
          createTime: time(thread.createdOn),
          version: thread.tick,
        }),
      });
    },
    messageReceived(thread, recipients, message) {
      const { content, metadata } = message;
      tellMessage('Received', thread, recipients, message, () => ({
        messageBody: content.message,
        metadata,
      }));
    },
    messageEdited(thread, recipients, message) {
      const { content, metadata, editedOn = '' } = message;
      tellMessage('Edited', thread, recipients, message, (time) => ({
        editTime: time(editedOn),
        messageBody: content.message,
        metadata,
      }));
    },
    messageDeleted(thread, recipients, message) {
      const { deletedOn = '' } = message;
      tellMessage('Deleted', thread, recipients, message, (time) => ({ deleteTime: time(deletedOn) }));
    },
    typing(thread, user, displayName) {
      emit({
        type: 'ChatTypingIndicatorReceivedInThread',
        subject: `thread/${thread.id}/sender/${user}`,
        data: {
          senderCommunicationIdentifier: describeUserInEvent(user),
          senderDisplayName: displayName,
          threadId: thread.id,
          transactionId: newTransactionId(),
        },
      });
    },
  };
}

function describeParticipant({ id, displayName, metadata }: Participant) {
  return { displayName, participantCommunicationIdentifier: describeUserInEvent(id), metadata };
}

function newTransactionId(): string {
  const random = randomBytes(20);
  return `${random.toString('base64', 0, 16).replace(/=+$/, '')}.1.1.1.1.${random.readUInt32BE(16)}.1`;
}

/** `2021-02-20T00:59:10.46+00:00`: the fraction without zeros at its end. */
const withOffset: FormatTime = (time) => time.replace(/\.?0*Z$/, '+00:00');
const withZ: FormatTime = (time) => time.replace(/\.?0*Z$/, 'Z');
