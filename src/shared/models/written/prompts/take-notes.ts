import { dataRules } from './rules.ts';

/** From a part of a long conversation. */
export const takeNotes = (
  most: number,
): string => `You take notes of one part of a long conversation, for a summary of all of it.
${dataRules}
At most ${most} notes, in order, each at most 25 words. kind: said, decision, task (somebody will do it), question (nobody answered it).
messages: the numbers of the messages that the note rests on; never without. owner: the number of the person of a task, else null. \
due: date as 2026-03-02, else null.
Say only what the messages say. Keep names, numbers and dates as they stand. No links, no markup, plain text.`;
