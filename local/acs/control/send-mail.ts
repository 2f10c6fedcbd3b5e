import { randomUUID } from 'node:crypto';
import * as z from 'zod';
import type { Email } from '../email/email.ts';
import { toMime } from '../email/to-mime.ts';
import { AcsError } from '../exchange.ts';

export const incomingMail = z.strictObject({
  from: z.email('must be an address such as joe@example.com'),
  name: z.string().optional(),
  /** Who gets it; an address of ours unless said. */
  to: z.email().optional(),
  subject: z.string(),
  text: z.string().min(1),
  /** What it answers: the operation id of a mail that we sent, or a Message-ID. */
  replyTo: z.string().optional(),
  /** The gateway does not vouch for the sender. */
  forged: z.boolean().default(false),
  /** Of the app that takes mail at /api/email/inbound; by default the app that has a subscription. */
  app: z.url({ protocol: /^https?$/ }).optional(),
});

interface Options {
  email: Email;
  now: Date;
  /** Where the subscriptions deliver to. */
  endpoints: readonly string[];
}

/**
 * A person mails us. ACS brings no mail in, so it goes to the app's own address, as a mail gateway would post it. Throws
 * `AcsError` 400 where no app is known, 502 where it does not take the mail.
 */
export async function sendMail(
  mail: z.output<typeof incomingMail>,
  { email, now, endpoints }: Options,
): Promise<{ messageId: string; app: string; answer: unknown }> {
  const app = mail.app ?? endpoints[0];
  if (!app) {
    throw new AcsError(400, 'BadRequest', 'Say the address of the app: nobody has subscribed.', {}, 'app');
  }
  const messageId = `<${randomUUID()}@${domainOf(mail.from)}>`;
  const body = compose(mail, messageId, { email, now });
  const url = new URL('/api/email/inbound', app);
  const headers = { 'content-type': 'message/rfc822' };
  const signal = AbortSignal.timeout(30_000);
  const response = await fetch(url, { method: 'POST', headers, body, signal }).catch(() => undefined);
  if (!response) throw new AcsError(502, 'BadGateway', `Nothing answers at ${url.origin}.`);
  const text = await response.text();
  if (response.ok) return { messageId, app: url.origin, answer: parse(text) };
  throw new AcsError(502, 'BadGateway', `${url.origin}${url.pathname} answered ${response.status}: ${text}`);
}

function compose(
  { from, name, to, subject, text, replyTo, forged }: z.output<typeof incomingMail>,
  internetMessageId: string,
  { email, now }: Omit<Options, 'endpoints'>,
): string {
  const answered = replyTo && messageIdOf(replyTo, email);
  const address = to ?? `support@${email.settings().domains[0]}`;
  const written = toMime({
    id: randomUUID(),
    internetMessageId,
    sentAt: now.toISOString(),
    message: {
      senderAddress: from,
      recipients: { to: [{ address }] },
      content: { subject, plainText: text },
      headers: {
        'Authentication-Results': authenticationOf(from, forged),
        ...(answered ? { 'In-Reply-To': answered, References: answered } : {}),
      },
    },
  });
  return name ? written.replace(/^From: (.*)$/m, (_, sender) => `From: ${quote(name)} <${sender}>`) : written;
}

/** What a mail gateway finds out of the sender (RFC 8601). */
function authenticationOf(from: string, forged: boolean): string {
  return `gateway.example; dmarc=${forged ? 'fail' : 'pass'} header.from=${domainOf(from)}`;
}

function messageIdOf(replyTo: string, email: Email): string {
  const [, messageId] = /^<?([^<>\s]+@[^<>\s]+)>?$/.exec(replyTo) ?? [];
  if (messageId) return `<${messageId}>`;
  const mail = email.sent().find(({ id }) => id.toLowerCase() === replyTo.toLowerCase());
  if (mail) return mail.internetMessageId;
  const message = `No mail was sent with the operation ${replyTo}, and it is no Message-ID such as <1@example.com>.`;
  throw new AcsError(404, 'NotFound', message, {}, 'replyTo');
}

const domainOf = (address: string) => address.split('@').at(-1);

/** Quoted, or in base64 (RFC 2047) where it is not ASCII. */
function quote(name: string): string {
  const plain = name.replace(/[\r\n]/g, ' ');
  if (/^[ -~]*$/.test(plain)) return `"${plain.replace(/["\\]/g, '\\$&')}"`;
  return `=?utf-8?B?${Buffer.from(plain).toString('base64')}?=`;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
