import { dataRules, summaryRules } from './rules.ts';

/** Several short conversations in one call. */
export const writeSummaries = `You summarize several conversations, each on its own: nothing of one may stand in the summary of another.
${dataRules}
A line "=== conversation 2" begins a conversation. Answer with one summary for each, by its number.
${summaryRules}`;
