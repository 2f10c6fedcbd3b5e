import { createHmac } from 'node:crypto';
import type { Conversation } from '../../transcripts/conversation.ts';
import { pause } from './pause.ts';

/**
 * What the request about a conversation is disguised by where the very same has to be made again: another one with each
 * change of what it reads, and unknown to whoever does not have the secret.
 */
export async function seedOf(conversation: Conversation, secret: string): Promise<string> {
  const { channel, id, topic, participants, messages } = conversation;
  const seed = createHmac('sha256', secret).update(JSON.stringify([channel, id, topic, participants]));
  for (const [place, message] of messages.entries()) {
    if (place % 2_000 === 1_999) await pause();
    const { id: messageId, at, sender, text, subject, attachments } = message;
    seed.update(JSON.stringify([messageId, at, sender, text, subject, attachments]));
  }
  return seed.digest('hex');
}
