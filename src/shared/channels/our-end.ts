import type { ConversationKey } from '../transcripts/entry.ts';
import type { Channel } from './channel.ts';

/** Our own identity in a conversation, where its channel has one that several of us share. */
export function findOurEnd(
  channels: readonly Channel[],
  { channel, id }: ConversationKey,
): string | undefined {
  return channels.find(({ name }) => name === channel)?.ourEnd?.(id);
}
