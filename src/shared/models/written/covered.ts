import { createHash } from 'node:crypto';
import type { Conversation, Message } from '../../transcripts/conversation.ts';
import { pause } from './pause.ts';
import type { WritingState } from './writing-state.ts';

/** What a summary was made from, so that the next one knows whether it still stands so. */
export async function coverAll({ messages }: Conversation): Promise<WritingState['covered']> {
  const last = messages.at(-1);
  if (!last) throw new Error('a conversation without messages has no summary');
  const digest = await digestOf(messages, messages.length);
  return { messages: messages.length, last: { id: last.id, at: last.at }, digest };
}

/** Whether the conversation begins with exactly what was covered: nothing edited, deleted or come in between. */
export async function stillStands(
  { messages }: Conversation,
  { messages: count, last, digest }: WritingState['covered'],
): Promise<boolean> {
  const found = messages[count - 1];
  if (found?.id !== last.id || found.at !== last.at) return false;
  return (await digestOf(messages, count)) === digest;
}

async function digestOf(messages: readonly Message[], count: number): Promise<string> {
  const hash = createHash('sha256');
  for (let place = 0; place < count; place += 1) {
    if (place % 2_000 === 1_999) await pause();
    const { id, at, sender, text, subject, editedAt } = messages[place] ?? {};
    hash.update(JSON.stringify([id, at, sender?.id, text, subject, editedAt]));
  }
  return hash.digest('hex');
}
