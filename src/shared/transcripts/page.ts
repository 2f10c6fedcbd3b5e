import * as z from 'zod';
import type { Conversation, Message } from './conversation.ts';

/** The last message of a page: what comes after it keeps its place when messages arrive or go in between. */
export const messagePosition = z.object({ at: z.string(), id: z.string() });
export type MessagePosition = z.infer<typeof messagePosition>;

/** At most `limit` messages after a position, and where the next page begins, if there is one. */
export function pageOf(
  conversation: Conversation,
  { limit, after }: { limit: number; after?: MessagePosition },
): { conversation: Conversation; next?: MessagePosition } {
  const { messages } = conversation;
  const found = after ? messages.findIndex((message) => isAfter(message, after)) : 0;
  const start = found < 0 ? messages.length : found;
  const page = messages.slice(start, start + limit);
  const last = page.at(-1);
  return {
    conversation: { ...conversation, messages: page },
    ...(last && start + limit < messages.length ? { next: { at: last.at, id: last.id } } : {}),
  };
}

function isAfter(message: Message, position: MessagePosition): boolean {
  return message.at === position.at ? message.id > position.id : message.at > position.at;
}
