import assert from 'node:assert/strict';
import { afterEach, describe, test } from 'node:test';
import { type ModelEndpoint, type ModelReply, startModelEndpoint } from '../../support/model-endpoint.ts';
import { fine, openModel } from './open-model.ts';

const good: ModelReply = { answer: fine };
let endpoint: ModelEndpoint;
afterEach(() => endpoint.close());

/** An endpoint that gives these replies in turn, the last one for ever. */
async function start(...replies: ModelReply[]) {
  endpoint = await startModelEndpoint((_, count) => replies[Math.min(count, replies.length) - 1] ?? good);
  return openModel({ ...endpoint.environment, MODEL_TIMEOUT_SECONDS: '1' });
}

const limited = (headers: Record<string, string> = {}): ModelReply => ({
  status: 429,
  headers,
  error: { code: 'rate_limit_exceeded', message: 'Slow down.' },
});

describe('waiting for the endpoint', () => {
  const told: [string, Record<string, string>, number][] = [
    ['retry-after-ms', { 'retry-after-ms': '1234', 'retry-after': '9' }, 1_234],
    ['Retry-After in seconds', { 'retry-after': '7' }, 7_000],
    [
      'Retry-After as a date, by the clock of the endpoint',
      { date: 'Tue, 03 Nov 2026 10:00:00 GMT', 'retry-after': 'Tue, 03 Nov 2026 10:00:42 GMT' },
      42_000,
    ],
  ];
  for (const [name, headers, milliseconds] of told) {
    test(`as long as ${name} says, and nothing is booked for it`, async () => {
      const { ask, timing, allowance } = await start(limited(headers), good);
      const { value } = await ask();
      assert.deepEqual(value, fine);
      assert.deepEqual(timing.waits, [milliseconds]);
      assert.equal(allowance.used.calls, 1);
    });
  }

  test('longer each time where it tells no time, or one that cannot be read', async () => {
    const { ask, timing } = await start(
      limited(),
      limited({ 'retry-after': 'soon' }),
      limited({ 'retry-after-ms': '-5' }),
      good,
    );
    await ask();
    assert.deepEqual(timing.waits, [250, 500, 1_000]);
  });

  test('a limit is waited out for as long as the total time allows, however often it is told', async () => {
    const { ask } = await start(...Array.from({ length: 30 }, () => limited({ 'retry-after': '1' })), good);
    assert.deepEqual((await ask()).value, fine);
    assert.equal(endpoint.requests.length, 31);
  });

  test('a wait beyond the total time ends the call at once, and says when', async () => {
    const { ask, timing } = await start(limited({ 'retry-after': '3600' }));
    await assert.rejects(ask(), { code: 'model_unavailable', retryable: true, retryAfterSeconds: 3_600 });
    await assert.rejects(ask(), { code: 'model_unavailable' });
    assert.deepEqual(timing.waits, []);
    assert.equal(endpoint.requests.length, 1, 'the second call asks nothing: everybody was told to wait');
  });

  test('a quota that is used up is not waited for', async () => {
    const { ask, allowance } = await start({
      status: 429,
      error: { code: 'insufficient_quota', message: 'Pay.' },
    });
    await assert.rejects(ask(), { code: 'model_unavailable', message: /quota or the credit/ });
    assert.equal(endpoint.requests.length, 1);
    assert.equal(allowance.used.calls, 0);
  });

  test('an endpoint that says at once, over and over, is not asked without end', async () => {
    const { ask } = await start(limited({ 'retry-after': '0' }));
    await assert.rejects(ask(), { code: 'model_unavailable' });
    assert.ok(endpoint.requests.length < 40, `${endpoint.requests.length} requests`);
  });

  test('all calls wait when one is told to, and then none fails', async () => {
    endpoint = await startModelEndpoint((_, count) =>
      count % 3 === 0 ? limited({ 'retry-after': '2' }) : good,
    );
    const { ask, allowance } = openModel(endpoint.environment);
    await Promise.all(Array.from({ length: 40 }, () => ask()));
    assert.equal(allowance.used.calls, 40);
  });
});

describe('trying again', () => {
  const failures: [string, ModelReply, { isPaid: boolean }][] = [
    ['500', { status: 500 }, { isPaid: true }],
    ['502', { status: 502 }, { isPaid: true }],
    ['503', { status: 503 }, { isPaid: false }],
    ['408', { status: 408 }, { isPaid: true }],
    ['409', { status: 409 }, { isPaid: false }],
    ['a timeout', { hang: true }, { isPaid: true }],
    ['a reset in mid-body', { resetAfter: '{"id":"chatcmpl' }, { isPaid: true }],
    ['a truncated body', { raw: '{"id":"chatcmpl-1","choices":[{"mess' }, { isPaid: true }],
    ['an empty body', { raw: '' }, { isPaid: true }],
    ['a body that is no completion', { raw: '{"choices":[]}' }, { isPaid: true }],
  ];
  for (const [name, reply, { isPaid }] of failures) {
    test(`after ${name}, which is ${isPaid ? 'booked with all that was reserved' : 'not paid'}`, async () => {
      const { ask, model, allowance } = await start(reply, good);
      const { value, usage } = await ask();
      assert.deepEqual(value, fine);
      assert.equal(endpoint.requests.length, 2);
      assert.equal(usage.calls, isPaid ? 2 : 1);
      assert.deepEqual(allowance.used, usage);
      assert.equal(allowance.left, 1_000_000 - usage.inputTokens - usage.outputTokens);
      assert.equal(usage.outputTokens > 1_000, isPaid);
      assert.equal(model.nameFor('summary'), 'stand-in');
    });
  }

  test('a failure that lasts is given up after five tries, and names itself', async () => {
    const { ask, timing } = await start({ status: 500, headers: { 'x-request-id': 'request-0001' } });
    await assert.rejects(ask(), (error: Error) => {
      assert.match(error.message, /failed \(HTTP 500\)/);
      assert.match(String(error.cause), /HTTP 500, request request-0001/);
      return true;
    });
    assert.equal(endpoint.requests.length, 5);
    assert.deepEqual(timing.waits, [250, 500, 1_000, 2_000]);
  });

  test('an endpoint that is down is asked once a call, until it answers', async () => {
    const { ask } = await start({ status: 500 });
    for (let call = 1; call <= 5; call += 1) await assert.rejects(ask(), { code: 'model_unavailable' });
    assert.equal(endpoint.requests.length, 5 + 5 + 5 + 1 + 1);
  });

  test('nobody at the address is tried again, and costs nothing', async () => {
    const { ask, allowance } = await start(good);
    await endpoint.close();
    await assert.rejects(ask(), { code: 'model_unavailable', message: /cannot be reached/ });
    assert.equal(allowance.used.calls, 0);
    assert.equal(allowance.left, 1_000_000);
  });

  test('tries end with the tokens, too: none is sent that is not reserved', async () => {
    endpoint = await startModelEndpoint(() => ({ status: 500 }));
    const { ask, allowance } = openModel(endpoint.environment, 2_500);
    await assert.rejects(ask(), { code: 'model_unavailable', message: /not enough for another try/ });
    assert.equal(endpoint.requests.length, 2);
    assert.ok(allowance.left >= 0);
  });
});

describe('ending a call', () => {
  test('ends what is under way, and books what it may cost', async () => {
    const ending = new AbortController();
    endpoint = await startModelEndpoint(() => {
      ending.abort(new Error('enough'));
      return { hang: true };
    });
    const { ask, allowance } = openModel(endpoint.environment);
    await assert.rejects(ask({}, ending.signal), /enough/);
    assert.equal(allowance.used.calls, 1);
    assert.ok(allowance.used.outputTokens === 1_000);
  });

  test('ends waiting for a place, and leaves the place to others', async () => {
    const ending = new AbortController();
    const { promise: held, resolve: release } = Promise.withResolvers<ModelReply>();
    endpoint = await startModelEndpoint((_, count) => (count === 1 ? held : good));
    const { ask, allowance } = openModel({ ...endpoint.environment, MODEL_CONCURRENCY: '1' });
    const first = ask();
    const ended = assert.rejects(ask({}, ending.signal), /enough/);
    const third = ask();
    ending.abort(new Error('enough'));
    await ended;
    release(good);
    await Promise.all([first, third]);
    assert.equal(endpoint.requests.length, 2);
    assert.equal(allowance.used.calls, 2);
  });

  test('before it began asks nothing', async () => {
    const { ask } = await start(good);
    await assert.rejects(ask({}, AbortSignal.abort(new Error('enough'))), /enough/);
    assert.equal(endpoint.requests.length, 0);
  });
});
