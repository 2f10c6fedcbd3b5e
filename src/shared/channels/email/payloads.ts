import * as z from 'zod';
import { toIsoTime } from '../times.ts';

/** The `data` of Microsoft.Communication mail events. Samples write the time fields in two ways, and states in any letters. */
const id = z
  .string()
  .trim()
  .min(1)
  .max(512)
  .refine((value) => value.isWellFormed(), 'is not well-formed Unicode');
const text = z
  .unknown()
  .optional()
  .transform((value) =>
    typeof value === 'string' && value.trim() !== '' ? value.trim().toWellFormed() : undefined,
  );
const time = z.unknown().optional().transform(toIsoTime);
const word = z.string().trim();

export const deliveryReport = z
  .object({
    recipient: text,
    messageId: id,
    internetMessageId: text,
    status: word,
    deliveryStatusDetails: z.object({ statusMessage: text }).nullish().catch(undefined),
    deliveryAttemptTimestamp: time,
    deliveryAttemptTimeStamp: time,
  })
  .transform(({ deliveryAttemptTimestamp, deliveryAttemptTimeStamp, deliveryStatusDetails, ...report }) => ({
    ...report,
    reason: deliveryStatusDetails?.statusMessage,
    at: deliveryAttemptTimestamp ?? deliveryAttemptTimeStamp,
  }));

export const engagementReport = z
  .object({
    recipient: text,
    messageId: id,
    engagementType: word,
    userActionTimestamp: time,
    userActionTimeStamp: time,
  })
  .transform(({ userActionTimestamp, userActionTimeStamp, ...report }) => ({
    ...report,
    at: userActionTimestamp ?? userActionTimeStamp,
  }));
