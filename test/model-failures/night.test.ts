import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { Digest } from '../../src/shared/summaries/digest.ts';
import { openWrittenNight, threadOf } from '../summaries/open-written-night.ts';
import { useAzurite } from '../support/azurite.ts';
import {
  type ModelEndpoint,
  type ModelReply,
  type ModelRequest,
  startModelEndpoint,
} from '../support/model-endpoint.ts';
import { writeAnswer } from '../support/write-answer.ts';

const azurite = useAzurite();

type Trouble = (request: ModelRequest) => ModelReply;

const well: Trouble = (request) => ({ text: writeAnswer(request) });
const half: Trouble = (request) => {
  const text = writeAnswer(request);
  return { text: text.slice(0, text.length / 2) };
};
const fails = (status: number, headers: Record<string, string> = {}, code = 'failed'): Trouble => {
  return () => ({ status, headers, error: { code, message: 'The secret words of the endpoint.' } });
};

/** What goes by: the endpoint does it once to a conversation, and is well then. */
const passing: Readonly<Record<string, Trouble>> = {
  'retry-after-in-seconds': fails(429, { 'retry-after': '1' }),
  'retry-after-in-milliseconds': fails(429, { 'retry-after-ms': '30', 'retry-after': '1' }),
  'retry-after-as-date': (request) =>
    fails(429, { 'retry-after': new Date(Date.now() + 1_000).toUTCString() })(request),
  'error-500': fails(500),
  'error-503-with-a-page': fails(503, { 'content-type': 'text/html' }),
  'no-answer-in-time': () => ({ hang: true }),
  'reset-in-mid-body': (request) => ({ resetAfter: writeAnswer(request).slice(0, 40) }),
  'half-an-answer': half,
  'talk-instead-of-json': () => ({ text: 'Certainly! Here is your summary.' }),
};

/** What stays as long as the endpoint is not well, and the code by which the digest names it. */
const lasting: Readonly<Record<string, { trouble: Trouble; code: string }>> = {
  refused: { trouble: () => ({ refusal: 'I cannot help with that.' }), code: 'model_refused' },
  'filtered-input': { trouble: fails(400, {}, 'content_filter'), code: 'model_filtered' },
  'filtered-output': {
    trouble: () => ({ text: '', finishReason: 'content_filter' }),
    code: 'model_filtered',
  },
  'never-json': { trouble: () => ({ text: 'Certainly!' }), code: 'model_answer_invalid' },
  'another-form': { trouble: () => ({ answer: { hello: 'world' } }), code: 'model_answer_invalid' },
  'cut-short': {
    trouble: (request) => ({ ...half(request), finishReason: 'length' }),
    code: 'model_cut_short',
  },
  'always-500': { trouble: fails(500), code: 'model_unavailable' },
};

const healthy = ['well-one', 'well-two'];
const names = [...Object.keys(passing), ...Object.keys(lasting), ...healthy];

const nameIn = ({ input }: ModelRequest): string =>
  names.find((name) => input.includes(`called ${name}.`)) ?? 'none';

describe('a night whose model does something else to each conversation', () => {
  let endpoint: ModelEndpoint;
  let isWell = false;
  const counts = new Map<string, number>();
  before(async () => {
    endpoint = await startModelEndpoint((request) => {
      const name = nameIn(request);
      const count = (counts.get(name) ?? 0) + 1;
      counts.set(name, count);
      const once = count === 1 ? passing[name] : undefined;
      const trouble = isWell ? undefined : (once ?? lasting[name]?.trouble);
      return (trouble ?? well)(request);
    });
  });
  after(() => endpoint.close());

  test('names who failed and why, finishes all others, and makes up for it the next night', async () => {
    const night = openWrittenNight({
      newContainer: azurite.newContainer,
      environment: { ...endpoint.environment, MODEL_TIMEOUT_SECONDS: '2' },
    });
    await night.write(names);

    const { digest: first } = await night.run('2026-11-24');
    assert.deepEqual(
      codesIn(first),
      Object.fromEntries(Object.entries(lasting).map(([name, { code }]) => [threadOf(name), code])),
    );
    assert.doesNotMatch(JSON.stringify(first.failed), /secret words|order called|Certainly/);
    for (const name of [...Object.keys(passing), ...healthy]) {
      const summary = await night.summaryOf(name);
      assert.match(JSON.stringify(summary?.summary), new RegExp(`order called ${name}`), name);
    }
    for (const name of Object.keys(passing)) assert.ok((counts.get(name) ?? 0) > 1, `${name} had no trouble`);
    for (const name of Object.keys(lasting)) assert.equal(await night.summaryOf(name), undefined, name);
    for (const [name, count] of counts) assert.ok(count <= 8, `${name}: ${count} calls`);

    isWell = true;
    counts.clear();
    const { digest: second } = await night.run('2026-11-25');
    assert.deepEqual(second.failed, []);
    assert.equal(second.done, Object.keys(lasting).length);
    assert.deepEqual([...counts.keys()].sort(), Object.keys(lasting).sort());
    for (const name of names) {
      const summary = await night.summaryOf(name);
      assert.match(JSON.stringify(summary?.summary), new RegExp(`order called ${name}`), name);
    }
  });
});

describe('a night in which conversations share a call', () => {
  const together = ['kept', 'left-out', 'mixed-up', 'refused-alone'];
  const isTogether = ({ input }: ModelRequest): boolean => input.includes('=== conversation 2');
  let isWell = false;
  let alone: string[] = [];
  let endpoint: ModelEndpoint;
  before(async () => {
    endpoint = await startModelEndpoint((request) => {
      const named = together.filter((name) => request.input.includes(`called ${name}.`));
      if (isWell) return well(request);
      if (!isTogether(request)) {
        alone.push(...named);
        return named.includes('refused-alone') ? { refusal: 'I cannot help with that.' } : well(request);
      }
      const { summaries } = JSON.parse(writeAnswer(request));
      const about = (name: string) => summaries[named.indexOf(name)];
      const sentences = [{ text: 'The order called kept left us on Friday.', messages: [8] }];
      return {
        answer: {
          summaries: [
            about('kept'),
            { ...about('mixed-up'), headline: 'The order called kept', sentences },
            { ...about('refused-alone'), sentences: [] },
          ],
        },
      };
    });
  });
  after(() => endpoint.close());

  test('asks again, alone, about whom it was not told well, and only who fails alone has failed', async () => {
    const night = openWrittenNight({ newContainer: azurite.newContainer, environment: endpoint.environment });
    await night.write(together, () => ['Ada', 'Grace']);
    const { digest: first } = await night.run('2026-11-24');
    assert.equal(endpoint.requests.filter(isTogether).length, 1);
    assert.deepEqual(codesIn(first), { [threadOf('refused-alone')]: 'model_refused' });
    assert.deepEqual(alone.toSorted(), ['left-out', 'mixed-up', 'refused-alone']);
    for (const name of ['kept', 'left-out', 'mixed-up']) {
      const written = JSON.stringify(await night.summaryOf(name));
      assert.match(written, new RegExp(`order called ${name}`));
      for (const other of together.filter((one) => one !== name)) {
        assert.doesNotMatch(written, new RegExp(`called ${other}`), `${name} speaks of ${other}`);
      }
    }
    isWell = true;
    alone = [];
    const { digest: second } = await night.run('2026-11-25');
    assert.deepEqual([second.failed, second.done], [[], 1]);
  });
});

describe('a night whose model has had enough for today', () => {
  let isWell = false;
  let asked = 0;
  let endpoint: ModelEndpoint;
  before(async () => {
    endpoint = await startModelEndpoint((request) => {
      asked += 1;
      return isWell ? well(request) : fails(429, { 'retry-after': '3600' })(request);
    });
  });
  after(() => endpoint.close());

  test('does not wait for it, does not ask again and again, and makes up for it the next night', async () => {
    const { newContainer } = azurite;
    const night = openWrittenNight({ newContainer, environment: endpoint.environment });
    await night.write(names);
    const { failed } = (await night.run('2026-11-24')).digest;
    assert.deepEqual(new Set(failed.map(({ code }) => code)), new Set(['model_unavailable']));
    assert.equal(failed.length, names.length);
    assert.ok(asked <= 2 * names.length, `${asked} requests`);

    isWell = true;
    // Another process: this one waits for the hour to go by.
    const next = openWrittenNight({
      newContainer,
      blobs: night.blobs,
      environment: endpoint.environment,
    });
    const { digest: second } = await next.run('2026-11-25');
    assert.deepEqual([second.failed, second.done], [[], names.length]);
  });
});

function codesIn({ failed }: Digest): Record<string, string> {
  return Object.fromEntries(failed.map(({ id, code }) => [id, code]));
}
