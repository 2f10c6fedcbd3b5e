import assert from 'node:assert/strict';
import { describe, type TestContext, test } from 'node:test';
import type { TranscriptEntry } from '../../src/shared/transcripts/entry.ts';
import { useAzurite } from '../support/azurite.ts';
import { carryOut } from '../support/carry-out-night.ts';
import { completion, nameIn, openBatchNight, startBothWays, wellAnswered } from './open-batch-night.ts';
import { pathOf, threadOf, writeTalks } from './open-written-night.ts';

const azurite = useAzurite();
const date = '2026-11-24';
const names = (count: number): string[] => Array.from({ length: count }, (_, index) => `case-${index}-end`);

async function start(
  context: TestContext,
  replies: Parameters<typeof startBothWays>[0] = {},
  environment: Record<string, string> = {},
) {
  const both = await startBothWays(replies);
  context.after(both.endpoint.close);
  const blobs = {
    transcripts: azurite.newContainer(),
    summaries: azurite.newContainer(),
    runs: azurite.newContainer(),
    digests: azurite.newContainer(),
  };
  const opened = openBatchNight({ blobs, baseUrl: both.endpoint.baseUrl, environment });
  const { night, summaries, digests, transcripts } = opened;
  return {
    ...both,
    ...opened,
    blobs,
    write: (some: readonly string[], people?: (name: string) => [string, string]) =>
      writeTalks(some, { transcripts, people }),
    /** Every batch ends at the first look after it was begun, where nothing else is said. */
    async run(options: Partial<Parameters<typeof carryOut>[2]> = {}) {
      const state = await carryOut(night, date, {
        batch: { hours: 6 },
        onTimer: () => both.settleAll(),
        ...options,
      });
      const digest = (await digests.get(date))?.digest;
      assert.ok(digest);
      return { state, digest };
    },
    summaryOf: async (name: string) => (await summaries.get(pathOf(name)))?.summary,
    /** Whatever is left of a run, here and at the endpoint. */
    async leftovers(): Promise<string[]> {
      const left = [...both.endpoint.files.values()].map(({ filename }) => filename);
      for await (const page of blobs.runs.pages()) left.push(...page.blobs.map(({ name }) => name));
      return left;
    },
  };
}

async function makeLong(name: string, { transcripts }: Awaited<ReturnType<typeof start>>): Promise<void> {
  const entries = Array.from({ length: 300 }, (_, index): TranscriptEntry => {
    const id = String(1_800_000_000_000 + index);
    const at = new Date(Date.parse('2026-11-23T09:00:00Z') + index * 1_000).toISOString();
    const text = `Line ${index} about the order called ${name}. It is on its way to the warehouse of the customer.`;
    return {
      ...{ kind: 'message', id: `message:${id}:${id}`, conversation: threadOf(name), version: id },
      kind: 'message',
      at,
      messageId: id,
      composedAt: at,
      sender: { id: `8:acs:long-${index % 2}` },
      text,
    };
  });
  await transcripts.append({ channel: 'chat', id: threadOf(name) }, entries);
}

describe('a night with batches', () => {
  test('has short ones answered by the batch, long ones at once, and leaves no file', async (context) => {
    const night = await start(context, {}, { MODEL_CONTEXT_TOKENS: '6000' });
    await night.write(names(25));
    await makeLong('long-end', night);
    const { digest } = await night.run();
    assert.deepEqual([digest.done, digest.failed], [26, []]);
    assert.equal(night.endpoint.batches.size, 1);
    assert.equal(night.uploaded.size, 25);
    for (const { body } of night.uploaded.values()) assert.equal(body.model, 'stand-in-batch');
    assert.ok(night.calls.length > 2);
    for (const body of night.calls) assert.equal(nameIn(body), 'long-end');
    for (const name of names(25)) {
      const { calls, inputTokens, batchInputTokens } = (await night.summaryOf(name))?.usage ?? {};
      assert.deepEqual([calls, batchInputTokens], [1, inputTokens], name);
    }
    assert.deepEqual(await night.leftovers(), []);
  });

  test('costs what the batch costs', async (context) => {
    const night = await start(context);
    await night.write(names(2));
    const { digest } = await night.run();
    const cost = (digest.tokens.input * 1 + digest.tokens.output * 4) / 1_000_000;
    assert.ok(Math.abs((digest.cost ?? 0) - cost) < 1e-9, `${digest.cost} is not ${cost}`);
  });

  test('asks anew at once about a conversation that changed while it waited', async (context) => {
    const night = await start(context);
    await night.write(names(4));
    let isChanged = false;
    await night.run({
      async onTimer() {
        if (!isChanged) await makeLong('case-2-end', night);
        isChanged = true;
        night.settleAll();
      },
    });
    assert.deepEqual(night.calls.map(nameIn), ['case-2-end']);
    assert.equal((await night.summaryOf('case-2-end'))?.messageCount, 303);
  });

  test('does at once what failed in the batch, mends what has no form, and fails what was refused', async (context) => {
    const night = await start(context, {
      answer({ body }) {
        if (nameIn(body) === 'case-0-end') return { status_code: 500, body: { error: { code: 'internal' } } };
        if (nameIn(body) === 'case-1-end') return completion('no JSON at all');
        if (nameIn(body) === 'case-2-end') return completion(null, { refusal: 'no' });
        return wellAnswered(body);
      },
    });
    await night.write(names(5));
    const { digest } = await night.run();
    assert.deepEqual(
      digest.failed.map(({ id, code }) => [id, code]),
      [[threadOf('case-2-end'), 'model_refused']],
    );
    assert.deepEqual(night.calls.map(nameIn).sort(), ['case-0-end', 'case-1-end']);
    assert.deepEqual(night.askedTwice(), []);
    assert.ok(await night.summaryOf('case-1-end'));
  });

  test('keeps what came by its deadline, cancels the rest and does it at once, and nothing twice', async (context) => {
    let answered = 0;
    const night = await start(context, {
      answer({ body }) {
        answered += 1;
        return answered <= 6 ? wellAnswered(body) : undefined;
      },
    });
    await night.write(names(10));
    let waits = 0;
    const { digest } = await night.run({
      onTimer() {
        waits += 1;
      },
    });
    assert.equal([...night.endpoint.batches.values()][0]?.status, 'cancelled');
    assert.equal(digest.done, 10);
    assert.equal(night.calls.length, 4);
    assert.deepEqual(night.askedTwice(), []);
    assert.ok(waits < 60, `${waits} waits in six hours`);
    assert.deepEqual(await night.leftovers(), []);
  });

  test('is done without batches at an endpoint that has none', async (context) => {
    const night = await start(context);
    night.endpoint.before = () => {
      throw new Error('nothing of the kind');
    };
    await night.write(names(3));
    const { digest } = await night.run();
    assert.equal(digest.done, 3);
    assert.equal(night.calls.length, 3);
    // What might be there is looked for again in the next night.
    assert.equal((await night.leftovers()).length, 1);
    delete night.endpoint.before;
    await night.run();
    assert.deepEqual(await night.leftovers(), []);
  });

  test('has those of the same people share calls, as ever', async (context) => {
    const night = await start(context);
    await night.write(names(6), () => ['Ada', 'Grace']);
    const { digest } = await night.run();
    assert.equal(digest.done, 6);
    assert.ok(night.uploaded.size < 6, `${night.uploaded.size}`);
    assert.deepEqual(night.calls, []);
  });

  test('that finds nothing begins no batch', async (context) => {
    const night = await start(context);
    const { digest } = await night.run();
    assert.equal(digest.done, 0);
    assert.deepEqual(night.endpoint.requests, []);
  });
});

describe('the tokens of a night with batches', () => {
  test('are reserved for what is put down, given back, and never exceeded', async (context) => {
    const night = await start(context);
    await night.write(names(12));
    const { digest, state } = await night.run({ budget: 10_000 });
    const most = [...night.uploaded.values()].length;
    assert.ok(most > 0 && most < 12, `${most}`);
    const { input, output } = digest.tokens;
    assert.ok(input + output <= 10_000, `${input + output}`);
    assert.equal(digest.done + digest.postponedCount, 12);
    assert.ok(digest.postponedCount > 0);
    assert.equal(state.budget, 10_000 - input - output);
    // What the answers did not use went to others.
    assert.ok(digest.done > most);
    assert.deepEqual(night.askedTwice(), []);
  });

  test('of which there are many suffice for all in the batch, packs among them', async (context) => {
    const night = await start(context);
    await night.write(names(30));
    await night.write(
      ['one', 'two', 'three'].map((name) => `pack-${name}-end`),
      () => ['Ada', 'Grace'],
    );
    const { digest, state } = await night.run({ budget: 1_000_000 });
    assert.equal(digest.done, 33);
    assert.deepEqual(night.calls, []);
    assert.equal(state.budget, 1_000_000 - digest.tokens.input - digest.tokens.output);
  });
});
