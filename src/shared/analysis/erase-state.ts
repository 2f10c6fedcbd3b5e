import pMap from 'p-map';
import * as z from 'zod';
import type { Eraser } from '../erasers/eraser.ts';
import type { Container } from '../storage/container.ts';
import { conversationPath } from '../transcripts/conversation-path.ts';
import type { ConversationKey } from '../transcripts/entry.ts';

const concurrency = 16;

/**
 * Removes what tells how far the analysis of a conversation has come: its name is that of the conversation.
 * Whoever holds it at that time loses it.
 */
export function createAnalysisEraser(container: Container): Eraser {
  const erase = async (conversation: ConversationKey, signal: AbortSignal): Promise<number> =>
    (await container.remove(`${conversationPath(conversation)}.json`, { signal })) ? 1 : 0;
  return {
    store: 'analysis',
    eraseConversation: (conversation, { signal }) => erase(conversation, signal),
    /** Once more: an order that was carried out meanwhile may have made it anew. */
    async sweep({ conversations }, { from, isTimeUp, signal }) {
      const whole = conversations.filter(({ isWhole }) => isWhole);
      let removed = 0;
      for (let at = z.int().optional().parse(from) ?? 0; at < whole.length; at += concurrency) {
        if (isTimeUp()) return { removed, next: at };
        const group = whole.slice(at, at + concurrency);
        const counts = await pMap(group, (conversation) => erase(conversation, signal), { concurrency });
        removed += counts.reduce((sum, count) => sum + count, 0);
      }
      return { removed };
    },
  };
}
