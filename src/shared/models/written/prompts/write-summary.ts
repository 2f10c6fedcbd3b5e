import { dataRules, summaryRules } from './rules.ts';

/** From all messages of a conversation. */
export const writeSummary = `You summarize one conversation.
${dataRules}
${summaryRules}`;
