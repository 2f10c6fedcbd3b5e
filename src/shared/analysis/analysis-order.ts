import * as z from 'zod';

/** That a conversation has messages to analyse; what the queue `analysis` carries. */
export const analysisOrder = z.object({
  channel: z.string(),
  /** The conversation's. */
  id: z.string(),
  /** When it was ordered, ISO 8601 UTC: by it, an order that comes again is known for the same. */
  at: z.iso.datetime(),
  /** Nothing is to be analysed: what waits there for a message is to be brought to it. */
  isForStrays: z.boolean().optional(),
});

export type AnalysisOrder = z.infer<typeof analysisOrder>;
