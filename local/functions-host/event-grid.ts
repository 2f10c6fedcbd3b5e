import { z } from 'zod';
import type { HostedFunction } from './check-functions.ts';
import { type HostRequest, type HostResponse, queryValue, text } from './exchange.ts';
import type { Invoke } from './invoke.ts';

const event = z.record(z.string(), z.unknown());
const delivery = z.union([z.array(event), event.transform((single) => [single])]);
const validation = z.tuple(
  [z.looseObject({ data: z.looseObject({ validationCode: z.string() }) })],
  z.unknown(),
);

const allowedOrigin = { status: 200, headers: { 'webhook-allowed-origin': 'eventgrid.azure.net' } };

/** Serves `/runtime/webhooks/eventgrid?functionName=…`, to which Event Grid delivers. */
export function createEventGrid(
  functions: HostedFunction[],
  invoke: Invoke,
): (request: HostRequest) => Promise<HostResponse> {
  const triggered = functions.filter(({ trigger }) => trigger.type === 'eventGridTrigger');

  return async function serveEventGrid(request) {
    const name = queryValue(request, 'functionName') ?? '';
    const hosted = triggered.find((each) => each.name === name);
    if (!hosted) return text(404, `cannot find function: '${name}'`);
    if (request.method === 'OPTIONS') return allowedOrigin;

    switch (request.headers['aeg-event-type']?.toLowerCase()) {
      case 'subscriptionvalidation':
        return validate(request);
      case 'notification':
        return notify(hosted, request, invoke);
      case 'unsubscribe':
        return { status: 202 };
      default:
        return { status: 400 };
    }
  };
}

function validate(request: HostRequest): HostResponse {
  const [first] = validation.parse(JSON.parse(request.body.toString()));
  return text(200, JSON.stringify({ validationResponse: first.data.validationCode }));
}

/** Runs the function once per event, all at once; when any of them fails, the whole delivery is answered 500. */
async function notify(hosted: HostedFunction, request: HostRequest, invoke: Invoke): Promise<HostResponse> {
  const parsed = parseDelivery(request.body.toString());
  if (!parsed) return { status: 500 };
  const isMany = hosted.trigger.settings.cardinality === 'many';
  const calls = isMany
    ? [invoke(hosted, toData(parsed))]
    : parsed.map((each) => invokeOne(hosted, each, invoke));
  const outcomes = await Promise.allSettled(calls);
  const failed = outcomes.some(({ status }) => status === 'rejected');
  return failed ? text(500, `Exception while executing function: Functions.${hosted.name}`) : { status: 202 };
}

function invokeOne(hosted: HostedFunction, each: Record<string, unknown>, invoke: Invoke) {
  return invoke(hosted, toData(each), { data: toData(each.data ?? null) });
}

function toData(value: unknown) {
  return { json: JSON.stringify(value) };
}

function parseDelivery(body: string): z.infer<typeof delivery> | undefined {
  try {
    return delivery.parse(
      JSON.parse(body, (_, value) => (typeof value === 'string' ? rewriteDate(value) : value)),
    );
  } catch {
    return undefined;
  }
}

/**
 * Writes a text that looks like a date as Azure's host does, which reads every such text as a date and writes it anew:
 * in the host's time zone when it had an offset, and without zeros at the end of the fraction.
 */
export function rewriteDate(value: string): string {
  const match = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(\.\d{1,7})?(Z|[+-]\d\d:\d\d)?$/.exec(value);
  if (!match) return value;
  const [, clock = '', rawFraction = '', zone] = match;
  const fraction = rawFraction.replace(/\.?0+$/, '');
  if (zone === undefined || zone === 'Z') return clock + fraction + (zone ?? '');
  const instant = new Date(clock + zone);
  if (Number.isNaN(instant.getTime())) return value;
  const offset = -instant.getTimezoneOffset();
  const shifted = new Date(instant.getTime() + offset * 60_000).toISOString().slice(0, 19);
  const two = (number: number) => String(Math.floor(Math.abs(number))).padStart(2, '0');
  return `${shifted}${fraction}${offset < 0 ? '-' : '+'}${two(offset / 60)}:${two(offset % 60)}`;
}
