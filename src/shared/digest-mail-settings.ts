import * as z from 'zod';

/** To whom the digest of a night is mailed, and what it says. */
export interface DigestMailSettings {
  /** Nobody where it is empty. */
  to: string[];
  from: string;
  /** Whether headlines and action items are in it: they quote conversations. */
  withText: boolean;
}

type Read = <T>(name: string, schema: z.ZodType<T>, fallback: unknown) => T | undefined;

/** https://learn.microsoft.com/azure/communication-services/concepts/service-limits#email */
const mostRecipients = 50;

const addresses = z
  .string()
  .transform((list) => list.split(',').map((address) => address.trim()))
  .pipe(
    z
      .array(
        z.email('must be mail addresses with commas between them, such as ana@example.com,ben@example.com'),
      )
      .max(mostRecipients, `must have at most ${mostRecipients} addresses`),
  )
  .optional();
const address = z.email('must be a mail address');
const neededAddress = z.email(
  'must be the address to mail digests from, since DIGEST_TO is set and EMAIL_FROM is not',
);
const flag = z.enum(['true', 'false'], 'must be true or false').transform((value) => value === 'true');
const webAddress = z
  .url({
    protocol: /^https?$/,
    error: 'must be the address of the app, such as https://name.azurewebsites.net',
  })
  .transform((text) => text.replace(/\/+$/, ''))
  .optional();

/** Reads `DIGEST_*`; problems are reported through `read`, which then gives nothing. */
export function readDigestMailSettings(read: Read, emailFrom: string | undefined): DigestMailSettings {
  const to = read('DIGEST_TO', addresses, undefined) ?? [];
  const isNeeded = to.length > 0 && emailFrom === undefined;
  const from = read('DIGEST_FROM', isNeeded ? neededAddress : address.optional(), undefined);
  return { to, from: from ?? emailFrom ?? '', withText: read('DIGEST_TEXT', flag, 'false') ?? false };
}

/** Where people reach the app, without a slash at the end; undefined where nobody says so. */
export function readPublicUrl(
  environment: Record<string, string | undefined>,
  read: Read,
): string | undefined {
  const { WEBSITE_HOSTNAME: given } = environment;
  const host = given?.trim();
  // The tools of Functions set it on one's own machine, too, with a port.
  const usual = host && !host.includes(':') ? `https://${host}` : undefined;
  return read('PARLEY_URL', webAddress, usual);
}
