import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { RequestPolicyFactory } from '@azure/storage-blob';
import pMap from 'p-map';
import type { ErasureScope } from '../../src/shared/erasers/eraser.ts';
import { transcriptEntry } from '../../src/shared/transcripts/entry.ts';
import { createExportsEraser } from '../../src/shared/transfer/erase-exports.ts';
import { noCounts } from '../../src/shared/transfer/export-state.ts';
import { assertNone, contentOf, expireAll, namesIn, sweepAll } from '../erasers/run-eraser.ts';
import { simpleMatcher } from '../erasers/simple-matcher.ts';
import { useAzurite } from '../support/azurite.ts';
import { openMortalStorage } from '../support/mortal-storage.ts';
import { type Bench, cancel, openBench, run, runSteps, start, tell } from './transfer-bench.ts';

const azurite = useAzurite();
const number = '+15551230009';
const words = [number, 'zebra quince'];
const sms = { channel: 'sms', id: `+18005550100:${number}` };
const crowd = { channel: 'chat', id: '19:crowd@thread.v2' };
const others = { channel: 'chat', id: '19:others@thread.v2' };
const matcher = simpleMatcher(...words);
const scope: ErasureScope = {
  person: { identities: [`4:${number}`], matcher },
  conversations: [
    { ...sms, isWhole: true },
    { ...crowd, isWhole: false },
  ],
};

function said({ id: conversation }: { id: string }, sender: string, text: string, second: number) {
  const at = new Date(Date.parse('2026-11-23T09:00:00Z') + second * 1_000).toISOString();
  const messageId = `m${second}`;
  return transcriptEntry.parse({
    ...{ kind: 'message', id: `message:${messageId}:1`, conversation, version: '1', at, composedAt: at },
    ...{ messageId, sender: { id: sender }, text },
  });
}

/** A conversation with them, one of several, and one of others. */
async function fill({ transcripts, media, people }: Bench): Promise<void> {
  const content = [Buffer.from('zebra quince')];
  const { blob } = await media.keep(sms, 'picture', { type: 'text/plain', content });
  const attachments = [{ id: 'picture', type: 'text/plain', blob }];
  const theirs = [{ ...said(sms, `4:${number}`, 'A zebra quince, please.', 1), attachments }];
  await transcripts.append(sms, theirs);
  await people.note(sms, theirs);
  await transcripts.append(crowd, [
    said(crowd, `4:${number}`, 'The zebra quince is late.', 2),
    said(crowd, '8:acs:ada', 'The hall is open.', 3),
  ]);
  await transcripts.append(others, [said(others, '8:acs:ada', 'The report is due.', 4)]);
}

/** What an erasure leaves of the transcripts. */
async function eraseTranscripts({ blobs, transcripts }: Bench): Promise<void> {
  await blobs.transcripts.removeAll('sms/');
  await blobs.transcripts.removeAll('chat/19~3acrowd');
  await transcripts.append(crowd, [said(crowd, '8:acs:ada', 'The hall is open.', 3)]);
}

const open = (options: Parameters<typeof openBench>[1] = {}): Bench =>
  openBench(azurite.connectionString(), options);

function eraserOf({ blobs }: Bench, ahead = { milliseconds: 0 }, pageSize = 4) {
  return createExportsEraser(blobs.exports, {
    clock: () => new Date(Date.now() + ahead.milliseconds),
    pageSize,
  });
}

/** Waits as long as it is asked to, without waiting. */
function waiting(ahead: { milliseconds: number }) {
  return (waitMilliseconds: number): void => {
    ahead.milliseconds += waitMilliseconds;
  };
}

describe('exports', () => {
  test('that hold something of them go as a whole with their state, are counted, and all others stay', async () => {
    const bench = open();
    await fill(bench);
    const whole = await run(bench, 'export', {});
    const withThem = await run(bench, 'export', { with: number });
    const oneOfTwo = await run(bench, 'export', { conversation: crowd });
    const calm = await run(bench, 'export', { conversation: others });
    const before = await contentOf(bench.blobs.exports);
    assert.ok(
      [...before.keys()].some((name) => name.startsWith(`${whole.id}/sms/`) && name.includes('/media/')),
    );
    const ahead = { milliseconds: 0 };
    const eraser = eraserOf(bench, ahead);
    const { removed } = await sweepAll(eraser, scope, { pieces: 1, between: waiting(ahead) });
    assert.equal(removed, 3);
    const after = await contentOf(bench.blobs.exports);
    assert.deepEqual(
      [...after],
      [...before].filter(([name]) => name.includes(calm.id)),
    );
    for (const { id } of [whole, withThem, oneOfTwo]) await assert.rejects(tell(bench, 'export', id));
    assert.equal((await tell(bench, 'export', calm.id)).state, 'completed');
    assert.equal((await sweepAll(eraser, scope, { between: waiting(ahead) })).removed, 0);
  });

  test('go for what they hold, too, where the conversation is not among those that were touched', async () => {
    const bench = open();
    const elsewhere = { channel: 'teams', id: 'ops' };
    await bench.transcripts.append(elsewhere, [said(elsewhere, 'ada', 'She said: a zebra quince.', 1)]);
    const { id } = await run(bench, 'export', {});
    const ahead = { milliseconds: 0 };
    const nobody = { conversations: [{ ...others, isWhole: true }] };
    assert.equal((await sweepAll(eraserOf(bench, ahead), nobody, { between: waiting(ahead) })).removed, 0);
    const { removed } = await sweepAll(eraserOf(bench, ahead), scope, { between: waiting(ahead) });
    assert.equal(removed, 1);
    assert.deepEqual(await namesIn(bench.blobs.exports), []);
    await assert.rejects(tell(bench, 'export', id));
  });

  test('of many megabytes are searched as far as time allows, and no word between two pieces is missed', async () => {
    const bench = open();
    const { exports } = bench.blobs;
    const type = { contentType: 'application/json' };
    const piece = 4 * 1024 ** 2;
    const name = (id: string) => `${id}/chat/19~3afar/transcript.jsonl`;
    await exports.write(name('calm'), 'x'.repeat(3 * piece), type);
    await exports.write(name('theirs'), `${'x'.repeat(2 * piece - 64 * 1024 - 5)}zebra quince`, type);
    const { removed, calls } = await sweepAll(eraserOf(bench), scope, { pieces: 1 });
    assert.equal(removed, 1);
    assert.ok(calls >= 4, `${calls} calls`);
    assert.deepEqual(await namesIn(exports), [name('calm')]);
  });

  test('killed at any request and swept again, go as a whole, and none of the others', async () => {
    for (let at = 4; at <= 40; at += 3) {
      const bench = open();
      const { exports } = bench.blobs;
      const type = { contentType: 'application/json' };
      const state = { scope: {}, counts: noCounts, batches: 1, startedAt: '2026-11-24T09:00:00.000Z' };
      for (const id of ['theirs', 'calm']) {
        for (const name of [
          'chat/a/transcript.jsonl',
          'chat/b/transcript.jsonl',
          'index.md',
          'manifest.json',
        ]) {
          await exports.write(`${id}/${name}`, '{}', type);
        }
        await exports.write(`runs/${id}.json`, JSON.stringify({ ...state, id, state: 'completed' }), type);
      }
      await exports.write('theirs/sms/c/transcript.jsonl', 'zebra quince', type);
      const storage = openMortalStorage(azurite.connectionString(), {
        at,
        when: at % 2 ? 'before' : 'after',
      });
      const mortal = createExportsEraser(storage.open(exports.client.containerName), {
        clock: () => new Date(),
      });
      await Promise.race([sweepAll(mortal, scope), storage.reaper.death]);
      const names = await namesIn(exports);
      const isWhole = names.filter((name) => name.startsWith('theirs/')).length === 5;
      assert.ok(isWhole || !names.includes('theirs/manifest.json'), `taken for whole after a kill at ${at}`);
      await sweepAll(eraserOf(bench), scope);
      const left = await namesIn(exports);
      assert.deepEqual(
        left.filter((name) => name.includes('theirs')),
        [],
        `a kill at ${at}`,
      );
      assert.equal(left.length, 5);
    }
  });

  test('that were brought from elsewhere, damaged states, and strays are no hindrance', async () => {
    const bench = open();
    const { exports } = bench.blobs;
    const type = { contentType: 'application/json' };
    const line = `${JSON.stringify(said(crowd, `4:${number}`, 'x', 1))}\n`;
    await exports.write('copied/chat/19~3afar/transcript.jsonl', line, type);
    await exports.write('copied/manifest.json', '{"scope":{}}', type);
    await exports.write('mine/manifest.json', JSON.stringify({ scope: { with: `4:${number}` } }), type);
    await exports.write('runs/broken.json', `{"scope":{"with":"4:${number}`, type);
    await exports.write('runs/other.json', '{"half', type);
    await exports.write('stray.txt', 'zebra quince', type);
    await exports.write('stay.txt', 'calm', type);
    const ahead = { milliseconds: 0 };
    const { removed } = await sweepAll(eraserOf(bench, ahead), scope, { between: waiting(ahead) });
    assert.equal(removed, 4);
    assert.deepEqual(await namesIn(exports), ['runs/other.json', 'stay.txt']);
  });

  test('none there and no container are nothing to do', async () => {
    const eraser = eraserOf(open());
    assert.deepEqual(await sweepAll(eraser, scope), { removed: 0, calls: 1 });
    assert.equal((await expireAll(eraser, new Date().toISOString())).removed, 0);
  });

  test('expire as a whole, with their state, but not while they are under way', async () => {
    const bench = open();
    await fill(bench);
    await run(bench, 'export', {});
    const running = await start(bench, 'export', {});
    await bench.blobs.exports.write('copied/manifest.json', '{}', { contentType: 'application/json' });
    const eraser = eraserOf(bench);
    assert.equal((await expireAll(eraser, '2026-11-01T00:00:00.000Z')).removed, 0);
    const { removed } = await expireAll(eraser, new Date(Date.now() + 60_000).toISOString());
    assert.equal(removed, 2);
    assert.deepEqual(await namesIn(bench.blobs.exports), [`runs/${running}.json`]);
  });
});

describe('an export under way', () => {
  /** Erases while the export stands still before one of its requests, then lets it go on. */
  async function eraseDuring(stop: number): Promise<{ requests: number; wasThere: boolean }> {
    let requests = 0;
    const reached = Promise.withResolvers<void>();
    const released = Promise.withResolvers<void>();
    const policy: RequestPolicyFactory = {
      create: (next) => ({
        async sendRequest(request) {
          requests += 1;
          if (requests === stop) {
            reached.resolve();
            await released.promise;
          }
          return next.sendRequest(request);
        },
      }),
    };
    const raw = open();
    await fill(raw);
    const bench = open({ account: raw.account, policy, batchSize: 2 });
    const id = await start(raw, 'export', {});
    let isOver = false;
    // As its orchestration does: what fails is done again.
    const over = (async () => {
      for (let tries = 0; tries < 3; tries += 1) {
        try {
          await runSteps(bench, 'export', id);
          break;
        } catch {}
      }
      isOver = true;
    })();
    await Promise.race([reached.promise, over]);
    const ahead = { milliseconds: 0 };
    await eraseTranscripts(raw);
    const content = [...(await contentOf(raw.blobs.exports)).values()].join();
    await sweepAll(eraserOf(raw, ahead), scope, {
      between: async (waitMilliseconds) => {
        ahead.milliseconds += waitMilliseconds;
        released.resolve();
        if (waitMilliseconds > 0) await over;
      },
    });
    released.resolve();
    await assertNone(raw.blobs.exports, words);
    await over;
    assert.ok(isOver);
    await assertNone(raw.blobs.exports, words);
    const { state } = await tell(raw, 'export', id).catch(() => ({ state: 'gone' }));
    const names = await namesIn(raw.blobs.exports);
    const isWhole = names.includes(`${id}/manifest.json`);
    assert.equal(isWhole, state === 'completed', `a stop at ${stop}: ${state}, ${names}`);
    if (state === 'cancelled') assert.deepEqual(names, [`runs/${id}.json`], `a stop at ${stop}`);
    return { requests, wasThere: words.some((word) => content.includes(word)) };
  }

  test('is cancelled or ends without them, whatever it was about to do, and leaves nothing that looks whole', async () => {
    const { requests } = await eraseDuring(Number.POSITIVE_INFINITY);
    assert.ok(requests > 15, `${requests} requests`);
    const stops = Array.from({ length: requests }, (_, place) => place + 1);
    const all = await pMap(stops, eraseDuring, { concurrency: 6 });
    assert.ok(all.some(({ wasThere }) => wasThere) && all.some(({ wasThere }) => !wasThere));
  });

  test('that was cancelled by somebody is removed like any other', async () => {
    const bench = open({ batchSize: 1, stepMilliseconds: 0 });
    await fill(bench);
    const id = await start(bench, 'export', {});
    for (let steps = 0; steps < 3; steps += 1) await bench.transfer.exportStep({ id });
    await cancel(bench, 'export', id);
    const ahead = { milliseconds: 0 };
    await sweepAll(eraserOf(bench, ahead), scope, { between: waiting(ahead) });
    assert.deepEqual(await namesIn(bench.blobs.exports), []);
  });
});
