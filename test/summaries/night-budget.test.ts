import assert from 'node:assert/strict';
import { describe, type TestContext, test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import type { Container } from '../../src/shared/storage/container.ts';
import { createNight } from '../../src/shared/summaries/night.ts';
import { openNightFiles } from '../../src/shared/summaries/night-files.ts';
import { useAzurite } from '../support/azurite.ts';
import { type ModelReply, type ModelRequest, startModelEndpoint } from '../support/model-endpoint.ts';
import { writeAnswer } from '../support/write-answer.ts';
import { openWrittenNight, pathOf, threadOf } from './open-written-night.ts';

const azurite = useAzurite();
const prices = JSON.stringify({ 'stand-in': { input: 2, output: 8 } });
const names = (count: number, prefix = 'case'): string[] =>
  Array.from({ length: count }, (_, index) => `${prefix}-${String(index).padStart(2, '0')}-end`);

async function start(
  context: TestContext,
  reply: (request: ModelRequest, count: number) => ModelReply | Promise<ModelReply>,
  environment: Record<string, string> = {},
) {
  const endpoint = await startModelEndpoint(reply);
  context.after(endpoint.close);
  const night = openWrittenNight({
    newContainer: azurite.newContainer,
    environment: {
      ...endpoint.environment,
      MODEL_OUTPUT_TOKENS: '1000',
      MODEL_PRICES: prices,
      ...environment,
    },
  });
  return { endpoint, ...night };
}

const well = (request: ModelRequest): ModelReply => ({ text: writeAnswer(request) });

const nameIn = ({ input }: ModelRequest): string => /order called (\S+?)\./.exec(input)?.[1] ?? 'none';

/** Of a process that dies after it. */
function withOneWrite(container: Container): Container {
  let writes = 0;
  return {
    ...container,
    write: (...all) => {
      writes += 1;
      return writes === 1 ? container.write(...all) : new Promise(() => {});
    },
  };
}

const totalOf = ({ input, output }: { input: number; output: number }): number => input + output;

describe('the tokens of a night', () => {
  test('are never exceeded, what did not fit is named, comes first the next night, and is done in the end', async (context) => {
    const { endpoint, write, run, summaryOf } = await start(context, well);
    const all = names(12);
    await write(all);
    const first = await run('2026-11-24', 10_000);
    const { digest, state } = first;
    assert.ok(totalOf(digest.tokens) <= 10_000, JSON.stringify(digest.tokens));
    assert.ok(digest.done > 0 && digest.postponedCount > 0, JSON.stringify(digest));
    assert.equal(digest.done + digest.postponedCount, all.length);
    assert.deepEqual([state.done, state.failed, state.postponed], [digest.done, 0, digest.postponedCount]);
    assert.deepEqual(state.tokens, digest.tokens);
    assert.equal(digest.tokens.calls, endpoint.requests.length);
    const waiting = digest.postponed.map(({ id }) => id);
    for (const name of all)
      assert.equal((await summaryOf(name)) !== undefined, !waiting.includes(threadOf(name)), name);

    // These are listed before all others.
    await write(names(12, 'a'));
    endpoint.requests.length = 0;
    const second = await run('2026-11-25', 10_000);
    const asked = endpoint.requests.map((request) => threadOf(nameIn(request)));
    assert.deepEqual(asked.slice(0, waiting.length), waiting.slice(0, asked.length));
    assert.ok(asked.length >= waiting.length);
    assert.ok(second.digest.postponedCount > 0);

    for (let date = 26; date <= 30; date += 1) await run(`2026-11-${date}`, 10_000);
    for (const name of [...all, ...names(12, 'a')]) assert.ok(await summaryOf(name), name);
  });

  test('are exceeded by one call at most where the endpoint uses more than it was allowed', async (context) => {
    const told = { prompt_tokens: 9_000, completion_tokens: 9_000 };
    const { endpoint, write, run } = await start(context, (request) => ({
      answer: JSON.parse(writeAnswer(request)),
      usage: told,
    }));
    await write(names(60));
    const { digest } = await run('2026-11-24', 10_000);
    assert.equal(endpoint.requests.length, 1);
    assert.equal(totalOf(digest.tokens), 18_000);
    assert.equal(digest.done + digest.postponedCount, 60);
  });

  test('are counted here, where the endpoint tells of none', async (context) => {
    const { write, run } = await start(context, (request) => ({
      answer: JSON.parse(writeAnswer(request)),
      usage: { prompt_tokens: 0, completion_tokens: 0 },
    }));
    await write(names(30));
    const { digest } = await run('2026-11-24', 10_000);
    assert.ok(totalOf(digest.tokens) > 3_000 && totalOf(digest.tokens) <= 10_000, JSON.stringify(digest));
    assert.ok(digest.postponedCount > 0);
  });

  test('that some chunks gave back go to those that had to wait', async (context) => {
    const { write, run } = await start(context, well);
    await write(names(45));
    const { digest } = await run('2026-11-24', 150_000);
    assert.equal(digest.done, 45, JSON.stringify(digest.tokens));
    assert.equal(digest.postponedCount, 0);
  });

  test('of a call that died are taken for spent, and not spent again', async (context) => {
    const { endpoint, write, night, dependencies, blobs } = await start(
      context,
      (request, count) => (count === 3 ? { hang: true } : well(request)),
      { MODEL_TIMEOUT_SECONDS: '1', MODEL_TOTAL_SECONDS: '1' },
    );
    await write(names(6));
    await night.plan({ night: '2026-11-24' });
    const order = { night: '2026-11-24', plan: 0, chunk: 0, tokens: 20_000, turn: 0 };
    // The process goes while the third call is under way: it writes down nothing that came after.
    const dead = createNight({ ...dependencies, files: openNightFiles(withOneWrite(blobs.runs)) });
    dead.summarizeChunk(order).catch(() => {});
    while (endpoint.requests.length < 3) await wait(10);
    // The host calls the activity again, as it called it before.
    const counts = await night.summarizeChunk(order);
    assert.equal(endpoint.requests.length, 3);
    assert.equal(counts.spent, 20_000);
    assert.deepEqual([counts.done, counts.postponed, counts.left], [0, 6, 0]);
    // With tokens of its own, it goes on.
    const again = await night.summarizeChunk({ ...order, turn: 1 });
    assert.deepEqual([again.done, again.postponed], [6, 0]);
  });

  test('are told in the report, the digest and each summary, with what they cost', async (context) => {
    const { write, run, summaries, blobs } = await start(context, well);
    await write(names(3));
    const { digest } = await run('2026-11-24', 100_000);
    assert.equal(digest.tokens.calls, 3);
    const cost = (digest.tokens.input * 2 + digest.tokens.output * 8) / 1_000_000;
    assert.ok(Math.abs((digest.cost ?? 0) - cost) < 1e-9, `${digest.cost} is not ${cost}`);
    const stored = await summaries.get(pathOf(names(1)[0] ?? ''));
    assert.equal(stored?.summary?.usage?.calls, 1);
    assert.ok((stored?.summary?.cost ?? 0) > 0);
    const markdown = (await blobs.digests.read('2026-11-24.md'))?.text;
    assert.match(
      markdown ?? '',
      /Language model: 3 calls, \d+ tokens of input, \d+ of output, 0\.\d{4} US dollars\./,
    );
  });
});

describe('a conversation that the model refuses', () => {
  test('is named, costs nobody else anything, and comes again', async (context) => {
    let isWilling = false;
    const { write, run, summaryOf } = await start(context, (request) =>
      !isWilling && nameIn(request) === 'case-02-end' ? { refusal: 'no' } : well(request),
    );
    await write(names(5));
    const { digest } = await run('2026-11-24');
    assert.deepEqual(
      digest.failed.map(({ id, code }) => [id, code]),
      [[threadOf('case-02-end'), 'model_refused']],
    );
    assert.match(digest.failed[0]?.reason ?? '', /next night/);
    assert.equal(digest.done, 4);
    isWilling = true;
    assert.equal((await run('2026-11-25')).digest.done, 1);
    assert.ok(await summaryOf('case-02-end'));
  });
});

describe('an endpoint that takes few requests at once', () => {
  test('makes a night of many conversations slow, and none of them fail', async (context) => {
    let open = 0;
    let refused = 0;
    const { write, run } = await start(context, async (request) => {
      if (open >= 3) {
        refused += 1;
        return { status: 429, headers: { 'retry-after-ms': '20' } };
      }
      open += 1;
      await wait(10);
      open -= 1;
      return well(request);
    });
    await write(names(60));
    const { digest } = await run('2026-11-24', 1_000_000);
    assert.deepEqual([digest.done, digest.failed, digest.postponedCount], [60, [], 0]);
    assert.ok(refused > 0);
  });
});

describe('a dry run', () => {
  test('tells at least what the night then takes, asks the model nothing, and leaves nothing', async (context) => {
    const { endpoint, write, run, estimate, blobs } = await start(context, well);
    await write(names(25));
    const told = await estimate('2026-11-24');
    assert.equal(endpoint.requests.length, 0);
    for (const container of [blobs.runs, blobs.summaries, blobs.digests]) {
      for await (const page of container.pages()) assert.deepEqual(page.blobs, []);
    }
    assert.deepEqual([told.run?.found, told.conversations, told.failed], [25, 25, 0]);
    const { digest } = await run('2026-11-24');
    assert.ok(told.calls >= digest.tokens.calls);
    assert.ok(told.inputTokens >= digest.tokens.input, `${told.inputTokens} < ${digest.tokens.input}`);
    assert.ok(told.outputTokens >= digest.tokens.output);
    assert.equal((await estimate('2026-11-24')).conversations, 0);
  });
});

describe('short conversations', () => {
  test('of the same people share calls, and those of others never do', async (context) => {
    const { endpoint, write, run } = await start(context, well);
    await write(names(8, 'ours'), () => ['Ada', 'Grace']);
    await write(names(3, 'theirs'), () => ['Ada', 'Joan']);
    const { digest } = await run('2026-11-24');
    assert.equal(digest.done, 11, JSON.stringify(digest.failed));
    assert.ok(endpoint.requests.length < 8, `${endpoint.requests.length} calls`);
    for (const { input } of endpoint.requests) assert.ok(!(/ours-/.test(input) && /theirs-/.test(input)));
  });
});
