import type { EmailMessage } from '@azure/communication-email';
import type { AcsClients } from '../../acs/clients.ts';
import type { AcsSettings } from '../../acs-settings.ts';
import { ParleyError } from '../../errors.ts';
import type { Conversation } from '../../transcripts/conversation.ts';
import { htmlToText } from '../html-to-text.ts';
import type { Envelope, Outgoing, Sender } from '../sender.ts';
import { sentMessage } from '../sent-message.ts';
import { addressNew, addressReply } from './address-mail.ts';
import { beginMail } from './begin-mail.ts';
import { mailPerson } from './mail-address.ts';
import type { MailThreads } from './threads.ts';

interface Parts {
  settings: AcsSettings;
  sending: AcsClients;
  mailThreads: Pick<MailThreads, 'join'>;
}

/** https://learn.microsoft.com/azure/communication-services/concepts/service-limits#email */
const mostBytes = 10 * 1024 ** 2;

/** Sends mails; what becomes of each tell delivery reports. */
export function createEmailSender({ settings: { email }, sending, mailThreads }: Parts): Sender {
  const envelopeOf = (outgoing: Outgoing, conversation: Conversation): Envelope =>
    outgoing.opening
      ? addressNew(outgoing, outgoing.opening, email.from)
      : addressReply(outgoing, conversation, email.from);

  return {
    checkContent(outgoing) {
      bodyOf(outgoing);
      if (outgoing.opening) addressNew(outgoing, outgoing.opening, email.from);
    },
    async open(_, { id }) {
      return { channel: 'email', id };
    },
    async check() {},
    settle(outgoing, conversation) {
      return { ...outgoing, envelope: envelopeOf(outgoing, conversation) };
    },
    async send(outgoing, conversation, attempt) {
      const { envelope = envelopeOf(outgoing, conversation) } = outgoing;
      const body = bodyOf(outgoing);
      // The report may come before the answer, and knows the mail only by this id.
      await mailThreads.join([conversation.id, attempt.id], { isTrusted: true, signal: attempt.signal });
      await beginMail(sending, toMail(envelope, body), attempt);
      const message = {
        conversation: conversation.id,
        messageId: attempt.id,
        sender: mailPerson({ address: envelope.from }),
        subject: envelope.subject,
        to: envelope.to.map((address) => mailPerson({ address })),
        text: body.plainText ?? htmlToText(body.html ?? ''),
        ...(body.html === undefined ? {} : { html: body.html }),
      };
      return { messageId: attempt.id, entries: [sentMessage(message, outgoing, attempt)] };
    },
  };
}

function bodyOf({ content }: Outgoing): { plainText?: string; html?: string } {
  if (!('text' in content || 'html' in content)) {
    throw new ParleyError('bad_request', 'A mail carries text or HTML: send { "text": … } or { "html": … }.');
  }
  const body = {
    ...(content.text === undefined ? {} : { plainText: content.text }),
    ...('html' in content ? { html: content.html } : {}),
  };
  const bytes = Buffer.byteLength(JSON.stringify(body), 'utf8');
  if (bytes > mostBytes) {
    throw new ParleyError('too_large', `A mail may have ${mostBytes} bytes; this one has ${bytes}.`);
  }
  return body;
}

/** A mail as the SDK takes it. */
export function toMail(
  { from, to, subject, headers }: Envelope,
  { plainText, html }: { plainText?: string; html?: string },
): EmailMessage {
  return {
    senderAddress: from,
    recipients: { to: to.map((address) => ({ address })) },
    content: html === undefined ? { subject, plainText: plainText ?? '' } : { subject, html, plainText },
    ...(Object.keys(headers).length > 0 ? { headers } : {}),
  };
}
