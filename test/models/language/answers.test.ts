import assert from 'node:assert/strict';
import { afterEach, describe, test } from 'node:test';
import { inspect } from 'node:util';
import { ParleyError } from '../../../src/shared/errors.ts';
import {
  type ModelEndpoint,
  type ModelReply,
  type ModelRequest,
  startModelEndpoint,
} from '../../support/model-endpoint.ts';
import { fine, openModel, secret } from './open-model.ts';

let endpoint: ModelEndpoint;
afterEach(() => endpoint.close());

async function start(reply: (request: ModelRequest, count: number) => ModelReply, tokens?: number) {
  endpoint = await startModelEndpoint(reply);
  return openModel(endpoint.environment, tokens);
}

const words = JSON.stringify(fine);

describe('an answer', () => {
  const forms: [string, string][] = [
    ['between fences', `Here you are:\n\`\`\`json\n${words}\n\`\`\`\nAnything else?`],
    ['among words', `Sure! ${words} I hope that {this} helps.`],
    ['after words in braces', `{Well} then: ${words}`],
    ['after thoughts', `<think>{"text":"no"} or not?</think>\n\n${words}`],
    ['without what may be null', '{"text":"Hello","cites":[1],"more":"than asked"}'],
  ];
  for (const [name, text] of forms) {
    test(`${name} is found`, async () => {
      const { ask } = await start(() => ({ text }));
      assert.deepEqual((await ask()).value, fine);
      assert.equal(endpoint.requests.length, 1);
    });
  }

  test('in another form is mended once, by a model that sees it and what is wrong', async () => {
    const { ask, allowance } = await start((_, count) =>
      count === 1 ? { answer: { text: 7 } } : { answer: fine },
    );
    const { value, usage } = await ask();
    assert.deepEqual(value, fine);
    assert.equal(usage.calls, 2);
    assert.deepEqual(allowance.used, usage);
    const messages = endpoint.requests[1]?.body.messages;
    assert.ok(Array.isArray(messages));
    assert.deepEqual(messages[2], { role: 'assistant', content: '{"text":7}' });
    assert.match(messages[3].content, /text: .*expected string.*cites: /s);
  });

  test('that is always in another form is given up after the second', async () => {
    const { ask } = await start(() => ({ text: 'I would rather not say.' }));
    await assert.rejects(ask(), { code: 'model_answer_invalid', retryable: false });
    assert.equal(endpoint.requests.length, 2);
  });

  test('that cannot be mended for want of tokens is invalid, and says so', async () => {
    const { ask, allowance } = await start(() => ({ text: 'No.' }), 1_200);
    await assert.rejects(ask(), { code: 'model_answer_invalid', message: /no room to have it mended/ });
    assert.equal(endpoint.requests.length, 1);
    assert.ok(allowance.left > 0);
  });

  test('of a model that was never told the form: it is told, from then on at once', async () => {
    const { ask } = await start(({ instructions }) =>
      instructions.includes('"additionalProperties":false') ? { answer: fine } : { text: 'Hello!' },
    );
    await ask();
    await ask();
    assert.equal(endpoint.requests.length, 3);
  });
});

describe('no answer', () => {
  test('a refusal, a filter and a stop by length are named, and not tried again', async () => {
    const cases: [ModelReply, string][] = [
      [{ refusal: 'I cannot help with that.' }, 'model_refused'],
      [{ text: '', finishReason: 'content_filter' }, 'model_filtered'],
      [{ text: '{"text":"Hel', finishReason: 'length' }, 'model_cut_short'],
      [{ text: words, finishReason: 'length' }, 'model_cut_short'],
    ];
    for (const [reply, code] of cases) {
      const { ask, allowance } = await start(() => reply);
      await assert.rejects(ask(), { code, retryable: false });
      assert.equal(endpoint.requests.length, 1);
      assert.equal(allowance.used.calls, 1);
      await endpoint.close();
    }
  });

  test("a filter's 400 is a filter, says which, and is booked: Azure bills it", async () => {
    const { ask, allowance } = await start(() => ({
      status: 400,
      error: {
        code: 'content_filter',
        param: 'prompt',
        message: `The response was filtered: ${secret}`,
        innererror: {
          code: 'ResponsibleAIPolicyViolation',
          content_filter_result: {
            hate: { filtered: false, severity: 'safe' },
            self_harm: { filtered: true, severity: 'high' },
            [secret]: { filtered: true },
          },
        },
      },
    }));
    await assert.rejects(ask(), { code: 'model_filtered', message: /stopped this \(self harm\)/ });
    assert.equal(allowance.used.outputTokens, 1_000);
  });

  const wrong: [string, ModelReply, string, RegExp][] = [
    ['a key that is refused', { status: 401 }, 'model_not_usable', /OPENAI_API_KEY/],
    ['a door that is shut', { status: 403 }, 'model_not_usable', /OPENAI_API_KEY.*network/],
    ['a deployment that is not there', { status: 404 }, 'model_not_usable', /"stand-in".*OPENAI_MODEL/],
    ['a page of the web', { raw: '<html>', contentType: 'text/html' }, 'model_not_usable', /OPENAI_BASE_URL/],
    ['no credit', { status: 402 }, 'model_unavailable', /credit/],
    ['an input that is too long', { status: 413 }, 'model_input_too_large', /MODEL_CONTEXT_TOKENS/],
    [
      'an input that is too long, in words',
      { status: 400, error: { message: "This model's maximum context length is 4096 tokens." } },
      'model_input_too_large',
      /MODEL_CONTEXT_TOKENS/,
    ],
    [
      'an output that is too long for the model',
      { status: 400, error: { param: 'max_tokens', message: 'max_tokens is too large: 4000.' } },
      'model_not_usable',
      /MODEL_OUTPUT_TOKENS/,
    ],
    ['a request that is refused', { status: 400, error: { code: 'odd' } }, 'model_refused', /HTTP 400, odd/],
  ];
  for (const [name, reply, code, message] of wrong) {
    test(`${name} is ${code}, and says what to do`, async () => {
      const { ask } = await start(() => reply);
      await assert.rejects(ask(), { code, message });
      assert.equal(endpoint.requests.length, 1);
    });
  }

  test('an input longer than the window is not sent', async () => {
    endpoint = await startModelEndpoint(() => ({ answer: fine }));
    const { ask, allowance } = openModel({ ...endpoint.environment, MODEL_CONTEXT_TOKENS: '5000' });
    await assert.rejects(ask({ input: 'word '.repeat(4_000) }), { code: 'model_input_too_large' });
    assert.equal(endpoint.requests.length, 0);
    assert.equal(allowance.left, 1_000_000);
  });
});

test('no error holds what people wrote, what the model wrote, or the key', async () => {
  const quoting = { message: `Bad: ${secret}`, code: secret, param: secret, type: secret };
  const replies: ModelReply[] = [
    ...[400, 401, 404, 418, 422, 429, 500].map((status) => ({ status, error: quoting })),
    { status: 400, error: { ...quoting, code: 'content_filter' } },
    { status: 500, headers: { 'x-request-id': secret.replaceAll(':', '') }, error: quoting },
    { refusal: `I will not say ${secret}` },
    { text: `{"text": ["${secret}"]}` },
    { text: secret },
    { text: secret, finishReason: 'length' },
    { raw: `${secret}` },
    { resetAfter: secret },
  ];
  for (const reply of replies) {
    const { ask } = await start(() => reply);
    const error = await ask().catch((thrown: unknown) => thrown);
    assert.ok(error instanceof ParleyError);
    assert.doesNotMatch(inspect(error, { depth: 9 }), /4111|card|fake-key/, JSON.stringify(reply));
    await endpoint.close();
  }
});
