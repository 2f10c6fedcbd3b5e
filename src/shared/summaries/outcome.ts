import * as z from 'zod';

const conversation = { path: z.string(), channel: z.string(), id: z.string() };

/** What the calls of a model used. */
export const usageSchema = z.object({
  calls: z.int().nonnegative(),
  inputTokens: z.int().nonnegative(),
  cachedInputTokens: z.int().nonnegative().optional().describe('Of the input, what the endpoint had cached'),
  outputTokens: z.int().nonnegative().describe('Reasoning included'),
  batchInputTokens: z.int().nonnegative().optional().describe('Of the input, what a batch used'),
  batchOutputTokens: z.int().nonnegative().optional().describe('Of the output, what a batch used'),
});
const usage = usageSchema.optional();

/**
 * What a night did with one conversation. `made`: summarized; `fresh`: its summary was of the present version already;
 * `unchanged`: nothing a summary reads had changed; `removed`: no messages, so no summary; `postponed`: there were not
 * tokens enough left for it, of which it needs at most `tokens`.
 */
export const outcomeSchema = z.discriminatedUnion('state', [
  z.object({ ...conversation, state: z.enum(['made', 'fresh']), headline: z.string(), usage }),
  z.object({ ...conversation, state: z.enum(['unchanged', 'removed']), usage }),
  z.object({ ...conversation, state: z.literal('failed'), code: z.string(), reason: z.string(), usage }),
  z.object({ ...conversation, state: z.literal('postponed'), tokens: z.number().optional(), usage }),
]);

export type Outcome = z.infer<typeof outcomeSchema>;
