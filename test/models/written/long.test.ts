import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { createAllowance } from '../../../src/shared/models/language/allowance.ts';
import type { ModelRequest } from '../../support/model-endpoint.ts';
import { answerHonestly, messagesIn } from './answers.ts';
import { longConversation } from './long-conversation.ts';
import { openModel, summarize, write } from './open-model.ts';

/** Numbers of the messages that were shown, in the order of the calls. */
const shownIn = (requests: readonly ModelRequest[]): number[] =>
  requests
    .filter(({ answerName }) => answerName === 'notes')
    .flatMap((request) => messagesIn(request).map(({ number }) => number));

describe('a conversation that does not fit', () => {
  test('of 5,000 messages takes fewer than 94 calls of 3,000 tokens, and every message is read once', async (t) => {
    const { model, requests } = await openModel(t, { reply: answerHonestly, window: [3_000, 600] });
    const conversation = longConversation(5_000);
    const { content } = await write(model, { conversation });
    assert.ok(requests.length <= 93, `${requests.length} calls`);
    const shown = shownIn(requests).sort((one, other) => one - other);
    assert.deepEqual(
      shown,
      conversation.messages.map((_, index) => index + 1),
    );
    assert.ok(content.summary.length > 0);
    assert.equal(content.leftOut, undefined);
  });

  test('of 5,000 messages takes a few calls of 100,000 tokens', async (t) => {
    const { model, requests } = await openModel(t, { reply: answerHonestly, window: [100_000, 4_000] });
    await write(model, { conversation: longConversation(5_000) });
    assert.ok(requests.length <= 3, `${requests.length} calls`);
  });

  test('of 100,000 messages is summarized, though never more than a few prompts are there at once', async (t) => {
    let open = 0;
    let most = 0;
    const { model, requests } = await openModel(t, {
      reply: (request) => {
        open = requests.length;
        most = Math.max(most, request.input.length);
        return answerHonestly(request);
      },
    });
    const { content, state } = await write(model, { conversation: longConversation(100_000) });
    assert.ok(content.summary.length > 0);
    assert.ok(open < 40, `${open} calls`);
    assert.ok(most < 1_000_000);
    assert.ok(JSON.stringify(state).length < 200_000);
  });

  test('never sends more than the window holds, however long a message is', async (t) => {
    const { model, requests, languageModel } = await openModel(t, {
      reply: answerHonestly,
      window: [3_000, 600],
    });
    const conversation = longConversation(120);
    for (const [index, message] of conversation.messages.entries()) {
      if (index % 40 === 7) message.text = '漢字かな交じり文🎉 '.repeat(3_000);
    }
    await write(model, { conversation });
    const count = await languageModel.tokenCounter();
    for (const { instructions, input } of requests) assert.ok(count(instructions + input) < 2_400);
    assert.ok(requests.some(({ input }) => input.includes('…')));
  });

  test('without one part that the model refuses is summarized all the same, and the gap is named', async (t) => {
    const { model } = await openModel(t, {
      reply: (request) =>
        messagesIn(request).some(({ number }) => number === 777)
          ? { refusal: 'I cannot help with that.' }
          : answerHonestly(request),
      window: [3_000, 600],
    });
    const { content } = await write(model, { conversation: longConversation(2_000) });
    const [gap, ...others] = content.leftOut ?? [];
    assert.deepEqual(others, []);
    assert.equal(gap?.reason, 'refused');
    assert.ok((gap?.messages ?? 0) < 40, `${gap?.messages} left out`);
    const [from, to] = [gap?.from, gap?.to].map((id) => Number(id?.slice(1)));
    assert.ok((from ?? 0) <= 777 && 777 <= (to ?? 0));
  });

  test('is cut where it would fit, when the model refuses it for one message', async (t) => {
    const { model } = await openModel(t, {
      reply: (request) =>
        messagesIn(request).some(({ number }) => number === 50)
          ? { refusal: 'I cannot help with that.' }
          : answerHonestly(request),
    });
    const { content } = await write(model, { conversation: longConversation(200) });
    assert.ok((content.leftOut?.[0]?.messages ?? 0) < 20);
    assert.ok(content.summary.length > 0);
  });

  test('of which the model refuses every part fails', async (t) => {
    const { model } = await openModel(t, { reply: () => ({ refusal: 'No.' }), window: [3_000, 600] });
    const [result] = await summarize(model, [{ conversation: longConversation(200) }]);
    assert.ok(result && 'error' in result);
    assert.equal((result.error as { code?: string }).code, 'model_refused');
  });

  test('fails whole when the deployment is wrong, without asking about every part', async (t) => {
    const { model, requests } = await openModel(t, {
      reply: () => ({ status: 401, error: { message: 'wrong key' } }),
      window: [3_000, 600],
    });
    const [result] = await summarize(model, [{ conversation: longConversation(5_000) }]);
    assert.ok(result && 'error' in result);
    assert.equal((result.error as { code?: string }).code, 'model_not_usable');
    assert.ok(requests.length <= 32);
  });
});

describe('what a conversation may cost', () => {
  test('is never less than what it costs', async (t) => {
    for (const window of [
      [3_000, 600],
      [128_000, 4_000],
    ] as [number, number][]) {
      const { model } = await openModel(t, { reply: answerHonestly, window });
      const jobs = [{ conversation: longConversation(1_500) }];
      const [estimate] = await model.estimate(jobs);
      const [result] = await summarize(model, jobs);
      assert.ok(estimate && result);
      assert.ok(result.usage.calls <= estimate.calls);
      assert.ok(result.usage.inputTokens <= estimate.inputTokens * 1.05);
      assert.ok(result.usage.outputTokens <= estimate.outputTokens);
    }
  });

  test('is put aside before the first call: too few tokens make none', async (t) => {
    const { model, requests } = await openModel(t, { reply: answerHonestly, window: [3_000, 600] });
    const allowance = createAllowance(20_000);
    const [result] = await model.summarize([{ conversation: longConversation(2_000) }], { allowance });
    assert.ok(result && 'error' in result);
    assert.equal((result.error as { code?: string }).code, 'budget_spent');
    assert.equal(requests.length, 0);
    assert.equal(allowance.left, 20_000);
  });

  test('is booked once, and the rest given back', async (t) => {
    const { model } = await openModel(t, { reply: answerHonestly, window: [3_000, 600] });
    const allowance = createAllowance(1_000_000);
    const [result] = await model.summarize([{ conversation: longConversation(1_000) }], { allowance });
    const { usage } = result ?? {};
    assert.deepEqual(allowance.used, usage);
    assert.equal(allowance.left, 1_000_000 - (usage?.inputTokens ?? 0) - (usage?.outputTokens ?? 0));
  });

  test('is capped: the newest part that fits is summarized, and the rest named', async (t) => {
    const { model } = await openModel(t, { reply: answerHonestly, tokensPerConversation: 20_000 });
    const conversation = longConversation(5_000);
    const [result] = await summarize(model, [{ conversation }]);
    assert.ok(result && 'content' in result);
    assert.ok(result.usage.inputTokens + result.usage.outputTokens <= 20_000);
    const [gap] = result.content.leftOut ?? [];
    assert.deepEqual([gap?.from, gap?.reason], ['m1', 'limit']);
    assert.ok((gap?.messages ?? 5_000) < 4_700);
    assert.ok(result.content.summary.every(({ cites }) => Number(cites[0]?.slice(1)) > (gap?.messages ?? 0)));
  });
});
