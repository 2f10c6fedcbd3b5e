import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import fc from 'fast-check';
import { createEventGrid, type EventGridOptions } from '../../local/acs/event-grid/event-grid.ts';
import { subscriptionSettings } from '../../local/acs/event-grid/subscription.ts';
import { AcsError } from '../../local/acs/exchange.ts';
import { openState, type State } from '../../local/acs/state.ts';
import { temporaryFolder } from '../local/temporary-folder.ts';
import { type Answer, type Subscriber, startSubscriber, validationOf } from './start-subscriber.ts';

const start = Date.parse('2026-11-23T09:00:00.000Z');
const resource = { name: 'acs-test' };
const topic =
  '/subscriptions/00000000-0000-4000-8000-000000000000/resourceGroups/local/providers/Microsoft.Communication/CommunicationServices/acs-test';

/** Event Grid with a clock that only the test moves. */
function startEventGrid(t: TestContext, options: Partial<EventGridOptions> & { state?: State } = {}) {
  const state = options.state ?? openState(':memory:');
  let milliseconds = 0;
  const grid = createEventGrid({
    state,
    clock: () => new Date(start + milliseconds),
    log: () => {},
    resource,
    url: () => 'http://127.0.0.1:1',
    ...options,
  });
  grid.start();
  t.after(() => grid.stop());
  return {
    ...grid,
    state,
    /** Delivers what is due after so many seconds. */
    async advance(seconds: number) {
      milliseconds += seconds * 1_000;
      await grid.idle();
    },
    sms: (text: string) =>
      grid.emit({ type: 'SMSReceived', subject: '/phonenumber/1', data: { message: text } }),
  };
}

function settings(name: string, endpoint: string, more: Record<string, unknown> = {}) {
  return { name, ...subscriptionSettings.parse({ endpoint, ...more }) };
}

const refusal = (t: Promise<unknown>, message: RegExp) =>
  assert.rejects(
    t,
    (error) => error instanceof AcsError && error.status === 400 && message.test(error.message),
  );

test('a subscriber that gives the validation code back gets the events in the Event Grid schema', async (t) => {
  const subscriber = await startSubscriber(t);
  const grid = startEventGrid(t);
  const subscription = await grid.subscribe(settings('parley', subscriber.url));
  assert.equal(subscription.state, 'Active');
  const [handshake] = subscriber.requests;
  assert.equal(handshake?.headers['aeg-event-type'], 'SubscriptionValidation');

  grid.sms('hello');
  await grid.idle();
  const [delivery] = subscriber.deliveries;
  const [published] = grid.events({ limit: 1 });
  assert.deepEqual(delivery?.json, [
    {
      id: published?.id,
      topic,
      subject: '/phonenumber/1',
      data: { message: 'hello' },
      eventType: 'Microsoft.Communication.SMSReceived',
      dataVersion: '1.0',
      metadataVersion: '1',
      eventTime: '2026-11-23T09:00:00.000Z',
    },
  ]);
  const { headers, url } = delivery ?? { headers: {}, url: '' };
  assert.deepEqual(
    [
      url,
      headers['content-type'],
      headers['aeg-subscription-name'],
      headers['aeg-delivery-count'],
      headers['aeg-data-version'],
      headers['aeg-metadata-version'],
    ],
    ['/hook?key=k', 'application/json; charset=utf-8', 'PARLEY', '0', '1.0', '1'],
  );
});

test('CloudEvents: asked by OPTIONS; one event is an object, a batch an array', async (t) => {
  const subscriber = await startSubscriber(t);
  const grid = startEventGrid(t);
  const schema = 'CloudEventSchemaV1_0';
  await grid.subscribe(settings('single', subscriber.url, { schema }));
  const [asked] = subscriber.requests;
  assert.deepEqual(
    [asked?.method, asked?.headers['webhook-request-origin'], asked?.headers['webhook-request-rate']],
    ['OPTIONS', 'eventgrid.azure.net', '120'],
  );
  grid.sms('hello');
  await grid.idle();
  const expected = {
    id: grid.events({ limit: 1 })[0]?.id,
    source: topic,
    type: 'Microsoft.Communication.SMSReceived',
    specversion: '1.0',
    subject: '/phonenumber/1',
    time: '2026-11-23T09:00:00.000Z',
    data: { message: 'hello' },
  };
  const [one] = subscriber.deliveries;
  assert.deepEqual(one?.json, expected);
  assert.equal(one?.headers['content-type'], 'application/cloudevents+json; charset=utf-8');

  grid.unsubscribe('single');
  await grid.subscribe(settings('batched', subscriber.url, { schema, batch: { maxEvents: 10 } }));
  grid.sms('again');
  await grid.idle();
  const batch = subscriber.deliveries[1];
  assert.equal([batch?.json].flat().length, 1);
  assert(Array.isArray(batch?.json));
  assert.equal(batch?.headers['content-type'], 'application/cloudevents-batch+json; charset=utf-8');
});

test('a handshake that is refused begins no subscription and leaves the one before it', async (t) => {
  const subscriber = await startSubscriber(t);
  const grid = startEventGrid(t, { patienceMilliseconds: 200 });
  const good = settings('parley', subscriber.url);
  await grid.subscribe(good);
  const answers: [Answer, RegExp][] = [
    [{ status: 202, json: { validationResponse: 'x' } }, /answered 202, and only 200 counts/],
    [{ status: 401 }, /answered 401/],
    [{ status: 307, headers: { location: subscriber.url } }, /answered 307/],
    [{ status: 200, json: { validationResponse: 'wrong' } }, /not the validationCode/],
  ];
  for (const [answer, message] of answers) {
    subscriber.shakeHandsWith(() => answer);
    await refusal(grid.subscribe(good), message);
    await refusal(grid.subscribe({ ...good, name: 'other' }), message);
  }
  subscriber.shakeHandsWith(() => new Promise(() => {}));
  await refusal(grid.subscribe(good), /TimedOut/);
  await refusal(grid.subscribe(settings('nobody', 'http://127.0.0.1:1/')), /ConnectionFailed/);
  subscriber.shakeHandsWith(() => ({ status: 200, headers: { 'webhook-allowed-origin': 'example.com' } }));
  await refusal(
    grid.subscribe(settings('cloud', subscriber.url, { schema: 'CloudEventSchemaV1_0' })),
    /WebHook-Allowed-Origin/,
  );
  assert.deepEqual(
    grid.subscriptions().map(({ name, state }) => [name, state]),
    [['parley', 'Active']],
  );
});

test('a subscriber that opens the validation address instead gets events from then on', async (t) => {
  const subscriber = await startSubscriber(t);
  let validationUrl = '';
  subscriber.shakeHandsWith(({ json }) => {
    ({ validationUrl } = validationOf(json));
    return { status: 200 };
  });
  const grid = startEventGrid(t);
  const subscription = await grid.subscribe(settings('manual', subscriber.url));
  assert.equal(subscription.state, 'AwaitingManualAction');
  grid.sms('too early');
  const id = new URL(validationUrl).searchParams.get('id') ?? '';
  assert.equal(grid.validate('other'), false);
  assert.equal(grid.validate(id), true);
  assert.equal(grid.validate(id), false, 'an address is good for once');
  grid.sms('in time');
  await grid.idle();
  assert.deepEqual(subscriber.ids(), [grid.events({ limit: 1 })[0]?.id]);
});

test('a validation address is no good after ten minutes', async (t) => {
  const subscriber = await startSubscriber(t);
  let validationUrl = '';
  subscriber.shakeHandsWith(({ json }) => {
    ({ validationUrl } = validationOf(json));
    return { status: 200 };
  });
  const grid = startEventGrid(t);
  await grid.subscribe(settings('late', subscriber.url));
  await grid.advance(601);
  assert.equal(grid.validate(new URL(validationUrl).searchParams.get('id') ?? ''), false);
});

test('the validation address of an attempt is no good after a newer one, or after the end', async (t) => {
  const subscriber = await startSubscriber(t);
  const ids: string[] = [];
  subscriber.shakeHandsWith(({ json }) => {
    ids.push(new URL(validationOf(json).validationUrl).searchParams.get('id') ?? '');
    return { status: 200 };
  });
  const grid = startEventGrid(t);
  await grid.subscribe(settings('manual', subscriber.url));
  await grid.subscribe(settings('manual', subscriber.url, { batch: { maxEvents: 2 } }));
  assert.equal(grid.validate(ids[0] ?? ''), false);
  grid.unsubscribe('manual');
  assert.equal(grid.validate(ids[1] ?? ''), false);
  assert.deepEqual(grid.subscriptions(), []);
});

test('a handshake that ends too late does not bring back what was replaced or deleted meanwhile', async (t) => {
  const [slow, quick] = [await startSubscriber(t), await startSubscriber(t)];
  const asked: (() => void)[] = [];
  slow.shakeHandsWith(async ({ json }) => {
    await new Promise<void>((resolve) => asked.push(resolve));
    return { status: 200, json: { validationResponse: validationOf(json).validationCode } };
  });
  const grid = startEventGrid(t);
  const replaced = grid.subscribe(settings('parley', slow.url));
  while (asked.length < 1) await new Promise(setImmediate);
  await grid.subscribe(settings('parley', quick.url));
  asked[0]?.();
  assert.equal((await replaced).endpoint, quick.url);

  const deleted = grid.subscribe(settings('other', slow.url));
  while (asked.length < 2) await new Promise(setImmediate);
  grid.unsubscribe('other');
  asked[1]?.();
  await assert.rejects(deleted, (error) => error instanceof AcsError && error.status === 409);
  assert.deepEqual(
    grid.subscriptions().map(({ name, endpoint }) => [name, endpoint]),
    [['parley', quick.url]],
  );
});

test('a batch has at most so many events and about so many kilobytes, and nothing is left out', async (t) => {
  const subscriber = await startSubscriber(t);
  const grid = startEventGrid(t);
  await grid.subscribe(
    settings('parley', subscriber.url, { batch: { maxEvents: 3, preferredKilobytes: 2 } }),
  );
  for (let index = 0; index < 7; index += 1) grid.sms(`small ${index}`);
  for (let index = 0; index < 4; index += 1) grid.sms(`large ${index} ${'x'.repeat(1_500)}`);
  grid.sms(`too large for any batch ${'x'.repeat(5_000)}`);
  await grid.idle();
  const sizes = subscriber.deliveries.map(({ json }) => [json].flat().length);
  assert.deepEqual(
    sizes.toSorted((a, b) => a - b),
    [1, 1, 1, 1, 1, 1, 3, 3],
  );
  const emitted = grid.events({ limit: 100 }).map(({ id }) => id);
  assert.deepEqual(new Set(subscriber.ids()), new Set(emitted));
  assert.equal(subscriber.ids().length, emitted.length);
});

test('only the types that were asked for come', async (t) => {
  const subscriber = await startSubscriber(t);
  const grid = startEventGrid(t);
  const includedEventTypes = ['Microsoft.Communication.SMSDeliveryReportReceived'];
  await grid.subscribe(settings('reports', subscriber.url, { includedEventTypes }));
  grid.sms('hello');
  grid.emit({ type: 'SMSDeliveryReportReceived', subject: '', data: {} });
  await grid.idle();
  assert.deepEqual(subscriber.ids(), [grid.events({ type: includedEventTypes[0], limit: 1 })[0]?.id]);
});

test('after 503 it comes again by the schedule, with the count of attempts, until it is taken', async (t) => {
  const subscriber = await startSubscriber(t);
  const grid = startEventGrid(t);
  await grid.subscribe(settings('parley', subscriber.url));
  subscriber.answerWith(() => ({ status: subscriber.deliveries.length < 4 ? 503 : 204 }));
  grid.sms('hello');
  await grid.idle();
  for (const seconds of [10, 30, 60]) {
    const before = subscriber.deliveries.length;
    await grid.advance(seconds - 1);
    assert.equal(subscriber.deliveries.length, before, `not before ${seconds} s`);
    await grid.advance(1);
    assert.equal(subscriber.deliveries.length, before + 1, `after ${seconds} s`);
  }
  await grid.advance(100_000);
  assert.deepEqual(
    subscriber.deliveries.map(({ headers }) => headers['aeg-delivery-count']),
    ['0', '1', '2', '3'],
  );
  assert.deepEqual(grid.deadLetters(), []);
});

test('the waits are divided by the time scale', async (t) => {
  const subscriber = await startSubscriber(t);
  const grid = startEventGrid(t, { timeScale: 100 });
  await grid.subscribe(settings('parley', subscriber.url));
  subscriber.answerWith(() => ({ status: subscriber.deliveries.length < 2 ? 500 : 200 }));
  grid.sms('hello');
  await grid.idle();
  await grid.advance(0.1);
  assert.equal(subscriber.deliveries.length, 2);
});

for (const [status, word] of [
  [400, 'BadRequest'],
  [401, 'Unauthorized'],
  [403, 'Forbidden'],
  [413, 'RequestEntityTooLarge'],
] as const) {
  test(`${status} is never retried: the event is dead-lettered at once`, async (t) => {
    const subscriber = await startSubscriber(t);
    const grid = startEventGrid(t);
    await grid.subscribe(settings('parley', subscriber.url));
    subscriber.answerWith(() => ({ status }));
    grid.sms('hello');
    await grid.idle();
    const [letter, ...others] = grid.deadLetters();
    assert.equal(others.length, 0);
    const { id: _, event, ...rest } = letter ?? { id: '', event: {} };
    assert.deepEqual(rest, {
      subscription: 'parley',
      deadLetterReason: `UndeliverableDueToHttp${word}`,
      deliveryAttempts: 1,
      lastDeliveryOutcome: word,
      lastHttpStatusCode: status,
      publishTime: '2026-11-23T09:00:00.000Z',
      lastDeliveryAttemptTime: '2026-11-23T09:00:00.000Z',
    });
    assert.deepEqual([event], subscriber.deliveries[0]?.json);
    await grid.advance(100_000);
    assert.equal(subscriber.deliveries.length, 1);
  });
}

for (const status of [201, 203, 204]) {
  test(`${status} is taken`, async (t) => {
    const subscriber = await startSubscriber(t);
    const grid = startEventGrid(t);
    await grid.subscribe(settings('parley', subscriber.url));
    subscriber.answerWith(() => ({ status }));
    grid.sms('hello');
    await grid.advance(100_000);
    assert.equal(subscriber.deliveries.length, 1);
  });
}

for (const status of [205, 302, 404, 408, 429, 500]) {
  test(`${status} is retried`, async (t) => {
    const subscriber = await startSubscriber(t);
    const grid = startEventGrid(t);
    await grid.subscribe(settings('parley', subscriber.url));
    subscriber.answerWith(() => ({ status: subscriber.deliveries.length < 2 ? status : 200 }));
    grid.sms('hello');
    await grid.idle();
    await grid.advance(10);
    assert.equal(subscriber.deliveries.length, 2);
    assert.deepEqual(grid.deadLetters(), []);
  });
}

test('a delivery that is not answered in time counts as failed', async (t) => {
  const subscriber = await startSubscriber(t);
  const grid = startEventGrid(t, { patienceMilliseconds: 100 });
  await grid.subscribe(settings('parley', subscriber.url, { retry: { maxAttempts: 1 } }));
  subscriber.answerWith(() => new Promise(() => {}));
  grid.sms('hello');
  await grid.idle();
  const [letter] = grid.deadLetters();
  assert.deepEqual([letter?.lastDeliveryOutcome, letter?.lastHttpStatusCode], ['TimedOut', undefined]);
});

test('after the last attempt, or the time to live, the event is dead-lettered with that reason', async (t) => {
  const subscriber = await startSubscriber(t);
  const grid = startEventGrid(t);
  subscriber.answerWith(() => ({ status: 500 }));
  await grid.subscribe(settings('attempts', subscriber.url, { retry: { maxAttempts: 3 } }));
  await grid.subscribe(settings('lifetime', subscriber.url, { retry: { ttlMinutes: 1 } }));
  grid.sms('hello');
  await grid.idle();
  for (const seconds of [10, 30, 60, 300]) await grid.advance(seconds);
  assert.deepEqual(
    Object.fromEntries(
      grid
        .deadLetters()
        .map(({ subscription, deadLetterReason, deliveryAttempts }) => [
          subscription,
          [deadLetterReason, deliveryAttempts],
        ]),
    ),
    {
      attempts: ['MaxDeliveryAttemptsExceeded', 3],
      // At 0, 10 and 40 s; what is due at 100 s is too old.
      lifetime: ['TimeToLiveExceeded', 3],
    },
  );
});

test('dead letters are delivered again on request, and certain events, too', async (t) => {
  const subscriber = await startSubscriber(t);
  const grid = startEventGrid(t);
  await grid.subscribe(settings('parley', subscriber.url));
  subscriber.answerWith(() => ({ status: 400 }));
  grid.sms('hello');
  await grid.idle();
  subscriber.answerWith(() => ({ status: 200 }));
  assert.equal(grid.redeliver({ subscription: 'parley' }), 1);
  await grid.idle();
  assert.deepEqual(grid.deadLetters(), []);
  const [event] = grid.events({ limit: 1 });
  assert.equal(grid.redeliver({ events: [event?.id ?? ''] }), 1);
  await grid.idle();
  assert.deepEqual(subscriber.ids(), [event?.id, event?.id, event?.id]);
  assert.throws(() => grid.redeliver({ events: ['unknown'] }), /no event unknown/);
  assert.throws(() => grid.redeliver({ subscription: 'unknown' }), /no subscription unknown/);
});

test('an event that is emitted in a transaction that fails never was', async (t) => {
  const subscriber = await startSubscriber(t);
  const grid = startEventGrid(t);
  await grid.subscribe(settings('parley', subscriber.url));
  const failing = () =>
    grid.state.transaction(() => {
      grid.sms('hello');
      throw new Error('on purpose');
    });
  assert.throws(failing, /on purpose/);
  await grid.idle();
  assert.deepEqual([subscriber.deliveries, grid.events({ limit: 1 })], [[], []]);
});

test('what was under way, or waited, is delivered after a restart', async (t) => {
  const dataFile = join(await temporaryFolder(t), 'acs.db');
  const subscriber = await startSubscriber(t);
  const first = startEventGrid(t, { state: openState(dataFile) });
  await first.subscribe(settings('parley', subscriber.url));
  const underWay = Promise.withResolvers<void>();
  subscriber.answerWith(() => {
    if (subscriber.deliveries.length === 8) underWay.resolve();
    return new Promise(() => {});
  });
  for (let index = 0; index < 20; index += 1) first.sms(`message ${index}`);
  await underWay.promise;
  await first.stop();
  first.state.close();

  subscriber.deliveries.length = 0;
  subscriber.answerWith(() => ({ status: 200 }));
  const state = openState(dataFile);
  t.after(() => state.close());
  const second = startEventGrid(t, { state });
  await second.idle();
  const emitted = second.events({ limit: 100 }).map(({ id }) => id);
  assert.equal(emitted.length, 20);
  assert.deepEqual(subscriber.ids().toSorted(), emitted.toSorted());
});

test('a slow subscriber holds up no other, and gets only some requests at once', async (t) => {
  const slow = await startSubscriber(t);
  const quick = await startSubscriber(t);
  const grid = startEventGrid(t);
  await grid.subscribe(settings('a-slow', slow.url));
  await grid.subscribe(settings('quick', quick.url));
  const released = Promise.withResolvers<Answer>();
  slow.answerWith(() => released.promise);
  const quickDone = Promise.withResolvers<void>();
  quick.answerWith(() => {
    if (quick.deliveries.length === 100) quickDone.resolve();
    return { status: 200 };
  });
  for (let index = 0; index < 100; index += 1) grid.sms(`message ${index}`);
  await quickDone.promise;
  assert.equal(slow.deliveries.length, 8);
  released.resolve({ status: 200 });
  await grid.idle();
  assert.equal(slow.deliveries.length, 100);
});

test('an answer without end is read no further than its beginning', async (t) => {
  let sentBytes = 0;
  const server = createServer((_request, response) => {
    const write = () => {
      const piece = Buffer.alloc(64 * 1024, 'x');
      while (!response.destroyed && response.write(piece)) sentBytes += piece.length;
      response.once('drain', write);
    };
    write();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => {
    server.close();
    server.closeAllConnections();
  });
  const address = server.address();
  assert.ok(address !== null && typeof address === 'object');
  const grid = startEventGrid(t);
  const subscription = await grid.subscribe(settings('endless', `http://127.0.0.1:${address.port}/`));
  assert.equal(subscription.state, 'AwaitingManualAction');
  assert.ok(sentBytes < 50 * 1024 ** 2, `${sentBytes} bytes`);
});

test('who unsubscribes while a delivery fails gets it no more', async (t) => {
  const subscriber = await startSubscriber(t);
  const grid = startEventGrid(t);
  await grid.subscribe(settings('parley', subscriber.url));
  subscriber.answerWith(() => {
    grid.unsubscribe('parley');
    return { status: 500 };
  });
  grid.sms('hello');
  await grid.idle();
  await grid.subscribe(settings('parley', subscriber.url));
  await grid.advance(100_000);
  assert.deepEqual([subscriber.deliveries.length, grid.deadLetters()], [1, []]);
});

test('duplicates and disorder: every event comes, in the same way for the same seed', async (t) => {
  const subscriber = await startSubscriber(t);
  await fc.assert(
    fc.asyncProperty(
      fc.record({
        seed: fc.integer(),
        duplicates: fc.constantFrom(0, 0.3, 1),
        disorder: fc.constantFrom(false, true, 60),
        count: fc.integer({ min: 1, max: 40 }),
      }),
      async ({ count, ...chaos }) => {
        const [once, again] = [
          await deliverAll(t, subscriber, count, chaos),
          await deliverAll(t, subscriber, count, chaos),
        ];
        assert.deepEqual(again, once);
        const times = (index: number) => once.filter((text) => text === String(index)).length;
        const counts = Array.from({ length: count }, (_, index) => times(index));
        assert(counts.every((each) => each >= 1 && each <= 2));
        if (chaos.duplicates === 0) assert(counts.every((each) => each === 1));
        if (chaos.duplicates === 1) assert(counts.every((each) => each === 2));
        if (!chaos.disorder)
          assert.deepEqual(
            once,
            once.toSorted((a, b) => Number(a) - Number(b)),
          );
      },
    ),
    { numRuns: 25 },
  );
});

test('disorder is disorder', async (t) => {
  const subscriber = await startSubscriber(t);
  const texts = await deliverAll(t, subscriber, 40, { seed: 7, disorder: true });
  assert.notDeepEqual(
    texts,
    texts.toSorted((a, b) => Number(a) - Number(b)),
  );
});

/** The texts of all that a subscriber gets in one batch, after the disorder has passed. */
async function deliverAll(
  t: TestContext,
  subscriber: Subscriber,
  count: number,
  chaos: Record<string, unknown>,
): Promise<string[]> {
  subscriber.deliveries.length = 0;
  // Not started: nothing goes before all of it is due.
  let milliseconds = 0;
  const grid = createEventGrid({
    state: openState(':memory:'),
    clock: () => new Date(start + milliseconds),
    log: () => {},
    resource,
    url: () => '',
  });
  t.after(() => grid.stop());
  await grid.subscribe(
    settings('parley', subscriber.url, { chaos, batch: { maxEvents: 5_000, preferredKilobytes: 1_024 } }),
  );
  for (let index = 0; index < count; index += 1) {
    grid.emit({ type: 'SMSReceived', subject: '', data: { message: String(index) } });
  }
  milliseconds = 60_000;
  grid.start();
  await grid.idle();
  assert.equal(subscriber.deliveries.length, 1);
  return JSON.parse(JSON.stringify(subscriber.deliveries[0]?.json)).map(
    ({ data }: { data: { message: string } }) => data.message,
  );
}
