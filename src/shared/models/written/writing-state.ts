import * as z from 'zod';
import { note } from './notes.ts';

/**
 * What a written summary keeps so that the next one need not read everything again: stored in `summary.json` under `state`
 * and shown to nobody.
 */
export const writingState = z.object({
  /** Changes with prompts and rules: a summary of another version is made from all messages. */
  version: z.string(),
  /** Which messages, in which version, it was made from: the last of them, how many, and a digest over all. */
  covered: z.object({
    messages: z.int().positive(),
    last: z.object({ id: z.string(), at: z.iso.datetime() }),
    digest: z.string(),
  }),
  /** When it was last made from all messages or notes, ISO 8601 UTC. */
  wholeAt: z.iso.datetime(),
  /** Notes of the whole conversation, to be merged anew each week. */
  notes: z.array(note).optional(),
});

export type WritingState = z.infer<typeof writingState>;
