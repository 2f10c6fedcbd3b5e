import * as z from 'zod';

const smsSettings = z.strictObject({
  /** What the resource may send from: toll-free numbers in E.164 form and short codes. */
  numbers: z.array(z.string().regex(/^(\+[1-9]\d{6,14}|\d{5,6})$/)).min(1),
  /** How long after a send its delivery report comes. */
  reportAfterMilliseconds: z.int().nonnegative(),
  /** Names in `data`: the documentation's samples write `messageId` (and `Tag`), the specification's `MessageId`. */
  fieldNames: z.enum(['camelCase', 'PascalCase']),
  /** A send to who opted out is refused for this recipient (400), or accepted and then reported as Failed. */
  sendsToOptedOut: z.enum(['refused', 'reported']),
  /** Numbers that nothing reaches, each with the details that the Failed report gives. */
  undeliverable: z.record(z.string(), z.string()),
});

export const smsChanges = smsSettings.partial();

export type SmsSettings = z.output<typeof smsSettings>;

export const defaultSmsSettings: SmsSettings = {
  numbers: ['+18005550100', '55512'],
  reportAfterMilliseconds: 500,
  fieldNames: 'camelCase',
  sendsToOptedOut: 'refused',
  undeliverable: {},
};
