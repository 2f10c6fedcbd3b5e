import type { HttpRequest, HttpResponseInit } from '@azure/functions';
import * as z from 'zod';
import { ParleyError } from '../errors.ts';
import { readBody } from '../http/read-body.ts';
import type { Accepted } from './accept-events.ts';

/** Nothing Event Grid sends is larger: 1 MiB an event or a batch, 5,000 events. */
const largestBody = 16 * 1024 ** 2;
const mostEvents = 5_000;

/** Event Grid gives up after 30 s and ACS's own webhooks sooner: an answer is there within 10 s, whatever storage does. */
export const deadline = 7_000;

const validation = z.object({
  eventType: z.literal('Microsoft.EventGrid.SubscriptionValidationEvent'),
  data: z.object({ validationCode: z.string() }),
});

type Accept = (events: readonly unknown[], options: { signal: AbortSignal }) => Promise<Accepted>;

/**
 * The webhook for whole batches: both handshakes of Event Grid, then a batch of events in either schema. Answers 200
 * only when everything is durable, 503 when a retry can mend it.
 */
export function receiveEvents(accept: Accept) {
  return async function receive(request: HttpRequest): Promise<HttpResponseInit> {
    if (request.method === 'OPTIONS') return allowOrigin(request);
    const events = parseBody(await readBody(request, { what: 'A batch', most: largestBody }));
    const code = validationCode(events);
    if (code !== undefined) return { status: 200, jsonBody: { validationResponse: code } };
    return { status: 200, jsonBody: await accept(events, { signal: AbortSignal.timeout(deadline) }) };
  };
}

/** CloudEvents' abuse protection: the sender asks before it delivers (HTTP Webhooks 1.0.1, section 4). */
function allowOrigin(request: HttpRequest): HttpResponseInit {
  const origin = request.headers.get('webhook-request-origin');
  if (!origin) throw new ParleyError('bad_request', 'OPTIONS needs the header WebHook-Request-Origin.');
  const rate = request.headers.get('webhook-request-rate');
  return {
    status: 200,
    headers: {
      'webhook-allowed-origin': origin,
      ...(rate ? { 'webhook-allowed-rate': rate } : {}),
      allow: 'POST',
    },
  };
}

function parseBody(body: Buffer): unknown[] {
  const parsed = parseJson(body);
  const events: unknown[] = Array.isArray(parsed) ? parsed : [parsed];
  if (events.length > mostEvents) {
    throw new ParleyError(
      'too_large',
      `A batch may have ${mostEvents} events; this one has ${events.length}.`,
    );
  }
  return events;
}

function parseJson(body: Buffer): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body));
  } catch {
    throw new ParleyError(
      'bad_request',
      'The body must be one event or an array of events, as JSON in UTF-8.',
    );
  }
}

function validationCode([first]: readonly unknown[]): string | undefined {
  return validation.safeParse(first).data?.data.validationCode;
}
