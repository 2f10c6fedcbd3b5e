import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { AzureOpenAI, OpenAI } from 'openai';
import { type BatchState, openBatches } from '../../../src/shared/models/language/batch/open-batches.ts';
import { linesOf, startBatchEndpoint } from '../../support/batch-endpoint.ts';

const sinceSeconds = Math.floor(Date.now() / 1000);
const requests = ['one', 'two', 'three'].map((id) => ({ id, body: { model: 'nightly', messages: [] } }));

async function open() {
  const endpoint = await startBatchEndpoint({
    answer: ({ custom_id }) =>
      custom_id === 'three'
        ? { status_code: 400, body: { error: { code: 'content_filter' } } }
        : { status_code: 200, body: { of: custom_id } },
  });
  const client = new OpenAI({ baseURL: endpoint.baseUrl, apiKey: 'fake', maxRetries: 0 });
  return {
    endpoint,
    batches: openBatches({ client: async () => client, path: '/v1/chat/completions' }),
  };
}

async function answersOf(batches: ReturnType<typeof openBatches>, state: BatchState) {
  const answers: Record<string, unknown> = {};
  for await (const { id, completion } of batches.answers(state)) answers[id] = completion;
  return answers;
}

describe('batches at an endpoint', () => {
  test('answers come back by id, in whatever order, and failed ones without a completion', async (t) => {
    const { endpoint, batches } = await open();
    t.after(endpoint.close);
    const ticket = await batches.submit('night-1', requests, { sinceSeconds });
    assert.equal((await batches.state(ticket)).state, 'running');
    endpoint.settle(ticket.batch);
    const state = await batches.state(ticket);
    assert.equal(state.state, 'ended');
    assert.deepEqual(await answersOf(batches, state), {
      one: { of: 'one' },
      two: { of: 'two' },
      three: undefined,
    });
  });

  test('a batch is begun once, whatever request of its beginning broke off', async (t) => {
    for (const lost of ['POST /v1/files', 'POST /v1/batches']) {
      for (const when of ['before', 'after'] as const) {
        const { endpoint, batches } = await open();
        t.after(endpoint.close);
        endpoint[when] = (request) => {
          if (request === lost) throw new Error('broken off');
        };
        await assert.rejects(batches.submit('night-1', requests, { sinceSeconds }));
        delete endpoint[when];
        const ticket = await batches.submit('night-1', requests, { sinceSeconds });
        assert.deepEqual(await batches.submit('night-1', requests, { sinceSeconds }), ticket);
        assert.equal(endpoint.batches.size, 1, `${lost} ${when}`);
        assert.equal(endpoint.files.size, 1, `${lost} ${when}`);
      }
    }
  });

  test('batches of other keys are left alone', async (t) => {
    const { endpoint, batches } = await open();
    t.after(endpoint.close);
    const one = await batches.submit('night-1', requests, { sinceSeconds });
    const other = await batches.submit('night-2', requests, { sinceSeconds });
    assert.notEqual(one.batch, other.batch);
    endpoint.settle(one.batch);
    assert.deepEqual(await batches.remove('night-1', { sinceSeconds }), { removed: 3, isDone: true });
    assert.deepEqual([...endpoint.files.keys()], [other.inputFile]);
  });

  test('what runs is cancelled before its files go, and what it leaves while it ends goes next time', async (t) => {
    const { endpoint, batches } = await open();
    t.after(endpoint.close);
    const ticket = await batches.submit('night-1', requests, { sinceSeconds });
    assert.equal((await batches.remove('night-1', { sinceSeconds })).isDone, false);
    assert.equal(endpoint.batches.get(ticket.batch)?.status, 'cancelled');
    assert.equal((await batches.remove('night-1', { sinceSeconds })).isDone, true);
    assert.equal(endpoint.files.size, 0);
    await batches.cancel(ticket);
  });

  test('on Azure batches are asked for outside of any deployment, and lines name theirs', async (t) => {
    const { endpoint } = await open();
    t.after(endpoint.close);
    const client = new AzureOpenAI({
      endpoint: endpoint.baseUrl.replace('/v1', ''),
      apiKey: 'fake',
      apiVersion: '2024-10-21',
      maxRetries: 0,
    });
    const batches = openBatches({ client: async () => client, path: '/chat/completions' });
    const ticket = await batches.submit('night-1', requests, { sinceSeconds });
    endpoint.settle(ticket.batch);
    await answersOf(batches, await batches.state(ticket));
    await batches.remove('night-1', { sinceSeconds });
    assert.ok(endpoint.requests.every((request) => /^\w+ \/openai\/(?:files|batches)(?:\/|$)/.test(request)));
    assert.equal(endpoint.batches.get(ticket.batch)?.endpoint, '/chat/completions');
  });

  test('each line is one request, with its id and the path of the batch', async (t) => {
    const { endpoint, batches } = await open();
    t.after(endpoint.close);
    const { inputFile } = await batches.submit('night-1', requests, { sinceSeconds });
    assert.deepEqual(
      linesOf(endpoint.files.get(inputFile)?.text ?? ''),
      requests.map(({ id, body }) => ({ custom_id: id, method: 'POST', url: '/v1/chat/completions', body })),
    );
  });
});
