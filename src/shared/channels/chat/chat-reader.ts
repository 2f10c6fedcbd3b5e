import type { ChatMessage, ChatParticipant } from '@azure/communication-chat';
import type { CommunicationIdentifier } from '@azure/communication-common';
import type { AcsClients } from '../../acs/clients.ts';

export interface ThreadFacts {
  topic?: string;
  /** Times are ISO 8601 UTC. */
  createdOn: string;
  deletedOn?: string;
}

export interface Member {
  id: string;
  name?: string;
  /** What was said before is not shown to them. */
  shareHistoryTime?: string;
}

/** A message as the thread holds it now. */
export interface ThreadMessage {
  id: string;
  /** `text`, `html`, `topicUpdated`, `participantAdded`, `participantRemoved`, or what a newer service calls it. */
  type: string;
  version: string;
  text?: string;
  topic?: string;
  participants?: Member[];
  sender?: string;
  senderName?: string;
  createdOn: string;
  editedOn?: string;
  deletedOn?: string;
  metadata?: Record<string, string>;
}

export interface Page<Value> {
  values: Value[];
  /** The address of the next page. */
  next?: string;
}

/**
 * What a user sees of its threads. There is nothing here to write with: whoever holds this can only read. Errors are those
 * of the SDK.
 */
export interface ChatReader {
  threads(from: string | undefined, signal: AbortSignal): Promise<Page<{ id: string; deletedOn?: string }>>;
  thread(thread: string, signal: AbortSignal): Promise<ThreadFacts>;
  members(thread: string, signal: AbortSignal): Promise<Member[]>;
  /** Newest first. */
  messages(thread: string, from: string | undefined, signal: AbortSignal): Promise<Page<ThreadMessage>>;
}

/** The most that the service gives at once. */
const maxPageSize = 200;

/** Opens what a user sees, with a token that the resource issues for it. */
export async function openChatReader(clients: Pick<AcsClients, 'chatAs'>, user: string): Promise<ChatReader> {
  const [client, { getIdentifierRawId }] = await Promise.all([
    clients.chatAs(user),
    import('@azure/communication-common'),
  ]);
  const rawId = (identifier: CommunicationIdentifier): string => getIdentifierRawId(identifier);
  return {
    async threads(from, abortSignal) {
      const { values, next } = await pageFrom(client.listChatThreads({ maxPageSize, abortSignal }), from);
      return { values: values.map(({ id, deletedOn }) => ({ id, deletedOn: toIso(deletedOn) })), next };
    },
    async thread(thread, abortSignal) {
      const { topic, createdOn, deletedOn } = await client
        .getChatThreadClient(thread)
        .getProperties({ abortSignal });
      return { topic, createdOn: createdOn.toISOString(), deletedOn: toIso(deletedOn) };
    },
    async members(thread, abortSignal) {
      const members: Member[] = [];
      const listed = client.getChatThreadClient(thread).listParticipants({ maxPageSize, abortSignal });
      for await (const participant of listed) members.push(toMember(participant, rawId));
      return members;
    },
    async messages(thread, from, abortSignal) {
      const listed = client.getChatThreadClient(thread).listMessages({ maxPageSize, abortSignal });
      const { values, next } = await pageFrom(listed, from);
      return { values: values.map((message) => toThreadMessage(message, rawId)), next };
    },
  };
}

interface Pages<Value> {
  byPage(settings: { continuationToken?: string }): AsyncIterableIterator<Value[]>;
}

/** The SDK's pages do not tell where the next one begins; the settings that it was given, and writes to, do. */
async function pageFrom<Value>(pages: Pages<Value>, from: string | undefined): Promise<Page<Value>> {
  const settings: { continuationToken?: string } = from === undefined ? {} : { continuationToken: from };
  const page = await pages.byPage(settings).next();
  return { values: page.done ? [] : page.value, next: page.done ? undefined : settings.continuationToken };
}

function toMember(
  { id, displayName, shareHistoryTime }: ChatParticipant,
  rawId: (identifier: CommunicationIdentifier) => string,
): Member {
  return { id: rawId(id), name: displayName || undefined, shareHistoryTime: toIso(shareHistoryTime) };
}

function toThreadMessage(
  {
    id,
    type,
    version,
    content,
    sender,
    senderDisplayName,
    createdOn,
    editedOn,
    deletedOn,
    metadata,
  }: ChatMessage,
  rawId: (identifier: CommunicationIdentifier) => string,
): ThreadMessage {
  return {
    id,
    type,
    version,
    text: content?.message,
    topic: content?.topic,
    participants: content?.participants?.map((participant) => toMember(participant, rawId)),
    sender: sender && rawId(sender),
    senderName: senderDisplayName,
    createdOn: createdOn.toISOString(),
    editedOn: toIso(editedOn),
    deletedOn: toIso(deletedOn),
    metadata,
  };
}

function toIso(time: Date | undefined): string | undefined {
  return time?.toISOString();
}
