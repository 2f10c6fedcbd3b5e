import { maskConversation } from '../../redaction/mask-conversation.ts';
import type { Conversation, Message } from '../../transcripts/conversation.ts';
import { pause } from './pause.ts';

/** So many messages are masked at once, and then others may run. */
const atOnce = 1_000;
/** Longer turns are not looked at from their beginning: a number has fewer digits. */
const mostBefore = 20;

/**
 * A conversation of which topic, people and the messages from a place on are masked: those before it are not shown. Numbers
 * that somebody wrote over several messages are seen here, where these stand together.
 */
export async function maskFrom(
  conversation: Conversation,
  from: number,
  signal: AbortSignal | undefined,
): Promise<Conversation> {
  const { messages } = conversation;
  const masked: Message[] = messages.slice(0, from);
  const { topic, participants } = maskConversation({ ...conversation, messages: [] });
  for (let start = startOfTurn(messages, from); start < messages.length; ) {
    const end = endOfTurn(messages, Math.min(start + atOnce, messages.length));
    const part = { ...conversation, topic, participants: [], messages: messages.slice(start, end) };
    for (const message of maskConversation(part).messages.slice(Math.max(0, from - start)))
      masked.push(message);
    signal?.throwIfAborted();
    await pause();
    start = end;
  }
  return { ...conversation, topic, participants, messages: masked };
}

/** A number in new messages may have begun in the ones before. */
function startOfTurn(messages: readonly Message[], place: number): number {
  let start = Math.min(place, messages.length);
  const isOneTurn = (): boolean => messages[start]?.sender.id === messages[start - 1]?.sender.id;
  while (start > 0 && start > place - mostBefore && isOneTurn()) start -= 1;
  return start;
}

/** Not between two messages of one sender. */
function endOfTurn(messages: readonly Message[], place: number): number {
  let end = place;
  while (end < messages.length && messages[end]?.sender.id === messages[end - 1]?.sender.id) end += 1;
  return end;
}
