import type { Happening } from '../channels/channel.ts';
import type { SendParts } from './carry-out.ts';
import { hashJson, sendIdOf } from './send-id.ts';

/**
 * Puts the answers that a channel owes into the outbox, for the timer to send: one for each message, however often it is
 * delivered. When it returns, they are durable.
 */
export async function putAnswers(
  happening: Happening,
  { channels, outbox, clock }: Pick<SendParts, 'channels' | 'outbox' | 'clock'>,
  options: { signal?: AbortSignal } = {},
): Promise<void> {
  const { channel, id: conversation } = happening.conversation;
  const owed = channels.find(({ name }) => name === channel)?.answersTo?.(happening) ?? [];
  for (const outgoing of owed) {
    await outbox.put(
      {
        sendId: sendIdOf('answer', channel, conversation, outgoing.replyTo),
        channel,
        conversation,
        bodyHash: hashJson(outgoing),
        state: 'intended',
        outgoing,
        createdAt: clock().toISOString(),
        tries: 0,
      },
      options,
    );
  }
}
