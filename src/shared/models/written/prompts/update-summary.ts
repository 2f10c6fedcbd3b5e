import { dataRules, newNotesRule, summaryRules } from './rules.ts';

/** From the earlier summary and what is new. */
export const updateSummary = `You bring the summary of one conversation up to date. The data are the earlier summary, some messages \
before its end, and the new messages.
${dataRules}
The earlier summary may err: what the messages say holds. A line "- said: text [7, 9]" rests on messages 7 and 9. "T2" is its task 2.
Answer with the whole summary: keep what still matters with its citations, shorter where there is more to tell, and add what is new. \
Keep each task: earlier is its number, or null for a new one. Leave out questions that were answered.
${summaryRules.replace('; earlier: null', '')}
${newNotesRule}`;
