import { dataRules, newNotesRule, summaryRules } from './rules.ts';

const merge = `You summarize one conversation. The data are notes of its parts, in order, and sometimes its newest messages.
${dataRules}
A line "- task P3 due 2026-03-02: text [7, 9]" is a note, of messages 7 and 9: cite these. What a later note says holds: leave \
out questions that were answered, give tasks the status they came to.
${summaryRules}`;

/** From notes of all its parts, and the newest messages where there are some. */
export const mergeNotes = (hasMessages: boolean): string =>
  hasMessages ? `${merge}\n${newNotesRule}` : merge;
