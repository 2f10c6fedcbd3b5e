import type { Conversation, Message } from '../../src/shared/transcripts/conversation.ts';
import { textOf } from '../setup/conversations.ts';

const names = ['Ada', 'Grace', 'Joe'];
/** What people say between two things that are worth a sentence. */
const shortReplies = ['Yes, that is right.', 'Thanks!', 'OK, will do.', 'One moment please.', 'No, not yet.'];
/** Messages of one day; then nobody writes until the next. */
const messagesPerDay = 80;
const secondsBetween = 45;
const start = Date.UTC(2026, 0, 5, 9);
const millisecondsPerDay = 86_400_000;

/**
 * A conversation of three people over many days: of three messages, one is a short reply. `number` tells it from others,
 * which are between other people.
 */
export function longConversation(messages: number, number = 0): Conversation {
  const people = names.map((name) => ({ id: `8:acs:${name.toLowerCase()}-${number}`, name }));
  return {
    channel: 'chat',
    id: `19:bench-${number}@thread.v2`,
    participants: people,
    messages: Array.from({ length: messages }, (_, index) => {
      const sender = people[(number + index) % people.length] ?? { id: '8:acs:ada' };
      return { sender, ...say(number, index) };
    }),
  };
}

function say(number: number, index: number): Pick<Message, 'id' | 'at' | 'text'> {
  const day = Math.floor(index / messagesPerDay);
  const second = (index % messagesPerDay) * secondsBetween;
  const reply = shortReplies[(number + index) % shortReplies.length] ?? '';
  return {
    id: String(1_764_000_000_000 + index),
    at: new Date(start + day * millisecondsPerDay + second * 1_000).toISOString(),
    text: index % 3 === 2 ? reply : textOf(number, index),
  };
}

/** The conversation as plain lines, `Ada: text`, as one would hand it to any other library. */
export function linesOf({ messages }: Conversation): string {
  return messages.map(({ sender, text }) => `${sender.name ?? sender.id}: ${text}`).join('\n');
}
