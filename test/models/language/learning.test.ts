import assert from 'node:assert/strict';
import { afterEach, describe, test } from 'node:test';
import {
  type ModelEndpoint,
  type ModelReply,
  type ModelRequest,
  startModelEndpoint,
} from '../../support/model-endpoint.ts';
import { fine, openModel } from './open-model.ts';

let endpoint: ModelEndpoint;
afterEach(() => endpoint.close());

const refuse = (error: Record<string, unknown>, status = 400): ModelReply => ({ status, error });

/** What endpoints refuse, each in its own words. */
const stubborn: [string, (request: ModelRequest) => ModelReply | undefined][] = [
  [
    'max_tokens (models that reason)',
    ({ body }) =>
      'max_tokens' in body
        ? refuse({
            code: 'unsupported_parameter',
            param: 'max_tokens',
            message:
              "Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead.",
          })
        : undefined,
  ],
  [
    'temperature (models that reason)',
    ({ body }) =>
      'temperature' in body
        ? refuse({
            code: 'unsupported_value',
            param: 'temperature',
            message: "Unsupported value: 'temperature' does not support 0.2 with this model.",
          })
        : undefined,
  ],
  [
    'reasoning_effort, as an extra input',
    ({ body }) =>
      'reasoning_effort' in body
        ? refuse({ message: "[{'type': 'extra_forbidden', 'loc': ('body', 'reasoning_effort')}]" }, 422)
        : undefined,
  ],
  [
    'json_schema, then json_object',
    ({ body: { response_format: format } }) =>
      format
        ? refuse({ message: `Invalid parameter: 'response_format' of this type is not supported.` })
        : undefined,
  ],
  [
    'messages of the system',
    ({ instructions }) =>
      instructions === ''
        ? undefined
        : refuse({ param: 'messages[0].role', message: "'messages[0].role' does not support 'system'." }),
  ],
];

const settings = { MODEL_REASONING_EFFORT: 'low' };

describe('what a deployment refuses is learnt once', () => {
  for (const [name, judge] of stubborn) {
    test(name, async () => {
      endpoint = await startModelEndpoint((request) => judge(request) ?? { answer: fine });
      const { ask, allowance } = openModel({ ...endpoint.environment, ...settings });
      const answers = await Promise.all(Array.from({ length: 10 }, () => ask()));
      for (const { value } of answers) assert.deepEqual(value, fine);
      const refused = endpoint.requests.filter((request) => judge(request));
      assert.equal(refused.length, name.includes('then') ? 2 : 1);
      assert.equal(endpoint.requests.length, 10 + refused.length);
      assert.equal(allowance.used.calls, 10, 'a refused request costs nothing');
    });
  }

  test('all of it together, and the form of the answer is told in words then', async () => {
    endpoint = await startModelEndpoint((request) => {
      for (const [, judge] of stubborn) {
        const refusal = judge(request);
        if (refusal) return refusal;
      }
      return { text: `Of course:\n\`\`\`json\n${JSON.stringify(fine)}\n\`\`\`` };
    });
    const { ask } = openModel({ ...endpoint.environment, ...settings });
    assert.deepEqual((await ask()).value, fine);
    assert.equal(endpoint.requests.length, 7);
    const last = endpoint.requests.at(-1);
    assert.match(last?.input ?? '', /^Greet\.[\s\S]*JSON schema:\n\{.*"cites"/);
    assert.deepEqual(Object.keys(last?.body ?? {}).sort(), ['max_completion_tokens', 'messages', 'model']);
  });

  test('for each deployment by itself', async () => {
    endpoint = await startModelEndpoint(({ body }) =>
      body.model === 'picky' && 'temperature' in body ? refuse({ param: 'temperature' }) : { answer: fine },
    );
    const { ask } = openModel({ ...endpoint.environment, OPENAI_MODEL_ASK: 'picky' });
    await ask({ job: 'ask' });
    await ask({ job: 'summary' });
    assert.deepEqual(
      endpoint.requests.map(({ body }) => [body.model, 'temperature' in body]),
      [
        ['picky', true],
        ['picky', false],
        ['stand-in', true],
      ],
    );
  });

  test('an endpoint that refuses whatever it gets is not asked without end', async () => {
    for (const param of [
      'max_tokens',
      'temperature',
      'response_format',
      'messages',
      'reasoning_effort',
      'n',
    ]) {
      endpoint = await startModelEndpoint(() => refuse({ param, message: `${param} is not supported` }));
      const { ask } = openModel({ ...endpoint.environment, ...settings });
      await assert.rejects(ask(), { code: 'model_refused' });
      assert.ok(endpoint.requests.length <= 4, param);
      await endpoint.close();
    }
  });

  test('nothing is learnt from a refusal of the input, whatever words it quotes', async () => {
    endpoint = await startModelEndpoint((_, count) =>
      count === 1
        ? refuse({
            code: 'content_filter',
            message: "Filtered: 'temperature', response_format: system role not supported",
          })
        : { answer: fine },
    );
    const { ask } = openModel(endpoint.environment);
    await assert.rejects(ask(), { code: 'model_filtered' });
    await ask();
    const [first, second] = endpoint.requests;
    assert.deepEqual(second?.body, first?.body);
  });

  test('Azure OpenAI is asked with the limit that models that reason insist on', async () => {
    endpoint = await startModelEndpoint(({ body }) =>
      'max_completion_tokens' in body
        ? refuse({ message: 'Unrecognized request argument supplied: max_completion_tokens' })
        : { answer: fine },
    );
    const { ask } = openModel(endpoint.azureEnvironment);
    await ask();
    await ask();
    assert.deepEqual(
      endpoint.requests.map(({ body }) => 'max_tokens' in body),
      [false, true, true],
    );
  });
});
