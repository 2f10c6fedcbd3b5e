import * as z from 'zod';
import { summaryContent } from '../models/summary-content.ts';
import { writingState } from '../models/written/writing-state.ts';
import { usageSchema } from './outcome.ts';

/** What `summary.json` holds. Its JSON schema stands in docs/summary.schema.json. */
export const summarySchema = z
  .object({
    conversation: z.object({ channel: z.string(), id: z.string() }),
    source: z
      .object({
        version: z
          .string()
          .describe('Of the transcript it was made from: SHA-256 over its segments, hexadecimal'),
        segments: z.int().nonnegative(),
        length: z.int().nonnegative().describe('Bytes'),
      })
      .describe('The transcript that was read'),
    at: z.iso.datetime().describe('When it was made, UTC'),
    method: z
      .enum(['extract', 'model'])
      .describe('extract: quotes found by rule; model: written by a language model'),
    model: z.string().describe('offline, or the name of the deployment'),
    usage: usageSchema.optional().describe('Of the model, for this version of it'),
    cost: z.number().nonnegative().optional().describe('Of that, where MODEL_PRICES knows the model'),
    ...summaryContent.shape,
    participants: z.array(
      z.object({ id: z.string(), name: z.string().optional(), messages: z.int().nonnegative() }),
    ),
    period: z
      .object({ from: z.iso.datetime(), to: z.iso.datetime() })
      .describe('First and last message, UTC'),
    messageCount: z.int().positive(),
  })
  .meta({ title: 'Summary of a conversation' });

export type Summary = z.infer<typeof summarySchema>;

/** What lies in storage: the summary, and what the next one goes on from. */
export const storedSummarySchema = summarySchema.extend({ state: writingState.optional() });
