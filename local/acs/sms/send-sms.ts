import * as z from 'zod';
import type { Emulator } from '../emulator.ts';
import { AcsError, type AcsRequest, type Route } from '../exchange.ts';
import { parseBody } from '../http/parse-body.ts';
import { isGuid } from '../is-guid.ts';
import type { KeptSettings } from '../keep-settings.ts';
import type { Collection } from '../state.ts';
import { newMessageId } from './events.ts';
import type { OptOuts } from './opt-outs.ts';
import type { Outcome } from './report-delivery.ts';
import type { SmsSettings } from './settings.ts';

/** A message that we sent. */
export interface SentSms {
  messageId: string;
  from: string;
  to: string;
  text: string;
  tag?: string;
  wantsReport: boolean;
  /** ISO. */
  sentAt: string;
  status: 'Accepted' | Outcome['status'];
  details?: string;
}

interface Options {
  emulator: Emulator;
  settings: KeptSettings<SmsSettings>;
  sent: Collection<SentSms>;
  optOuts: OptOuts;
  reportDelivery: (messageId: string, outcome: Outcome) => void;
}

const recipient = z.object({
  to: z.string(),
  repeatabilityRequestId: z.string().optional(),
  repeatabilityFirstSent: z.string().optional(),
});
type Recipient = z.output<typeof recipient>;

const sendRequest = z.object({
  from: z.string(),
  smsRecipients: z.array(recipient).min(1).max(100),
  message: z.string().max(2_048),
  smsSendOptions: z.object({ enableDeliveryReport: z.boolean(), tag: z.string().optional() }).optional(),
});
type SendRequest = z.output<typeof sendRequest>;

const senderBlocked = 'Sender blocked for given recipient.';

/** `POST /sms`: 202 with one outcome for each recipient; only what is wrong for all of them fails the request. */
export function createSendSms({ emulator, settings, sent, optOuts, reportDelivery }: Options): Route {
  const { state, clock } = emulator;
  // What a repeatabilityRequestId did, so that a repeat does nothing and answers the same.
  const repeatable = state.collection<{ messageId: string; request: string }>('sms.repeatable');

  function send({ from, message, smsSendOptions }: SendRequest, to: string): string {
    const now = clock();
    const { undeliverable } = settings.read();
    const messageId = newMessageId('Outgoing', now);
    sent.put(messageId, {
      messageId,
      from,
      to,
      text: message,
      ...(smsSendOptions?.tag ? { tag: smsSendOptions.tag } : {}),
      wantsReport: smsSendOptions?.enableDeliveryReport ?? false,
      sentAt: now.toISOString(),
      status: 'Accepted',
    });
    const failure = optOuts.has({ number: from, person: to }) ? senderBlocked : undeliverable[to];
    reportDelivery(
      messageId,
      failure === undefined
        ? { status: 'Delivered', details: 'No error.' }
        : { status: 'Failed', details: failure },
    );
    return messageId;
  }

  function sendTo(body: SendRequest, { to, ...repeatability }: Recipient) {
    const refused = (errorMessage: string, repeatabilityResult?: 'accepted' | 'rejected') => ({
      to,
      httpStatusCode: 400,
      errorMessage,
      ...(repeatabilityResult ? { repeatabilityResult } : {}),
      successful: false,
    });
    if (!/^\+(1\d{10}|[2-9]\d{6,14})$/.test(to)) return refused('Invalid To phone number format.');
    const wrong = checkRepeatability(repeatability);
    if (wrong) return refused(wrong, 'rejected');

    const key = repeatability.repeatabilityRequestId?.toLowerCase();
    const repeatabilityResult = key ? ('accepted' as const) : undefined;
    const request = JSON.stringify([body.from, to, body.message]);
    const before = key ? repeatable.get(key) : undefined;
    if (before && before.request !== request) {
      return refused('The repeatability-request-id was used for another message.', 'rejected');
    }
    const isRefused = optOuts.has({ number: body.from, person: to });
    if (!before && isRefused && settings.read().sendsToOptedOut === 'refused') {
      return refused(senderBlocked, repeatabilityResult);
    }
    const messageId = before?.messageId ?? send(body, to);
    if (key && !before) repeatable.put(key, { messageId, request });
    return {
      to,
      messageId,
      httpStatusCode: 202,
      ...(repeatabilityResult ? { repeatabilityResult } : {}),
      successful: true,
    };
  }

  return {
    method: 'POST',
    path: '/sms',
    caller: 'key',
    versions: ['2021-03-07'],
    limits: [
      { most: 200, seconds: 60, key: (request) => senderOf(request, (from) => from.startsWith('+')) },
      { most: 6_000, seconds: 60, key: (request) => senderOf(request, (from) => !from.startsWith('+')) },
    ],
    handle(request) {
      const body = parseBody(request, sendRequest);
      checkSender(body.from, settings.read().numbers);
      const value = state.transaction(() => body.smsRecipients.map((recipient) => sendTo(body, recipient)));
      return { status: 202, json: { value } };
    },
  };
}

/** The service's own tests expect 400 for what is no number and 401 for a number of somebody else. */
function checkSender(from: string, numbers: readonly string[]): void {
  if (numbers.includes(from)) return;
  if (!/^(\+[1-9]\d{6,14}|\d{5,6})$/.test(from)) {
    throw new AcsError(400, 'BadRequest', 'Invalid From phone number format.', {}, 'from');
  }
  throw new AcsError(
    401,
    'Unauthorized',
    `The resource has no number ${from}. It has ${numbers.join(', ')}.`,
  );
}

function checkRepeatability({ repeatabilityRequestId, repeatabilityFirstSent }: Omit<Recipient, 'to'>) {
  if (!repeatabilityRequestId && !repeatabilityFirstSent) return undefined;
  if (!isGuid(repeatabilityRequestId ?? '')) {
    return 'Request sent with Invalid GUID value for repeatability-request-id.';
  }
  const time = new Date(repeatabilityFirstSent ?? '');
  if (Number.isNaN(time.getTime()) || time.toUTCString() !== repeatabilityFirstSent) {
    return 'Request sent with Invalid DateTime value for repeatability-first-sent. Expected is DateTime ,RFC1123 pattern.';
  }
  return undefined;
}

function senderOf(request: AcsRequest, applies: (from: string) => boolean): string | undefined {
  const { success, data } = z.object({ from: z.string() }).safeParse(request.json());
  return success && applies(data.from) ? data.from : undefined;
}
