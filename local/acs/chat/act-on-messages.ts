import { AcsError } from '../exchange.ts';
import { type ChatContext, isShared, openMessage, type Place, takeTick, timeOf } from './chat-context.ts';
import type { Message } from './store.ts';

export interface NewMessage {
  content: string;
  type?: 'text' | 'html';
  senderDisplayName?: string;
  metadata?: Record<string, string>;
}

export interface MessageActions {
  send(place: Place, message: NewMessage): Message;
  /** Only the sender may. */
  edit(place: Place, id: string, change: { content?: string; metadata?: Record<string, string> }): void;
  /** Only the sender may; nothing happens to what is deleted already. */
  remove(place: Place, id: string): void;
  markRead(place: Place, chatMessageId: string): void;
  type(place: Place, displayName: string | undefined): void;
  /** Newest first, and whether there are more; `after` is the id of a message, `since` a time. */
  list(place: Place, page: { after?: string; since?: Date; limit: number }): [page: Message[], more: boolean];
}

const mostContentBytes = 28 * 1024;

/** What can be done in a thread; each call is one transaction with its events. */
export function createMessageActions(context: ChatContext): MessageActions {
  const { store, events, state, clock } = context;

  const ownMessage = (place: Place, id: string): Message => {
    const message = openMessage(context, place, id);
    if (message.sender === place.self.id) return message;
    throw new AcsError(403, 'Forbidden', 'Only the sender of a message may change or delete it.');
  };

  return {
    send: ({ thread, self }, { content, type = 'text', senderDisplayName, metadata }) =>
      state.transaction(() => {
        checkLength(content);
        const tick = takeTick(thread, clock);
        const createdOn = timeOf(tick);
        thread.sequence += 1;
        thread.lastMessageReceivedOn = createdOn;
        const message: Message = {
          id: String(tick),
          type,
          sequenceId: String(thread.sequence),
          version: String(tick),
          content: { message: content },
          sender: self.id,
          senderDisplayName,
          createdOn,
          metadata,
        };
        store.putMessage(thread, message);
        store.putThread(thread);
        events.messageReceived(thread, store.participantsOf(thread), message);
        return message;
      }),
    edit: (place, id, { content, metadata }) =>
      state.transaction(() => {
        const message = ownMessage(place, id);
        if (message.deletedOn) throw new AcsError(404, 'NotFound', `The message ${id} was deleted.`);
        if (content === undefined && metadata === undefined) return;
        if (content !== undefined) checkLength(content);
        const { thread } = place;
        const tick = takeTick(thread, clock);
        const edited: Message = {
          ...message,
          version: String(tick),
          editedOn: timeOf(tick),
          content: { message: content ?? message.content.message },
          metadata: metadata ?? message.metadata,
        };
        store.putMessage(thread, edited);
        store.putThread(thread);
        events.messageEdited(thread, store.participantsOf(thread), edited);
      }),
    remove: (place, id) =>
      state.transaction(() => {
        const { metadata: _, ...message } = ownMessage(place, id);
        if (message.deletedOn) return;
        const { thread } = place;
        const tick = takeTick(thread, clock);
        const deleted: Message = {
          ...message,
          version: String(tick),
          deletedOn: timeOf(tick),
          content: {},
        };
        store.putMessage(thread, deleted);
        store.putThread(thread);
        events.messageDeleted(thread, store.participantsOf(thread), deleted);
      }),
    markRead(place, chatMessageId) {
      openMessage(context, place, chatMessageId);
      const { thread, self } = place;
      const before = store.receipt(thread, self.id);
      // Who has read a message has read those before it.
      if (before && Number(before.chatMessageId) > Number(chatMessageId)) return;
      store.putReceipt(thread, { sender: self.id, chatMessageId, readOn: clock().toISOString() });
    },
    type: ({ thread, self }, displayName) => events.typing(thread, self.id, displayName),
    list({ thread, self }, { after, since, limit }) {
      const found = store.messagesOf(thread, { after, limit: limit + 1 });
      const shown = found.filter(
        (message) => isShared(message, self) && !(since && Date.parse(message.createdOn) < since.getTime()),
      );
      // Ids are times: what is too old is at the end, and behind it all is.
      return [shown.slice(0, limit), shown.length > limit];
    },
  };
}

function checkLength(content: string): void {
  if (content === '') throw new AcsError(400, 'BadRequest', 'content must not be empty.', {}, 'content');
  if (Buffer.byteLength(content) <= mostContentBytes) return;
  const message = `content must not be longer than ${mostContentBytes} bytes (28 KB).`;
  throw new AcsError(413, 'RequestEntityTooLarge', message, {}, 'content');
}
