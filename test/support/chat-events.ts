/** Builders of chat events as Event Grid delivers them; the field names are those of the official samples. */

export const resource = '8:acs:00000000-0000-4000-8000-000000000000';

export function user(name: string): string {
  return `${resource}_${name}`;
}

export interface EventGridEvent {
  id: string;
  topic: string;
  subject: string;
  eventType: string;
  eventTime: string;
  dataVersion: string;
  metadataVersion: string;
  data: Record<string, unknown>;
}

const start = Date.parse('2026-11-23T09:00:00.000Z');

export function timeAt(second: number): string {
  return new Date(start + second * 1_000).toISOString();
}

export function versionAt(second: number): number {
  return start + second * 1_000;
}

export function chatEvent(name: string, thread: string, data: Record<string, unknown>): EventGridEvent {
  return {
    id: `${name}-${JSON.stringify(data).length}-${String(data.version)}`,
    topic: '/subscriptions/{subscription-id}/providers/Microsoft.Communication/communicationServices/sample',
    subject: `thread/${thread}`,
    eventType: `Microsoft.Communication.${name}`,
    eventTime: timeAt(0),
    dataVersion: '1.0',
    metadataVersion: '1',
    data: { threadId: thread, transactionId: 'sample.1.1.1.1', ...data },
  };
}

interface Content {
  id: string;
  from: string;
  text: string;
  /** Seconds after the start of the sample day. */
  second: number;
  name?: string;
  type?: string;
}

function content({ id, from, text, second, name = from, type = 'Text' }: Content): Record<string, unknown> {
  return {
    messageId: id,
    messageBody: text,
    type,
    senderDisplayName: name,
    senderCommunicationIdentifier: { rawId: user(from), communicationUser: { id: user(from) } },
    composeTime: timeAt(second),
    version: versionAt(second),
    metadata: {},
  };
}

export function sent(thread: string, message: Content): EventGridEvent {
  return chatEvent('ChatMessageReceivedInThread', thread, content(message));
}

export function edited(thread: string, message: Content, second: number): EventGridEvent {
  return chatEvent('ChatMessageEditedInThread', thread, {
    ...content(message),
    editTime: timeAt(second),
    version: versionAt(second),
  });
}

export function deleted(
  thread: string,
  message: { id: string; from: string; second: number },
  second: number,
): EventGridEvent {
  const { messageBody: _, ...data } = content({ ...message, text: '' });
  return chatEvent('ChatMessageDeletedInThread', thread, {
    ...data,
    deleteTime: timeAt(second),
    version: String(versionAt(second)),
  });
}

export function topicChanged(thread: string, topic: string, second: number): EventGridEvent {
  return chatEvent('ChatThreadPropertiesUpdated', thread, {
    properties: { topic },
    editTime: timeAt(second),
    version: versionAt(second),
  });
}

export function joined(thread: string, name: string, second: number): EventGridEvent {
  return chatEvent('ChatThreadParticipantAdded', thread, {
    time: timeAt(second),
    participantAdded: participant(name),
    version: versionAt(second),
  });
}

export function left(thread: string, name: string, second: number): EventGridEvent {
  return chatEvent('ChatThreadParticipantRemoved', thread, {
    time: timeAt(second),
    participantRemoved: participant(name),
    version: versionAt(second),
  });
}

function participant(name: string): Record<string, unknown> {
  return {
    displayName: name,
    participantCommunicationIdentifier: { rawId: user(name), communicationUser: { id: user(name) } },
    metadata: {},
  };
}

/** A short conversation of `count` messages between two people. */
export function smallTalk(thread: string, count: number): EventGridEvent[] {
  return Array.from({ length: count }, (_, index) =>
    sent(thread, {
      id: String(versionAt(index)),
      from: index % 2 === 0 ? 'Ada' : 'Grace',
      text: sentences[index % sentences.length] ?? '',
      second: index,
    }),
  );
}

const sentences = [
  'The printer on the second floor stopped working this morning.',
  'Did you try to restart it after the software update?',
  'Yes, and it still prints only blank pages.',
  'I will send a technician before noon.',
  'Thank you, the invoices have to go out today.',
];
