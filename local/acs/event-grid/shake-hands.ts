import { randomUUID } from 'node:crypto';
import * as z from 'zod';
import { AcsError } from '../exchange.ts';
import { type Patience, sendRequest } from './send-request.ts';
import type { Subscription } from './subscription.ts';

interface Options {
  topic: string;
  /** Opened by GET, it stands for the answer: the second way of the handshake. */
  validationUrl: string;
  now: Date;
  patience: Patience;
}

const origin = 'eventgrid.azure.net';
const anyAnswer = z.looseObject({ validationResponse: z.string().optional() });

/**
 * Asks an endpoint whether it wants the events: by a SubscriptionValidation event, or by CloudEvents' OPTIONS. Throws
 * `AcsError` 400 when it refuses or cannot be reached.
 * https://learn.microsoft.com/azure/event-grid/end-point-validation-event-grid-events-schema
 */
export async function shakeHands(
  subscription: Omit<Subscription, 'state'>,
  options: Options,
): Promise<Subscription['state']> {
  return subscription.schema === 'EventGridSchema'
    ? validate(subscription, options)
    : askForOrigin(subscription, options);
}

async function validate(
  { name, endpoint }: Pick<Subscription, 'name' | 'endpoint'>,
  { topic, validationUrl, now, patience }: Options,
): Promise<Subscription['state']> {
  const validationCode = randomUUID();
  const event = {
    id: randomUUID(),
    topic,
    subject: '',
    data: { validationCode, validationUrl },
    eventType: 'Microsoft.EventGrid.SubscriptionValidationEvent',
    eventTime: now.toISOString(),
    metadataVersion: '1',
    dataVersion: '2',
  };
  const headers = {
    'content-type': 'application/json; charset=utf-8',
    'aeg-event-type': 'SubscriptionValidation',
    'aeg-subscription-name': name.toUpperCase(),
    'aeg-delivery-count': '0',
    'aeg-data-version': event.dataVersion,
    'aeg-metadata-version': event.metadataVersion,
  };
  const body = JSON.stringify([event]);
  const answer = await sendRequest(endpoint, { method: 'POST', headers, body }, patience);
  if (answer.status === undefined) throw refused(`it could not be reached (${answer.outcome})`);
  if (answer.status !== 200) throw refused(`it answered ${answer.status}, and only 200 counts`);
  const given = anyAnswer.safeParse(parse(answer.text)).data?.validationResponse;
  if (given === undefined) return 'AwaitingManualAction';
  if (given !== validationCode) throw refused('its validationResponse is not the validationCode');
  return 'Active';
}

/** https://github.com/cloudevents/spec/blob/v1.0.1/http-webhook.md#4-abuse-protection */
async function askForOrigin(
  { endpoint }: Pick<Subscription, 'endpoint'>,
  { validationUrl, patience }: Options,
): Promise<Subscription['state']> {
  const headers = {
    'webhook-request-origin': origin,
    'webhook-request-rate': '120',
    'webhook-request-callback': validationUrl,
  };
  const answer = await sendRequest(endpoint, { method: 'OPTIONS', headers }, patience);
  if (answer.status === undefined) throw refused(`it could not be reached (${answer.outcome})`);
  if (answer.status !== 200) throw refused(`it answered ${answer.status} to OPTIONS, and only 200 counts`);
  const allowed = answer.headers.get('webhook-allowed-origin');
  if (allowed === null) return 'AwaitingManualAction';
  if (allowed !== '*' && allowed.toLowerCase() !== origin) {
    throw refused(`its WebHook-Allowed-Origin is neither ${origin} nor *`);
  }
  return 'Active';
}

function refused(why: string): AcsError {
  const message = `The endpoint did not pass the handshake: ${why}.`;
  return new AcsError(400, 'HandshakeFailed', message, {}, 'endpoint');
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
