import * as z from 'zod';

const email = z.string().regex(/^[^\s@<>"]+@[^\s@<>".]+(\.[^\s@<>".]+)+$/, 'Not an email address.');
const address = z.object({ address: email, displayName: z.string().optional() });

/** The service takes at most this many recipients of a mail, whether to, cc or bcc. */
const mostRecipients = 50;

const recipients = z
  .object({
    to: z.array(address).optional(),
    cc: z.array(address).optional(),
    bcc: z.array(address).optional(),
  })
  .refine((all) => recipientsOf(all).length > 0, 'A mail needs a recipient.')
  .refine((all) => recipientsOf(all).length <= mostRecipients, `At most ${mostRecipients} recipients.`);

/** What `emails:send` takes. */
export const emailMessage = z.object({
  senderAddress: email,
  recipients,
  content: z
    .object({ subject: z.string(), plainText: z.string().optional(), html: z.string().optional() })
    .refine(({ plainText, html }) => plainText || html, 'A mail needs plainText, html or both.'),
  headers: z
    .record(z.string().regex(/^[!-9;-~]+$/, 'Not a header name.'), z.string().regex(/^[^\r\n]*$/))
    .optional(),
  replyTo: z.array(address).optional(),
  attachments: z
    .array(
      z.object({
        name: z.string().min(1),
        contentType: z.string().regex(/^[\w.+-]+\/[\w.+-]+(;[^\r\n]*)?$/, 'Not a content type.'),
        contentInBase64: z.base64(),
        contentId: z.string().optional(),
      }),
    )
    .optional(),
  userEngagementTrackingDisabled: z.boolean().optional(),
});

export type EmailMessage = z.output<typeof emailMessage>;
export type EmailAddress = z.output<typeof address>;

/** All addresses that a mail goes to, each once. */
export function recipientsOf({
  to,
  cc,
  bcc,
}: {
  to?: EmailAddress[] | undefined;
  cc?: EmailAddress[] | undefined;
  bcc?: EmailAddress[] | undefined;
}): string[] {
  const addresses = [to, cc, bcc].flatMap((list) => list ?? []).map(({ address }) => address);
  return [...new Set(addresses)];
}
