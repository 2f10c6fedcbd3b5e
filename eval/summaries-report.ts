import * as z from 'zod';

const rouge = z.object({ one: z.number(), two: z.number(), longest: z.number() });
const usage = z.object({ calls: z.int(), inputTokens: z.int(), outputTokens: z.int() });

/** What a model came to on a file of dialogues, so that two models, or two versions of the prompts, can be compared. */
export const summariesReport = z.object({
  model: z.string(),
  method: z.enum(['extract', 'model']),
  /** Of prompts and rules; null for extracts. */
  version: z.string().nullable(),
  dialogues: z.int(),
  /** Means over the dialogues that were summarized. */
  rouge,
  leadRouge: rouge,
  sentences: z.object({
    written: z.int(),
    /** Those whose citations all name messages that there are, and that name one. */
    citedRightly: z.int(),
    supported: z.int(),
    unsupported: z.int(),
    foreign: z.int(),
    uncited: z.int(),
    /** Which Parley itself shows as not supported. */
    marked: z.int(),
    /** What the model wrote and Parley did not take; null where nothing tells. */
    dropped: z.int().nullable(),
  }),
  usage,
  /** Of all calls; null where no price is set. */
  dollars: z.number().nullable(),
  /** How many dialogues failed, by code. */
  failures: z.record(z.string(), z.int()),
  seconds: z.number(),
  /** Each dialogue, in the order of the file. */
  each: z.array(z.object({ id: z.string(), rouge: rouge.nullable(), usage, failure: z.string().nullable() })),
});

export type SummariesReport = z.infer<typeof summariesReport>;
