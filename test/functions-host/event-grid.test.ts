import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { z } from 'zod';
import { rewriteDate } from '../../local/functions-host/event-grid.ts';
import { prepareApp } from './prepare-app.ts';
import { startHost } from './start-host.ts';

const source = `
const { app } = require('@azure/functions');
const seen = [];
app.eventGrid('events', { handler: (event) => { seen.push(event); if (event.subject === 'bad') throw new Error('refused'); } });
app.generic('batches', { trigger: { type: 'eventGridTrigger', name: 'events', cardinality: 'many' }, handler: (events) => seen.push(events.length) });
app.http('seen', { methods: ['GET'], handler: () => ({ jsonBody: seen }) });
`;
const keys = { master: 'm', functionDefault: 'f', eventgrid: 'e', durabletask: 'd' };
const seenEvents = z.array(z.looseObject({ subject: z.string() }));

async function startEventGridApp(context: TestContext, withKeys = false) {
  const host = await startHost(context, {
    ...prepareApp(context, { source }),
    keys: withKeys ? keys : undefined,
  });
  const deliver = (query: string, type: string | undefined, body: unknown) =>
    fetch(`${host.url}/runtime/webhooks/eventgrid?${query}`, {
      method: 'POST',
      headers: type === undefined ? {} : { 'aeg-event-type': type },
      body: JSON.stringify(body),
    });
  return { host, deliver, seen: async () => (await fetch(`${host.url}/api/seen`)).json() };
}

const event = (subject: string) => ({
  id: subject,
  subject,
  eventType: 't',
  data: { at: '2030-01-01T00:00:00.500Z' },
});

test('a delivery runs the function once per event and is accepted', async (context) => {
  const { deliver, seen } = await startEventGridApp(context);
  assert.equal((await deliver('functionName=events', 'Notification', [event('a'), event('b')])).status, 202);
  assert.deepEqual(
    seenEvents
      .parse(await seen())
      .map(({ subject }) => subject)
      .sort(),
    ['a', 'b'],
  );
});

test('one failing event makes the whole delivery fail, after all have run', async (context) => {
  const { deliver, seen } = await startEventGridApp(context);
  const response = await deliver('functionName=events', 'Notification', [event('bad'), event('good')]);
  assert.deepEqual(
    [response.status, await response.text()],
    [500, 'Exception while executing function: Functions.events'],
  );
  assert.equal(seenEvents.parse(await seen()).length, 2);
});

test('a function of cardinality many gets the delivery as one array', async (context) => {
  const { deliver, seen } = await startEventGridApp(context);
  await deliver('functionName=batches', 'Notification', [event('a'), event('b')]);
  assert.deepEqual(await seen(), [2]);
});

test('the validation code is given back', async (context) => {
  const { deliver } = await startEventGridApp(context);
  const response = await deliver('functionName=events', 'SubscriptionValidation', [
    { data: { validationCode: 'c' } },
  ]);
  assert.deepEqual(await response.json(), { validationResponse: 'c' });
});

test('an unknown function is 404, a missing event type 400, no event at all 500', async (context) => {
  const { deliver } = await startEventGridApp(context);
  assert.equal((await deliver('functionName=nobody', 'Notification', [])).status, 404);
  assert.equal((await deliver('functionName=events', undefined, [event('a')])).status, 400);
  assert.equal((await deliver('functionName=events', 'Notification', 'text')).status, 500);
  assert.equal((await deliver('functionName=events', 'Unsubscribe', [])).status, 202);
});

test('a function key does not open the webhook, its system key does', async (context) => {
  const { deliver } = await startEventGridApp(context, true);
  const status = async (query: string) =>
    (await deliver(`functionName=events${query}`, 'Notification', [])).status;
  assert.deepEqual(
    [await status(''), await status('&code=f'), await status('&code=e'), await status('&code=m')],
    [401, 403, 202, 202],
  );
});

test('texts that look like dates are rewritten as Azure rewrites them', () => {
  assert.equal(rewriteDate('2030-01-01T00:00:00.500Z'), '2030-01-01T00:00:00.5Z');
  assert.equal(rewriteDate('2030-01-01T00:00:00.000Z'), '2030-01-01T00:00:00Z');
  assert.equal(rewriteDate('on 2030-01-01T00:00:00Z'), 'on 2030-01-01T00:00:00Z');
  const shifted = rewriteDate('2030-01-01T02:00:00+02:00');
  assert.equal(new Date(shifted).toISOString(), '2030-01-01T00:00:00.000Z');
});
