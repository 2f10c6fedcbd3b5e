import assert from 'node:assert/strict';
import { afterEach, describe, test } from 'node:test';
import fc from 'fast-check';
import { createAllowance } from '../../../src/shared/models/language/allowance.ts';
import { type ModelEndpoint, type ModelReply, startModelEndpoint } from '../../support/model-endpoint.ts';
import { fine, makeCall, openModel, secret } from './open-model.ts';

let endpoint: ModelEndpoint;
afterEach(() => endpoint.close());

const misreports: [string, { prompt_tokens: number; completion_tokens: number } | null][] = [
  ['no usage', null],
  ['none at all', { prompt_tokens: 0, completion_tokens: 0 }],
  ['less than it was sent', { prompt_tokens: 1, completion_tokens: 1 }],
  ['a thousand times as much', { prompt_tokens: 90_000, completion_tokens: 1_000_000 }],
];

describe('the tokens that may be spent', () => {
  for (const [name, usage] of misreports) {
    test(`are kept to by an endpoint that reports ${name}: over by one call at most`, async () => {
      endpoint = await startModelEndpoint(() => ({ answer: fine, usage }));
      const { ask, allowance, model } = openModel(endpoint.environment, 10_000);
      const results: string[] = [];
      for (let call = 0; call < 40; call += 1)
        results.push(
          await ask().then(
            () => 'answered',
            ({ code }) => code,
          ),
        );
      const { length } = endpoint.requests;
      const one = await model.tokensOf(makeCall());
      assert.ok(length >= 1 && length < 40, `${length} requests`);
      assert.deepEqual(
        results,
        Array.from({ length: 40 }, (_, at) => (at < length ? 'answered' : 'budget_spent')),
      );
      // What each request really was: its input, and what can be seen of its output.
      const sent = length * (one - 1_000 + 10);
      assert.ok(sent <= 10_000 + one);
      assert.equal(allowance.used.calls, length);
      assert.ok(allowance.left < one);
    });
  }

  test('count what the endpoint reported where that is more, reasoning included', async () => {
    endpoint = await startModelEndpoint(() => ({
      answer: fine,
      usage: { prompt_tokens: 500, completion_tokens: 900 },
    }));
    const { ask } = openModel(endpoint.environment);
    assert.deepEqual((await ask()).usage, { calls: 1, inputTokens: 500, outputTokens: 900 });
  });

  test('are not overdrawn at once by an endpoint that uses twice what it may: the first call tells', async () => {
    endpoint = await startModelEndpoint(() => ({
      answer: fine,
      usage: { prompt_tokens: 40, completion_tokens: 2_000 },
    }));
    const { ask, allowance } = openModel(endpoint.environment, 20_000);
    await Promise.allSettled(Array.from({ length: 30 }, () => ask()));
    assert.equal(endpoint.requests.length, 9);
    assert.ok(allowance.left >= 0 && allowance.left < 2_100);
  });

  test('are had by one call at a time where each uses more than all of them, and by one in every later run', async () => {
    endpoint = await startModelEndpoint(() => ({
      answer: fine,
      usage: { prompt_tokens: 40, completion_tokens: 30_000 },
    }));
    const { model } = openModel(endpoint.environment);
    for (let run = 1; run <= 3; run += 1) {
      const allowance = createAllowance(20_000);
      await Promise.allSettled(Array.from({ length: 10 }, () => model.call(makeCall(), { allowance })));
      assert.equal(endpoint.requests.length, run);
      assert.ok(allowance.left < 0 && allowance.left > -10_200, `${allowance.left} left`);
    }
  });

  test('of a run are overdrawn by one call at most where the endpoint begins to use far more than before', async () => {
    endpoint = await startModelEndpoint((_, count) => ({
      answer: fine,
      usage: { prompt_tokens: 40, completion_tokens: count < 3 ? 9_000 : 30_000 },
    }));
    const { ask, allowance } = openModel(endpoint.environment, 100_000);
    await Promise.allSettled(Array.from({ length: 30 }, () => ask()));
    assert.ok(allowance.left > -30_200, `${allowance.left} left`);
  });

  test('are asked about before anything is sent', async () => {
    endpoint = await startModelEndpoint(() => ({ answer: fine }));
    const { ask, model, allowance } = openModel(endpoint.environment, 1_040);
    assert.ok((await model.tokensOf(makeCall())) > 1_040);
    await assert.rejects(ask(), { code: 'budget_spent' });
    assert.equal(endpoint.requests.length, 0);
    assert.equal(allowance.left, 1_040);
  });

  test('that others have reserved and do not need are waited for', async () => {
    endpoint = await startModelEndpoint(() => ({ answer: fine }));
    const { ask, model } = openModel(endpoint.environment, 2_000);
    const one = await model.tokensOf(makeCall());
    assert.ok(2 * one > 2_000, 'only one can be under way');
    await Promise.all([ask(), ask(), ask()]);
    assert.equal(endpoint.requests.length, 3);
  });

  test('are never overdrawn by calls at once, whatever the endpoint does', async () => {
    const reply = fc.constantFrom<ModelReply>(
      { answer: fine },
      { answer: fine, usage: null },
      { text: 'no JSON' },
      { refusal: 'No.' },
      { status: 429, headers: { 'retry-after': '1' } },
      { status: 500 },
      { status: 400, error: { code: 'content_filter' } },
      { resetAfter: '{' },
      { raw: '{"id' },
    );
    await fc.assert(
      fc.asyncProperty(
        fc.array(reply, { minLength: 1, maxLength: 20 }),
        fc.integer({ min: 0, max: 12_000 }),
        fc.integer({ min: 1, max: 8 }),
        async (replies, tokens, concurrency) => {
          endpoint = await startModelEndpoint((_, count) => replies[count - 1] ?? { answer: fine });
          const { model, timing } = openModel({
            ...endpoint.environment,
            MODEL_CONCURRENCY: `${concurrency}`,
          });
          const allowance = createAllowance(tokens);
          let least = tokens;
          const watched = {
            get left() {
              return allowance.left;
            },
            get used() {
              return allowance.used;
            },
            get settlement() {
              return allowance.settlement;
            },
            reserve(wanted: number) {
              const reservation = allowance.reserve(wanted);
              least = Math.min(least, allowance.left);
              return reservation;
            },
          };
          await Promise.allSettled(
            Array.from({ length: 6 }, () => model.call(makeCall({ input: secret }), { allowance: watched })),
          );
          const { inputTokens, outputTokens } = allowance.used;
          assert.ok(least >= 0, 'reserved more than there was');
          assert.equal(allowance.left, tokens - inputTokens - outputTokens, 'a reservation is open still');
          assert.ok(allowance.left >= 0);
          assert.equal(allowance.settlement, undefined);
          assert.ok(timing.waits.every((wait) => wait < 60_000));
          await endpoint.close();
        },
      ),
      { numRuns: 25 },
    );
  });
});
