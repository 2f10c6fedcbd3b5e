import * as z from 'zod';
import { toPhoneNumber } from '../phone-number.ts';
import { toIsoTime } from '../times.ts';

/**
 * The `data` of Microsoft.Communication SMS events, as far as it is kept. The specification writes its members in
 * PascalCase, the documentation in camelCase with exceptions: they are read in any case.
 */
const fields = [
  'messageId',
  'from',
  'to',
  'message',
  'receivedTimestamp',
  'deliveryStatus',
  'deliveryStatusDetails',
];
const fieldOf = new Map(fields.map((field) => [field.toLowerCase(), field]));

function inAnyCase(data: unknown): unknown {
  if (typeof data !== 'object' || data === null) return data;
  return Object.fromEntries(
    Object.entries(data).map(([name, value]) => [fieldOf.get(name.toLowerCase()) ?? name, value]),
  );
}

const identifier = z
  .string()
  .min(1)
  .max(512)
  .refine((value) => value.isWellFormed(), 'is not well-formed Unicode');
/** A colon would make it two in the id of a conversation. */
const end = z
  .union([z.string(), z.number().int().nonnegative().transform(String)])
  .refine((value) => value.isWellFormed() && /^[^:\p{Cc}]{1,64}$/u.test(value), 'is not a number')
  .transform(toPhoneNumber)
  .pipe(z.string('is empty'));
const time = z.unknown().optional().transform(toIsoTime);
const optionalText = z.string().optional().catch(undefined);

const ends = { messageId: identifier, from: end, to: end, receivedTimestamp: time };

export const receivedPayload = z.preprocess(inAnyCase, z.object({ ...ends, message: z.string().nullish() }));

export const reportPayload = z.preprocess(
  inAnyCase,
  z.object({ ...ends, deliveryStatus: z.string(), deliveryStatusDetails: optionalText }),
);
