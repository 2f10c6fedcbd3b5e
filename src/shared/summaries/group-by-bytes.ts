import type { SummaryModel } from '../models/summary-model.ts';
import type { StaleConversation } from './list-stale.ts';

/**
 * Transcripts that all activities of a process may work on at once, in bytes. Summarizing needs about twenty times as
 * much memory.
 */
export const mostBytes = 16 * 1024 ** 2;

/** Transcripts that go to a language model together, in bytes; a longer one goes alone. */
const mostTogether = 1024 ** 2;

/** Conversations to be read together, in their order: for a model that quotes, each alone. */
export function groupByBytes(
  conversations: readonly StaleConversation[],
  { method }: Pick<SummaryModel, 'method'>,
): StaleConversation[][] {
  const most = method === 'model' ? mostTogether : 0;
  const groups: StaleConversation[][] = [];
  let bytes = Infinity;
  for (const conversation of conversations) {
    bytes += Math.max(1, conversation.length);
    if (bytes <= most) groups.at(-1)?.push(conversation);
    else {
      groups.push([conversation]);
      bytes = Math.max(1, conversation.length);
    }
  }
  return groups;
}

export function bytesOf(group: readonly StaleConversation[]): number {
  return group.reduce((sum, { length }) => sum + length, 0);
}
