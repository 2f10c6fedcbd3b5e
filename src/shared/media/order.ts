import * as z from 'zod';
import { attachment } from '../transcripts/entry.ts';

/** An attachment that a message named and that is still to be fetched; what the queue `media` carries. */
export const mediaOrder = z.object({
  channel: z.string(),
  /** The conversation's. */
  id: z.string(),
  messageId: z.string(),
  /** When the message was sent, ISO 8601; earlier versions did not tell. */
  at: z.iso.datetime().optional(),
  attachment: attachment.pick({ id: true, type: true, name: true }),
});

export type MediaOrder = z.infer<typeof mediaOrder>;
