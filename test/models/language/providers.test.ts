import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, afterEach, before, describe, test } from 'node:test';
import { type ModelEndpoint, startModelEndpoint } from '../../support/model-endpoint.ts';
import { fine, openModel } from './open-model.ts';

let endpoint: ModelEndpoint;
afterEach(() => endpoint.close());

describe('endpoints', () => {
  test('Azure OpenAI by key, a deployment for each job', async () => {
    endpoint = await startModelEndpoint(() => ({ answer: fine }));
    const { ask, model } = openModel({
      ...endpoint.azureEnvironment,
      AZURE_OPENAI_DEPLOYMENT_ASK: 'for-asking',
      OPENAI_API_KEY: 'another-key',
    });
    await ask();
    await ask({ job: 'ask' });
    assert.deepEqual(
      endpoint.requests.map(({ path, headers }) => [path, headers['api-key'], headers.authorization]),
      [
        ['/openai/deployments/stand-in/chat/completions?api-version=2024-10-21', 'fake-key', undefined],
        ['/openai/deployments/for-asking/chat/completions?api-version=2024-10-21', 'fake-key', undefined],
      ],
    );
    assert.equal(model.nameFor('ask'), 'for-asking');
  });

  test('any that speaks like OpenAI, with a key or without', async () => {
    endpoint = await startModelEndpoint(() => ({ answer: fine }));
    await openModel(endpoint.environment).ask();
    await openModel({ OPENAI_BASE_URL: `${endpoint.baseUrl}/`, OPENAI_MODEL: 'qwen3:8b' }).ask();
    assert.deepEqual(
      endpoint.requests.map(({ path, body, headers }) => [path, body.model, headers.authorization]),
      [
        ['/v1/chat/completions', 'stand-in', 'Bearer fake-key'],
        ['/v1/chat/completions', 'qwen3:8b', 'Bearer none'],
      ],
    );
  });

  test('get a strict schema, and text without halves of characters', async () => {
    endpoint = await startModelEndpoint(() => ({ answer: fine }));
    await openModel(endpoint.environment).ask({ input: 'Joe: \ud83d oops' });
    const [request] = endpoint.requests;
    assert.equal(request?.input, 'Joe: \ufffd oops');
    assert.deepEqual(request?.body.response_format, {
      type: 'json_schema',
      json_schema: {
        name: 'greeting',
        strict: true,
        schema: {
          type: 'object',
          properties: {
            text: { type: 'string' },
            cites: { anyOf: [{ type: 'array', items: { type: 'number' } }, { type: 'null' }] },
          },
          required: ['text', 'cites'],
          additionalProperties: false,
        },
      },
    });
  });
});

describe('with a managed identity and no key', () => {
  const kept = { ...process.env };
  const asked: (string | null)[] = [];
  let hasIdentity = true;
  /** Stands for App Service's own address for tokens. */
  const server = createServer(({ url }, response) => {
    asked.push(new URL(url ?? '/', 'http://localhost').searchParams.get('resource'));
    response.statusCode = hasIdentity ? 200 : 400;
    response.setHeader('content-type', 'application/json');
    const token = { access_token: 'identity-token', expires_on: 4_070_908_800, token_type: 'Bearer' };
    response.end(JSON.stringify(hasIdentity ? token : { error: 'invalid_request' }));
  });
  before(async () => {
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    Object.assign(process.env, {
      IDENTITY_ENDPOINT: `http://127.0.0.1:${port}/msi/token`,
      IDENTITY_HEADER: 'sample',
      AZURE_TOKEN_CREDENTIALS: 'ManagedIdentityCredential',
    });
  });
  after(() => {
    process.env = kept;
    server.closeAllConnections();
    server.close();
  });

  test('its token goes with every request, and is asked for once', async () => {
    endpoint = await startModelEndpoint(() => ({ answer: fine }));
    const { AZURE_OPENAI_API_KEY: _, ...environment } = endpoint.azureEnvironment;
    const { ask } = openModel(environment);
    await Promise.all([ask(), ask(), ask()]);
    for (const { headers } of endpoint.requests) {
      assert.equal(headers.authorization, 'Bearer identity-token');
      assert.equal(headers['api-key'], undefined);
    }
    assert.deepEqual(asked, ['https://cognitiveservices.azure.com']);
  });

  test('one that the resource does not know is told which role it needs', async () => {
    endpoint = await startModelEndpoint(() => ({ status: 401 }));
    const { AZURE_OPENAI_API_KEY: _, ...environment } = endpoint.azureEnvironment;
    await assert.rejects(openModel(environment).ask(), {
      code: 'model_not_usable',
      message: /Cognitive Services OpenAI User/,
    });
  });

  test('an app that has none is told to get one, or a key, and nothing is sent', async () => {
    hasIdentity = false;
    endpoint = await startModelEndpoint(() => ({ answer: fine }));
    const { AZURE_OPENAI_API_KEY: _, ...environment } = endpoint.azureEnvironment;
    const { ask, allowance } = openModel({ ...environment, AZURE_OPENAI_CLIENT_ID: 'another-identity' });
    await assert.rejects(ask(), { code: 'model_not_usable', message: /AZURE_OPENAI_API_KEY/ });
    assert.equal(endpoint.requests.length, 0);
    assert.equal(allowance.used.calls, 0);
  });
});
