import { createHash } from 'node:crypto';
import * as z from 'zod';
import { summaryAnswer, updateAnswer } from './answer-form.ts';
import { condenseNotes } from './prompts/condense-notes.ts';
import { mergeNotes } from './prompts/merge-notes.ts';
import { takeNotes } from './prompts/take-notes.ts';
import { updateSummary } from './prompts/update-summary.ts';
import { writeSummaries } from './prompts/write-summaries.ts';
import { writeSummary } from './prompts/write-summary.ts';

/** To be raised when rules in code change so much that summaries are to be made anew. */
const rules = 1;

let prompts: string | undefined;

/** Changes with every word of the prompts and of the form of answers, and with the language that summaries are fixed to. */
export function writingVersion({ summaryLanguage = '' }: { summaryLanguage?: string }): string {
  prompts ??= createHash('sha256')
    .update(
      JSON.stringify([
        rules,
        writeSummary,
        mergeNotes(true),
        updateSummary,
        takeNotes(1),
        condenseNotes(1),
        writeSummaries,
      ]),
    )
    .update(JSON.stringify([z.toJSONSchema(summaryAnswer), z.toJSONSchema(updateAnswer)]))
    .digest('hex')
    .slice(0, 12);
  return summaryLanguage === '' ? prompts : `${prompts} ${summaryLanguage}`;
}
