import type { AcsClients } from '../../acs/clients.ts';
import { askProvider, refusalError } from '../../acs/provider-errors.ts';
import { repeatabilityHeaders } from '../../acs/repeat-sms-once.ts';
import type { AcsSettings } from '../../acs-settings.ts';
import { ParleyError } from '../../errors.ts';
import { firstSent } from '../first-sent.ts';
import { phoneIdentity, toPhoneNumber } from '../phone-number.ts';
import { onlyRecipient } from '../read-opening.ts';
import type { Outgoing, Sender } from '../sender.ts';
import { joining, sentMessage } from '../sent-message.ts';
import { parseSmsConversation, type SmsEnds, smsConversation } from './conversation.ts';
import { countSegments } from './count-segments.ts';
import { before, hasOptedOut, saysBlocked } from './opt-out.ts';

/** https://learn.microsoft.com/azure/communication-services/concepts/service-limits#sms */
const mostCharacters = 2_048;

interface Parts {
  settings: AcsSettings;
  sending: AcsClients;
}

/** Sends SMS: one recipient a message, with a delivery report. */
export function createSmsSender({ settings: { sms }, sending }: Parts): Sender {
  return {
    checkContent: (outgoing) => {
      textOf(outgoing);
      if (outgoing.opening) openingEnds(outgoing.opening, sms.from);
    },
    async open(opening) {
      return { channel: 'sms', id: smsConversation(openingEnds(opening, sms.from)) };
    },
    async check(outgoing, conversation) {
      const { theirs } = endsOf(conversation.id);
      const reader = outgoing.isOptOutReply ? before(conversation, outgoing.replyTo) : conversation;
      if (hasOptedOut(reader, phoneIdentity(theirs), sms)) throw optedOut();
    },
    async send(outgoing, conversation, attempt) {
      const message = textOf(outgoing);
      const { ours, theirs } = endsOf(conversation.id);
      const { id, signal } = attempt;
      const customHeaders = repeatabilityHeaders({ id, firstSent: firstSent(attempt) });
      const [result] = await askProvider(async () =>
        (await sending.sms()).send(
          { from: ours, to: [theirs], message },
          { enableDeliveryReport: true, tag: id, abortSignal: signal, requestOptions: { customHeaders } },
        ),
      );
      if (!result?.successful || !result.messageId) {
        if (saysBlocked(result?.errorMessage)) throw optedOut();
        throw refusalError({ status: result?.httpStatusCode ?? 500, message: result?.errorMessage });
      }
      const sender = { id: phoneIdentity(ours) };
      const entry = { conversation: conversation.id, messageId: result.messageId, sender, text: message };
      return {
        messageId: result.messageId,
        entries: [
          ...joining(conversation, { id: phoneIdentity(theirs) }, attempt),
          sentMessage(entry, outgoing, attempt),
        ],
        segments: countSegments(message).count,
      };
    },
  };
}

function textOf({ content, replyTo, isOptOutReply }: Outgoing): string {
  if (!('text' in content) || 'html' in content) {
    throw new ParleyError('bad_request', 'SMS carries plain text: send { "text": … }.');
  }
  if (replyTo !== undefined && !isOptOutReply) {
    throw new ParleyError('bad_request', 'SMS cannot name the message that it answers: leave replyTo out.');
  }
  if (content.text.length > mostCharacters) {
    const { count } = countSegments(content.text);
    throw new ParleyError(
      'too_large',
      `An SMS may have ${mostCharacters} characters; this one has ${content.text.length} (${count} segments).`,
    );
  }
  return content.text;
}

function openingEnds(
  opening: { to: string[]; from?: string; topic?: string },
  usual: string | undefined,
): SmsEnds {
  const ours = toPhoneNumber(opening.from ?? usual ?? '');
  if (!ours) {
    throw new ParleyError('not_configured', 'Name one of your numbers as `from`, or set SMS_FROM.');
  }
  const theirs = toPhoneNumber(onlyRecipient(opening, 'SMS'));
  if (!theirs || !/^\+\d{7,15}$/.test(theirs)) {
    throw new ParleyError('bad_request', '`to` must be one number in E.164, such as +15551230001.');
  }
  return { ours, theirs };
}

function endsOf(id: string): SmsEnds {
  const ends = parseSmsConversation(id);
  if (ends) return ends;
  throw new ParleyError('bad_request', 'The id of an SMS conversation is <our number>:<their number>.');
}

function optedOut(): ParleyError {
  return new ParleyError(
    'opted_out',
    'This person asked not to get SMS from this number. They can change that by sending START to it.',
  );
}
