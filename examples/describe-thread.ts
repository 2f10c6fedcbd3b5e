import { createHash } from 'node:crypto';
import type { ExampleConversation } from './read-conversations.ts';

const topic =
  '/subscriptions/00000000-0000-4000-8000-000000000000/resourcegroups/examples/providers/microsoft.communication/communicationservices/parley-examples';
const communicationResource = '5eed0000-0000-4000-8000-000000000001';
/** Event Grid takes a moment to tell what happened. */
const deliveryMilliseconds = 350;

/** An Azure Communication Services event in the Event Grid schema. */
export interface EventGridEvent {
  id: string;
  topic: string;
  subject: string;
  data: Record<string, unknown>;
  eventType: string;
  dataVersion: string;
  metadataVersion: string;
  eventTime: string;
}

/** The thread id that the sample conversation of this name has at ACS. Same name, same id: sent twice, it is one. */
export function exampleThreadId(name: string): string {
  return `19:${digest(name)}@thread.v2`;
}

/** The identity of the person of this name. By name, so that whoever takes part in two conversations is one. */
export function exampleIdentity(name: string): string {
  return `8:acs:${communicationResource}_${uuid(name)}`;
}

/** What all events of a conversation's thread share. */
export function describeThread(conversation: ExampleConversation) {
  const threadId = exampleThreadId(conversation.name);
  const names = new Map(conversation.participants.map(({ id, name }) => [id, name]));

  const nameOf = (id: string): string => {
    const name = names.get(id);
    if (name === undefined) throw new Error(`${conversation.name}: "${id}" is none of its participants.`);
    return name;
  };
  const identifierOf = (id: string) => {
    const rawId = exampleIdentity(nameOf(id));
    return { rawId, communicationUser: { id: rawId } };
  };

  return {
    nameOf,
    identifierOf,
    participantOf: (id: string) => ({
      displayName: nameOf(id),
      participantCommunicationIdentifier: identifierOf(id),
      metadata: {},
    }),
    event: (kind: string, at: string, about: string, data: Record<string, unknown>): EventGridEvent => ({
      id: uuid(`${threadId} ${kind} ${at}`),
      topic,
      subject: `thread/${threadId}/${about}`,
      data: { ...data, threadId, transactionId: `${digest(`${threadId} ${at}`).slice(0, 22)}.1.1.1.1` },
      eventType: `Microsoft.Communication.${kind}`,
      dataVersion: '1.0',
      metadataVersion: '1',
      eventTime: new Date(Date.parse(at) + deliveryMilliseconds).toISOString(),
    }),
  };
}

export type Thread = ReturnType<typeof describeThread>;

/** 32 hexadecimal digits. */
function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 32);
}

function uuid(text: string): string {
  return digest(text).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
