import type { State } from '../state.ts';

export interface Thread {
  id: string;
  topic: string;
  createdOn: string;
  createdBy: string;
  metadata?: Record<string, string>;
  retentionPolicy?: RetentionPolicy;
  deletedOn?: string;
  lastMessageReceivedOn?: string;
  /** The latest id or version given out, in milliseconds: the next one is higher. */
  tick: number;
  /** The latest `sequenceId`. */
  sequence: number;
}

export type RetentionPolicy =
  | { kind: 'none' }
  | { kind: 'threadCreationDate'; deleteThreadAfterDays: number };

export interface Participant {
  id: string;
  displayName?: string;
  /** What was written before stays hidden from the participant. */
  shareHistoryTime: string;
  metadata?: Record<string, string>;
}

export interface Message {
  id: string;
  type: 'text' | 'html' | 'topicUpdated' | 'participantAdded' | 'participantRemoved';
  sequenceId: string;
  version: string;
  content: { message?: string; topic?: string; participants?: Participant[]; initiator?: string };
  sender?: string;
  senderDisplayName?: string;
  createdOn: string;
  editedOn?: string;
  deletedOn?: string;
  metadata?: Record<string, string>;
}

export interface ReadReceipt {
  sender: string;
  chatMessageId: string;
  readOn: string;
}

interface Page {
  after?: string;
  limit: number;
}

export type ChatStore = ReturnType<typeof openChatStore>;

/** What the chat service remembers. */
export function openChatStore(state: State) {
  const threads = state.collection<Thread>('chat-threads');
  const participants = state.collection<Participant>('chat-participants');
  /** By user, in the order in which the threads were created. */
  const threadsOfUsers = state.collection<string>('chat-threads-of-users');
  const messages = state.collection<Message>('chat-messages');
  const receipts = state.collection<ReadReceipt>('chat-read-receipts');

  const userKey = (user: string, { id, createdOn }: Thread) => `${user}/${createdOn}/${id}`;

  return {
    thread: (id: string): Thread | undefined => threads.get(id),
    putThread: (thread: Thread): void => threads.put(thread.id, thread),
    /** Newest first, those that were deleted among them; `after` is the mark of a thread. */
    threadsOf(user: string, { after, limit }: Page): { thread: Thread; mark: string }[] {
      const prefix = `${user}/`;
      const found = threadsOfUsers.list({
        prefix,
        after: after === undefined ? undefined : prefix + after,
        limit,
        newestFirst: true,
      });
      return found.flatMap(({ id, value }) => {
        const thread = threads.get(value);
        return thread ? [{ thread, mark: id.slice(prefix.length) }] : [];
      });
    },
    participant: (thread: Thread, user: string): Participant | undefined =>
      participants.get(`${thread.id}/${user}`),
    participantsOf: (thread: Thread): Participant[] => participants.values({ prefix: `${thread.id}/` }),
    putParticipant(thread: Thread, participant: Participant): void {
      participants.put(`${thread.id}/${participant.id}`, participant);
      threadsOfUsers.put(userKey(participant.id, thread), thread.id);
    },
    removeParticipant(thread: Thread, user: string): void {
      participants.delete(`${thread.id}/${user}`);
      threadsOfUsers.delete(userKey(user, thread));
    },
    message: (thread: Thread, id: string): Message | undefined => messages.get(messageKey(thread, id)),
    putMessage: (thread: Thread, message: Message): void =>
      messages.put(messageKey(thread, message.id), message),
    /** Newest first; `after` is the id of a message. */
    messagesOf: (thread: Thread, { after, limit }: Page): Message[] =>
      messages.values({
        prefix: `${thread.id}/`,
        after: after === undefined ? undefined : messageKey(thread, after),
        limit,
        newestFirst: true,
      }),
    receiptsOf: (thread: Thread): ReadReceipt[] => receipts.values({ prefix: `${thread.id}/` }),
    receipt: (thread: Thread, user: string): ReadReceipt | undefined => receipts.get(`${thread.id}/${user}`),
    putReceipt: (thread: Thread, receipt: ReadReceipt): void =>
      receipts.put(`${thread.id}/${receipt.sender}`, receipt),
  };
}

/** Ids are numbers without leading zeros: filled up, their texts sort as they do. */
function messageKey(thread: Thread, id: string): string {
  return `${thread.id}/${id.padStart(16, '0')}`;
}
