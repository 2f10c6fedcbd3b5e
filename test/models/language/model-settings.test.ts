import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { readSettings } from '../../../src/shared/settings.ts';

const azure = { AZURE_OPENAI_ENDPOINT: 'https://sample.openai.azure.com/', AZURE_OPENAI_DEPLOYMENT: 'mini' };
const ollama = { OPENAI_BASE_URL: 'http://localhost:11434/v1', OPENAI_MODEL: 'qwen3:8b' };

describe('settings of models', () => {
  test('no endpoint means no model', () => {
    assert.equal(readSettings({}).model.endpoint, undefined);
    assert.equal(
      readSettings({ OPENAI_API_KEY: 'key', AZURE_OPENAI_API_KEY: ' ' }).model.endpoint,
      undefined,
    );
  });

  test('Azure OpenAI without a key is reached by identity', () => {
    const endpoint = { kind: 'azure', endpoint: 'https://sample.openai.azure.com', apiVersion: '2024-10-21' };
    assert.deepEqual(readSettings(azure).model.endpoint, endpoint);
    assert.deepEqual(readSettings({ ...azure, AZURE_OPENAI_CLIENT_ID: 'id' }).model.endpoint, {
      ...endpoint,
      clientId: 'id',
    });
    assert.deepEqual(readSettings({ ...azure, AZURE_OPENAI_API_KEY: 'key' }).model.endpoint, {
      ...endpoint,
      apiKey: 'key',
    });
  });

  test('Foundry without a key is reached by identity, others are asked without one', () => {
    const foundry = { ...ollama, OPENAI_BASE_URL: 'https://sample.services.ai.azure.com/openai/v1/' };
    assert.deepEqual(readSettings(foundry).model.endpoint, {
      kind: 'compatible',
      baseUrl: 'https://sample.services.ai.azure.com/openai/v1',
    });
    assert.equal(readSettings(ollama).model.endpoint?.apiKey, 'none');
  });

  test('each job may have a deployment of its own, and needs one', () => {
    const { deployments } = readSettings({ ...azure, AZURE_OPENAI_DEPLOYMENT_ASK: 'large' }).model;
    assert.deepEqual(deployments, { summary: 'mini', ask: 'large', batch: '' });
    const { AZURE_OPENAI_ENDPOINT } = azure;
    assert.throws(() => readSettings({ AZURE_OPENAI_ENDPOINT }), /AZURE_OPENAI_DEPLOYMENT must name/);
    assert.throws(
      () => readSettings({ AZURE_OPENAI_ENDPOINT, AZURE_OPENAI_DEPLOYMENT_SUMMARY: 'mini' }),
      /AZURE_OPENAI_DEPLOYMENT must name/,
    );
    assert.throws(() => readSettings({ ...ollama, OPENAI_MODEL: '' }), /OPENAI_MODEL must name/);
  });

  test('batches need a deployment of their own on Azure, and are the model of summaries elsewhere', () => {
    const batch = { SUMMARY_MODE: 'batch', SUMMARY_BATCH_HOURS: '3' };
    assert.throws(() => readSettings({ ...azure, ...batch }), /AZURE_OPENAI_DEPLOYMENT_BATCH must name/);
    const foundry = { ...ollama, OPENAI_BASE_URL: 'https://sample.services.ai.azure.com/openai/v1' };
    assert.throws(() => readSettings({ ...foundry, ...batch }), /OPENAI_MODEL_BATCH must name/);
    const named = readSettings({ ...azure, ...batch, AZURE_OPENAI_DEPLOYMENT_BATCH: 'nightly' });
    assert.deepEqual([named.model.deployments.batch, named.summaries.batch], ['nightly', { hours: 3 }]);
    const local = readSettings({ ...ollama, ...batch, OPENAI_MODEL_SUMMARY: 'large' });
    assert.equal(local.model.deployments.batch, 'large');
    assert.equal(readSettings(azure).summaries.batch, undefined);
    assert.equal(readSettings(batch).summaries.batch, undefined);
    assert.throws(() => readSettings({ SUMMARY_MODE: 'both' }), /SUMMARY_MODE must be live or batch/);
    assert.throws(
      () => readSettings({ SUMMARY_BATCH_HOURS: '25' }),
      /SUMMARY_BATCH_HOURS must be at most 24/,
    );
  });

  test('plain http is for this machine and private networks', () => {
    const at = (OPENAI_BASE_URL: string) => readSettings({ ...ollama, OPENAI_BASE_URL }).model.endpoint;
    for (const host of [
      '127.0.0.1',
      '[::1]',
      '10.1.2.3',
      '172.31.0.1',
      '192.168.0.9',
      '[fd00::1]',
      'ollama',
      'gpu.local',
    ])
      assert.ok(at(`http://${host}:8000/v1`), host);
    for (const host of [
      'example.com',
      '8.8.8.8',
      '172.32.0.1',
      '10.example.com',
      '127.0.0.1.example.com',
      '[2001:db8::1]',
    ])
      assert.throws(() => at(`http://${host}:8000/v1`), /OPENAI_BASE_URL must begin with https/, host);
    assert.ok(at('https://example.com/v1'));
  });

  const wrong: [Record<string, string>, RegExp][] = [
    [{ ...azure, ...ollama }, /OPENAI_BASE_URL must not be set beside AZURE_OPENAI_ENDPOINT/],
    [{ ...azure, AZURE_OPENAI_ENDPOINT: 'sample' }, /AZURE_OPENAI_ENDPOINT must be an address/],
    [
      { ...azure, AZURE_OPENAI_ENDPOINT: 'https://sample.openai.azure.com/openai/v1' },
      /AZURE_OPENAI_ENDPOINT must be the res/,
    ],
    [
      { ...ollama, OPENAI_BASE_URL: 'https://me:secret@example.com/v1' },
      /OPENAI_BASE_URL must not hold a user/,
    ],
    [{ MODEL_CONTEXT_TOKENS: '4096', MODEL_OUTPUT_TOKENS: '4096' }, /MODEL_OUTPUT_TOKENS must be less/],
    [{ MODEL_CONTEXT_TOKENS: 'many' }, /MODEL_CONTEXT_TOKENS must be a number/],
    [{ MODEL_TIMEOUT_SECONDS: '600' }, /MODEL_TIMEOUT_SECONDS must be at most 290/],
    [{ MODEL_TOTAL_SECONDS: '0' }, /MODEL_TOTAL_SECONDS must be at least 1/],
    [{ MODEL_CONCURRENCY: '1.5' }, /MODEL_CONCURRENCY must be a whole number/],
    [{ MODEL_ENCODING: 'gpt2' }, /MODEL_ENCODING must be one of o200k_base/],
    [{ MODEL_TEMPERATURE: 'warm' }, /MODEL_TEMPERATURE must be a number/],
    [{ MODEL_REASONING_EFFORT: 'much' }, /MODEL_REASONING_EFFORT must be one of/],
    [{ MODEL_PRICES: '0.4' }, /MODEL_PRICES must be US dollars/],
    [{ MODEL_PRICES: '{"mini":{"input":-1,"output":2}}' }, /MODEL_PRICES must be US dollars/],
    [{ MODEL_PRICES: '{"mini":{"input":1}}' }, /MODEL_PRICES must be US dollars/],
  ];
  for (const [environment, message] of wrong)
    test(`${message.source} is said`, () => assert.throws(() => readSettings(environment), message));

  test('no error shows a password', () => {
    assert.throws(
      () => readSettings({ OPENAI_BASE_URL: 'https://me:secret@example.com/v1' }),
      ({ message }: Error) => !message.includes('secret'),
    );
  });

  test('prices are read by model', () => {
    const table = { mini: { input: 0.4, output: 1.6, cached: 0.1 }, other: { input: 1, output: 2 } };
    assert.deepEqual(readSettings({ MODEL_PRICES: JSON.stringify(table) }).model.prices, table);
  });
});
