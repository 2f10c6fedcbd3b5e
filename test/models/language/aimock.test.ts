import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, test } from 'node:test';
import { LLMock } from '@copilotkit/aimock';
import { fine, openModel } from './open-model.ts';

/** An endpoint of another making, so that ours does not only suit itself. */
let mock: LLMock;
beforeEach(async () => {
  mock = new LLMock({ port: 0 });
  await mock.start();
});
afterEach(() => mock.stop());

const providers: [string, () => Record<string, string>][] = [
  ['OpenAI', () => ({ OPENAI_BASE_URL: `${mock.url}/v1`, OPENAI_API_KEY: 'key', OPENAI_MODEL: 'gpt-4o' })],
  [
    'Azure OpenAI',
    () => ({
      AZURE_OPENAI_ENDPOINT: mock.url,
      AZURE_OPENAI_API_KEY: 'key',
      AZURE_OPENAI_DEPLOYMENT: 'gpt-4o',
    }),
  ],
];

for (const [provider, environment] of providers) {
  describe(`aimock as ${provider}`, () => {
    test('answers in the form that was asked for', async () => {
      mock.on({ userMessage: /./ }, { content: JSON.stringify(fine) });
      const { value, usage } = await openModel(environment()).ask();
      assert.deepEqual(value, fine);
      assert.equal(usage.calls, 1);
    });

    test('a limit, an error and a broken answer are tried again', async () => {
      mock.on({ userMessage: /./ }, { content: JSON.stringify(fine) });
      mock.nextRequestError(429, { message: 'Slow down.', code: 'rate_limit_exceeded' });
      mock.nextRequestError(500, { message: 'Oh.' });
      const { ask, timing } = openModel(environment());
      assert.deepEqual((await ask()).value, fine);
      assert.equal(mock.getRequests().length, 3);
      assert.ok(timing.waits.length === 2);
    });

    for (const [name, chaos] of [
      ['drops the request', { dropRate: 1 }],
      ['breaks the JSON', { malformedRate: 1 }],
      ['takes the connection down', { disconnectRate: 1 }],
    ] as const) {
      test(`one that ${name} is unavailable, and later answers`, async () => {
        mock.on({ userMessage: /./ }, { content: JSON.stringify(fine) }).setChaos(chaos);
        const { ask } = openModel(environment());
        await assert.rejects(ask(), { code: 'model_unavailable', retryable: true });
        mock.clearChaos();
        assert.deepEqual((await ask()).value, fine);
      });
    }

    test('a refused parameter is learnt', async () => {
      mock.on({ userMessage: /./ }, { content: JSON.stringify(fine) });
      mock.nextRequestError(400, {
        message: "Unsupported value: 'temperature' is not supported.",
        code: 'unsupported_value',
      });
      const { ask } = openModel(environment());
      await ask();
      await ask();
      const bodies = mock.getRequests().map(({ body }) => body !== null && 'temperature' in body);
      assert.deepEqual(bodies, [true, false, false]);
    });
  });
}
