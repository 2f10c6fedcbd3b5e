import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { createAllowance } from '../../../src/shared/models/language/allowance.ts';
import { answerFromBatch } from '../../../src/shared/models/language/batch/answer-from-batch.ts';
import { callId } from '../../../src/shared/models/language/batch/call-id.ts';
import { collectCalls, WaitsForBatch } from '../../../src/shared/models/language/batch/collect-calls.ts';
import { costOf } from '../../../src/shared/models/language/prices.ts';
import { startModelEndpoint } from '../../support/model-endpoint.ts';
import { fine, makeCall, openModel } from './open-model.ts';

const mayWait = makeCall({ mayWait: true });

async function start(context: { after(work: () => Promise<void>): void }) {
  const endpoint = await startModelEndpoint(() => ({ answer: fine }));
  context.after(endpoint.close);
  return { endpoint, ...openModel({ ...endpoint.environment, OPENAI_MODEL_BATCH: 'nightly' }) };
}

const completionOf = (content: string) => ({
  choices: [{ message: { content }, finish_reason: 'stop' }],
  usage: { prompt_tokens: 300, completion_tokens: 40 },
});

describe('calls that may wait', () => {
  test('are put down for the deployment of batches, their tokens kept, and nothing is sent', async (context) => {
    const { endpoint, model } = await start(context);
    const { model: collecting, collected } = collectCalls(model);
    const tokens = await model.tokensOf(mayWait);
    const allowance = createAllowance(tokens + 10);
    await assert.rejects(collecting.call(mayWait, { allowance }), WaitsForBatch);
    const request = collected.requests.get(callId(mayWait));
    assert.equal(request?.body.model, 'nightly');
    assert.deepEqual([allowance.left, allowance.used.calls, collected.held], [10, 0, tokens]);
    // Nobody waits for tokens that do not come back.
    assert.equal(allowance.settlement, undefined);
    await assert.rejects(collecting.call(mayWait, { allowance }), { code: 'budget_spent' });
    assert.equal(endpoint.requests.length, 0);
  });

  test('are the only ones: others are made at once', async (context) => {
    const { endpoint, model, allowance } = await start(context);
    await collectCalls(model).model.call(makeCall(), { allowance });
    const answers = new Map([[callId(makeCall()), completionOf(JSON.stringify(fine))]]);
    await answerFromBatch(model, answers).call(makeCall(), { allowance });
    assert.equal(endpoint.requests.length, 2);
  });

  test('that a batch has answered are booked, whatever is left, at the price of the batch', async (context) => {
    const { endpoint, model } = await start(context);
    const answers = new Map([[callId(mayWait), completionOf(JSON.stringify(fine))]]);
    const allowance = createAllowance(100);
    const { value, usage } = await answerFromBatch(model, answers).call(mayWait, { allowance });
    assert.deepEqual(value, fine);
    assert.equal(endpoint.requests.length, 0);
    assert.deepEqual(
      [usage.inputTokens, usage.batchInputTokens, usage.outputTokens, usage.batchOutputTokens],
      [300, 300, 40, 40],
    );
    assert.equal(allowance.left, -240);
    await answerFromBatch(model, answers).call(mayWait, { allowance });
    const prices = { live: { input: 2, output: 8 }, nightly: { input: 1, output: 4 } };
    assert.equal(costOf(usage, 'live', prices, 'nightly'), (300 + 160) / 1_000_000);
    assert.equal(costOf(usage, 'live', prices, 'unknown'), (600 + 320) / 1_000_000);
  });

  test('that a batch answered in no usable form are mended at once', async (context) => {
    const { endpoint, model, allowance } = await start(context);
    const answers = new Map([[callId(mayWait), completionOf('Hello!')]]);
    const { value, usage } = await answerFromBatch(model, answers).call(mayWait, { allowance });
    assert.deepEqual(value, fine);
    assert.equal(usage.calls, 2);
    assert.match(JSON.stringify(endpoint.requests[0]?.body), /Hello!.*cannot be used/);
    assert.equal(endpoint.requests[0]?.body.model, 'stand-in');
  });

  test('are made at once where what came is no completion', async (context) => {
    const { endpoint, model, allowance } = await start(context);
    await answerFromBatch(model, new Map([[callId(mayWait), { error: 'none' }]])).call(mayWait, {
      allowance,
    });
    assert.equal(endpoint.requests.length, 1);
  });
});
