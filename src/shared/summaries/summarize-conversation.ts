import { createAllowance } from '../models/language/allowance.ts';
import { storageUnavailable } from '../storage/storage-errors.ts';
import type { SummarizeDependencies, Summarized } from './look-at-conversation.ts';
import type { Outcome } from './outcome.ts';
import { type SummarizeOptions, summarizeConversations } from './summarize-conversations.ts';

/** `summarizeConversations` for one, with as many tokens as it takes. Throws only for storage faults. */
export async function summarizeConversation(
  conversation: Summarized,
  dependencies: SummarizeDependencies,
  options: Partial<SummarizeOptions> = {},
): Promise<Outcome> {
  const allowance = createAllowance(Infinity);
  const [outcome] = await summarizeConversations([conversation], dependencies, { allowance, ...options });
  if (!outcome) throw storageUnavailable(new Error('there was no time for it'));
  return outcome;
}
