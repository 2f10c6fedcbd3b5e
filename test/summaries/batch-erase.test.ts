import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { ErasureScope } from '../../src/shared/erasers/eraser.ts';
import { createRunsEraser } from '../../src/shared/summaries/erase-runs.ts';
import { sweepAll } from '../erasers/run-eraser.ts';
import { simpleMatcher } from '../erasers/simple-matcher.ts';
import { useAzurite } from '../support/azurite.ts';
import { carryOut } from '../support/carry-out-night.ts';
import { nameIn, openBatchNight, startBothWays } from './open-batch-night.ts';
import { pathOf, threadOf, writeTalks } from './open-written-night.ts';

const azurite = useAzurite();
const date = '2026-11-24';
const names = ['case-0-end', 'case-1-end', 'case-2-end'];
const erased = 'case-1-end';

const scope: ErasureScope = {
  person: { identities: [`8:acs:Ada-${erased}`], matcher: simpleMatcher(erased) },
  conversations: [{ channel: 'chat', id: threadOf(erased), isWhole: true }],
};

async function start() {
  const both = await startBothWays();
  const blobs = {
    transcripts: azurite.newContainer(),
    summaries: azurite.newContainer(),
    runs: azurite.newContainer(),
    digests: azurite.newContainer(),
  };
  const opened = openBatchNight({ blobs, baseUrl: both.endpoint.baseUrl });
  await writeTalks(names, { transcripts: opened.transcripts });
  /** Each time the eraser says that it has to wait, the night may go on. */
  const sweep = (of: ErasureScope) =>
    sweepAll(
      createRunsEraser(blobs.runs, {
        clock: () => new Date(),
        pauseMilliseconds: 0,
        batches: opened.batches,
      }),
      of,
    );
  const remains = async (): Promise<string> => {
    const texts = [...both.endpoint.files.values()].map(({ text }) => text);
    for (const container of [blobs.runs, blobs.summaries, blobs.digests]) {
      for await (const page of container.pages()) {
        for (const { name } of page.blobs) texts.push(`${name} ${(await container.read(name))?.text}`);
      }
    }
    return texts.join('\n');
  };
  return { ...both, ...opened, blobs, sweep, remains };
}

describe('an erasure while a batch is out', () => {
  test('takes its files back, and nothing of the person comes back by it', async (context) => {
    const { endpoint, night, blobs, sweep, remains, calls, settleAll, summaries } = await start();
    context.after(endpoint.close);
    let wasErased = false;
    await carryOut(night, date, {
      batch: { hours: 6 },
      async onTimer() {
        if (wasErased) return settleAll();
        wasErased = true;
        assert.match(await remains(), new RegExp(erased));
        await blobs.transcripts.removeAll(`${pathOf(erased)}/`);
        await sweep(scope);
        assert.doesNotMatch(await remains(), new RegExp(erased));
        assert.equal(endpoint.files.size, 0);
      },
    });
    assert.ok(wasErased);
    assert.equal(endpoint.batches.size, 1);
    assert.deepEqual(calls.map(nameIn).sort(), ['case-0-end', 'case-2-end']);
    assert.ok((await summaries.get(pathOf('case-0-end')))?.summary);
    assert.doesNotMatch(await remains(), new RegExp(erased));
  });

  test('finds requests before they are handed over, and answers that have come', async (context) => {
    for (const step of ['submit', 'watch'] as const) {
      const { endpoint, night, sweep, remains, blobs, settleAll } = await start();
      context.after(endpoint.close);
      let wasErased = false;
      const batches = {
        ...night.batches,
        async [step](at: never) {
          if (step === 'submit') {
            await blobs.transcripts.removeAll(`${pathOf(erased)}/`);
            await sweep(scope);
            wasErased = true;
            assert.doesNotMatch(await remains(), new RegExp(erased));
            return night.batches.submit(at);
          }
          settleAll();
          const watched = await night.batches.watch(at);
          assert.match(await remains(), new RegExp(`-answers.json.*${erased}`));
          await blobs.transcripts.removeAll(`${pathOf(erased)}/`);
          await sweep(scope);
          wasErased = true;
          assert.doesNotMatch(await remains(), new RegExp(erased));
          return watched;
        },
      };
      await carryOut({ ...night, batches }, date, { batch: { hours: 6 }, onTimer: () => settleAll() });
      assert.ok(wasErased);
      assert.doesNotMatch(await remains(), new RegExp(erased));
      assert.equal(endpoint.files.size, 0);
    }
  });

  test('that is begun while the batch is being handed over has it removed again', async (context) => {
    const { endpoint, night, sweep, blobs } = await start();
    context.after(endpoint.close);
    let sweeping: Promise<unknown> | undefined;
    endpoint.before = (request) => {
      if (request !== 'POST /v1/files' || sweeping) return;
      sweeping = blobs.transcripts.removeAll(`${pathOf(erased)}/`).then(() => sweep(scope));
    };
    const submit = async (at: Parameters<typeof night.batches.submit>[0]) => {
      const submitted = await night.batches.submit(at);
      await sweeping;
      await sweep(scope);
      assert.equal(endpoint.files.size, 0);
      return submitted;
    };
    await carryOut({ ...night, batches: { ...night.batches, submit } }, date, { batch: { hours: 6 } });
    assert.ok(sweeping);
    assert.equal(endpoint.files.size, 0);
  });

  test('of somebody else leaves it alone', async (context) => {
    const { endpoint, night, sweep, settleAll, calls } = await start();
    context.after(endpoint.close);
    let wasErased = false;
    await carryOut(night, date, {
      batch: { hours: 6 },
      async onTimer() {
        if (!wasErased) {
          const conversations = [{ channel: 'chat' as const, id: threadOf('else'), isWhole: true }];
          await sweep({ person: { identities: [], matcher: simpleMatcher('somebody else') }, conversations });
        }
        wasErased = true;
        settleAll();
      },
    });
    assert.ok(wasErased);
    assert.deepEqual(calls, []);
  });
});

test('a batch of a run that broke off is removed by the next night, and that of one under way is not', async (context) => {
  const { endpoint, night, blobs, calls } = await start();
  context.after(endpoint.close);
  const settlePlan = async () => {
    throw new Error('dead');
  };
  const batches = { ...night.batches, watch: async () => Promise.reject(new Error('dead')) };
  await assert.rejects(carryOut({ ...night, settlePlan, batches }, date, { batch: { hours: 6 } }));
  assert.equal(endpoint.files.size, 1);
  await carryOut(night, '2026-11-25', {});
  assert.equal(endpoint.files.size, 1);
  const clock = () => new Date(Date.now() + 24 * 60 * 60_000);
  await carryOut(openBatchNight({ blobs, baseUrl: endpoint.baseUrl, clock }).night, '2026-11-26', {});
  assert.equal(endpoint.files.size, 0);
  assert.equal(calls.length, names.length);
});
