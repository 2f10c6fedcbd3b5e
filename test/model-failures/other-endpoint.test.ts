import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { LLMock } from '@copilotkit/aimock';
import { openWrittenNight, threadOf } from '../summaries/open-written-night.ts';
import { useAzurite } from '../support/azurite.ts';
import { writeAnswer } from '../support/write-answer.ts';

type Asked = Parameters<Extract<Parameters<LLMock['on']>[1], (...args: never[]) => unknown>>[0];

const azurite = useAzurite();
const failing = ['always-503', 'disconnected', 'cut-short', 'never-json'];
const names = ['rate-limited', 'overloaded', 'well', ...failing];

function textOf({ messages }: Asked, role: string): string {
  return messages
    .filter((message) => message.role === role)
    .map(({ content }) => (typeof content === 'string' ? content : JSON.stringify(content)))
    .join('\n');
}

const answer = (request: Asked) => ({
  content: writeAnswer({
    body: request,
    instructions: textOf(request, 'system'),
    input: textOf(request, 'user'),
  }),
});

describe('a night on an endpoint of another making', () => {
  const endpoint = new LLMock({ logLevel: 'silent' });
  before(() => endpoint.start());
  after(() => endpoint.stop());

  test('waits where it is told to, names who failed, and makes up for it when the endpoint is well', async () => {
    const about = (name: string) => ({
      predicate: (request: Asked) => textOf(request, 'user').includes(`called ${name}.`),
    });
    const error = { message: 'The secret words of the endpoint.', type: 'rate_limit_error' };
    endpoint
      .on({ ...about('rate-limited'), sequenceIndex: 0 }, { error, status: 429, retryAfter: 1 })
      .on({ ...about('overloaded'), sequenceIndex: 0 }, { error, status: 500 })
      .on(about('always-503'), { error, status: 503 })
      .on(about('disconnected'), answer, { chaos: { disconnectRate: 1 } })
      .on(about('cut-short'), (request) => ({
        content: answer(request).content.slice(0, 60),
        finishReason: 'length',
      }))
      .on(about('never-json'), { content: 'Certainly! Here is your summary.' })
      .onMessage(/./su, answer);
    const night = openWrittenNight({
      newContainer: azurite.newContainer,
      environment: {
        OPENAI_BASE_URL: `${endpoint.url}/v1`,
        OPENAI_API_KEY: 'fake-key',
        OPENAI_MODEL: 'stand-in',
      },
    });
    await night.write(names);

    const { digest: first } = await night.run('2026-11-24');
    assert.deepEqual(first.failed.map(({ id }) => id).sort(), failing.map(threadOf).sort());
    assert.deepEqual(first.failed.map(({ code }) => code).sort(), [
      'model_answer_invalid',
      'model_cut_short',
      'model_unavailable',
      'model_unavailable',
    ]);
    assert.doesNotMatch(JSON.stringify(first.failed), /secret words/);
    const statuses = endpoint.getRequests().map(({ response }) => response.status);
    assert.equal(statuses.filter((status) => status === 429).length, 1);

    endpoint.clearFixtures().onMessage(/./su, answer);
    const { digest: second } = await night.run('2026-11-25');
    assert.deepEqual([second.failed, second.done], [[], failing.length]);
    for (const name of names) assert.ok(await night.summaryOf(name), name);
  });
});
