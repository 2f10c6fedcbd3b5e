import * as z from 'zod';
import type { AcsClients } from '../../acs/clients.ts';
import { askProvider, refusalError } from '../../acs/provider-errors.ts';
import type { AcsSettings } from '../../acs-settings.ts';
import { ParleyError } from '../../errors.ts';
import { checkPublicUrl } from '../../security/check-public-url.ts';
import type { Conversation } from '../../transcripts/conversation.ts';
import { firstSent } from '../first-sent.ts';
import { toPhoneNumber } from '../phone-number.ts';
import { onlyRecipient } from '../read-opening.ts';
import type { Opening, OutgoingContent, OutgoingMedia, Sender } from '../sender.ts';
import { joining, sentMessage } from '../sent-message.ts';
import {
  parseWhatsappConversation,
  type WhatsAppEnds,
  whatsappConversation,
  whatsappIdentity,
} from './conversation.ts';
import { listTemplates } from './list-templates.ts';
import { readTemplate, urlsOf } from './read-template.ts';
import { toNotification } from './to-notification.ts';

interface Parts {
  settings: AcsSettings;
  sending: AcsClients;
  reading: AcsClients;
  clock: () => Date;
  checkUrl?: (url: string, options: { signal: AbortSignal }) => Promise<void>;
}

/** After somebody wrote, they may be answered freely for a day; otherwise only by a template. */
const window = 24 * 3_600_000;
/** Also of what a gateway in between may answer. */
const answer = z
  .object({
    receipts: z.array(z.object({ messageId: z.string() })),
    error: z.object({ code: z.string().optional(), message: z.string().optional() }),
  })
  .partial()
  .catch({});

/** Sends WhatsApp messages by the Messages API. */
export function createWhatsAppSender({
  settings,
  sending,
  reading,
  clock,
  checkUrl = checkPublicUrl,
}: Parts): Sender {
  return {
    checkContent(outgoing) {
      toNotification(outgoing);
      if (outgoing.opening) openingEnds(outgoing.opening, settings.whatsapp.channel);
    },
    async open(opening) {
      return {
        channel: 'whatsapp',
        id: whatsappConversation(openingEnds(opening, settings.whatsapp.channel)),
      };
    },
    async check({ content }, conversation, { signal }) {
      const ends = endsOf(conversation.id);
      if (!('template' in content) && !isWindowOpen(conversation, whatsappIdentity(ends.theirs), clock())) {
        throw new ParleyError(
          'whatsapp_window_closed',
          'They wrote nothing in this conversation in the last 24 hours: send one of `templates`, or wait until they write.',
          { details: { templates: await listTemplates(reading, ends.channel, { signal }) } },
        );
      }
      for (const url of urlsIn(content)) await checkUrl(url, { signal });
    },
    async send(outgoing, conversation, attempt) {
      const { channel, theirs } = endsOf(conversation.id);
      const { notification, text } = toNotification(outgoing);
      const response = await askProvider(async () => {
        const client = await sending.messages();
        return client.path('/messages/notifications:send').post({
          body: { ...notification, channelRegistrationId: channel, to: [theirs] },
          headers: {
            'Repeatability-Request-ID': attempt.id,
            'Repeatability-First-Sent': firstSent(attempt).toUTCString(),
          },
          abortSignal: attempt.signal,
        });
      });
      const { status, headers } = response;
      const { receipts, error } = answer.parse(response.body);
      if (status !== '202') {
        throw refusalError({ status: Number(status), ...error, retryAfter: headers['retry-after'] });
      }
      const messageId = receipts?.[0]?.messageId;
      if (!messageId) throw refusalError({ status: 502, message: 'The answer names no message.' });
      const { content } = outgoing;
      const entry = {
        conversation: conversation.id,
        messageId,
        sender: { id: whatsappIdentity(channel) },
        text,
        ...('media' in content ? { attachments: [attachmentOf(content.media, attempt.id)] } : {}),
      };
      const theirJoining = joining(conversation, { id: whatsappIdentity(theirs) }, attempt);
      return { messageId, entries: [...theirJoining, sentMessage(entry, outgoing, attempt)] };
    },
  };
}

/** Judged by what they wrote last, as far as it has arrived here. */
function isWindowOpen({ messages }: Conversation, person: string, now: Date): boolean {
  const last = messages.findLast(({ sender }) => sender.id === person);
  return last !== undefined && now.getTime() - Date.parse(last.at) < window;
}

function urlsIn(content: OutgoingContent): string[] {
  if ('media' in content) return [content.media.url];
  return 'template' in content ? urlsOf(readTemplate(content.template)) : [];
}

/** The file is where the caller has it; its address may carry a key and is not kept. */
function attachmentOf({ kind, fileName }: OutgoingMedia, id: string) {
  return {
    id,
    type: kind === 'document' ? 'application/octet-stream' : `${kind}/*`,
    ...(fileName ? { name: fileName } : {}),
    problem: 'was sent by its address and is not kept here',
  };
}

function openingEnds(opening: Opening, usual: string | undefined): WhatsAppEnds {
  const channel = (opening.from ?? usual)?.toLowerCase();
  if (!channel) {
    throw new ParleyError(
      'not_configured',
      'Name a channel registration as `from`, or set WHATSAPP_CHANNEL.',
    );
  }
  const recipient = onlyRecipient(opening, 'WhatsApp').replace(/^whatsapp:/, '');
  const isUserId = /^[A-Z]{2}\.[A-Za-z0-9.]{3,150}$/.test(recipient);
  const theirs = isUserId ? recipient : toPhoneNumber(recipient);
  if (!theirs || !(isUserId || /^\+\d{7,15}$/.test(theirs))) {
    throw new ParleyError(
      'bad_request',
      '`to` must be one number in E.164, such as +15551230001, or one business-scoped user id.',
    );
  }
  return { channel, theirs };
}

function endsOf(id: string): WhatsAppEnds {
  const ends = parseWhatsappConversation(id);
  if (ends) return ends;
  throw new ParleyError('bad_request', 'The id of a WhatsApp conversation is <channel>:<person>.');
}
