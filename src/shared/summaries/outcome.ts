import * as z from 'zod';

const conversation = { path: z.string(), channel: z.string(), id: z.string() };

/**
 * What a night did with one conversation. `made`: summarized; `fresh`: its summary was of the present version already;
 * `unchanged`: nothing a summary reads had changed; `removed`: no messages, so no summary.
 */
export const outcomeSchema = z.discriminatedUnion('state', [
  z.object({ ...conversation, state: z.enum(['made', 'fresh']), headline: z.string() }),
  z.object({ ...conversation, state: z.enum(['unchanged', 'removed']) }),
  z.object({ ...conversation, state: z.literal('failed'), code: z.string(), reason: z.string() }),
]);

export type Outcome = z.infer<typeof outcomeSchema>;
