import { dataRules } from './rules.ts';

/** From the notes of several parts. */
export const condenseNotes = (
  most: number,
): string => `You shorten notes of a long conversation, for a summary of all of it.
${dataRules}
A line "- task P3 due 2026-03-02: text [7, 9]" is a note, of messages 7 and 9.
At most ${most} notes, in order, each at most 25 words: keep decisions, tasks, open questions and what matters most; join what belongs \
together, leave out what later notes settle. kind, messages, owner and due as in the notes that each comes from; never without messages.
Keep names, numbers and dates as they stand. No links, no markup, plain text.`;
