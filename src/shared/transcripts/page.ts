import * as z from 'zod';
import type { Conversation, Message } from './conversation.ts';

/** The last message of a page: what comes after it keeps its place when messages arrive or go in between. */
export const messagePosition = z.object({ at: z.string(), id: z.string() });
export type MessagePosition = z.infer<typeof messagePosition>;

/**
 * At most `limit` messages after a position, or with the message `around` in their midst, and where the next page begins, if
 * there is one. From the first on, where there is no such message.
 */
export function pageOf(
  conversation: Conversation,
  { limit, after, around }: { limit: number; after?: MessagePosition; around?: string },
): { conversation: Conversation; next?: MessagePosition } {
  const { messages } = conversation;
  const start = after ? startAfter(messages, after) : startAround(messages, around, limit);
  const page = messages.slice(start, start + limit);
  const last = page.at(-1);
  return {
    conversation: { ...conversation, messages: page },
    ...(last && start + limit < messages.length ? { next: { at: last.at, id: last.id } } : {}),
  };
}

function startAfter(messages: readonly Message[], after: MessagePosition): number {
  const found = messages.findIndex((message) => isAfter(message, after));
  return found < 0 ? messages.length : found;
}

function startAround(messages: readonly Message[], around: string | undefined, limit: number): number {
  const found = around === undefined ? -1 : messages.findIndex(({ id }) => id === around);
  return Math.max(0, found - Math.floor(limit / 2));
}

function isAfter(message: Message, position: MessagePosition): boolean {
  return message.at === position.at ? message.id > position.id : message.at > position.at;
}
