import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import pMap from 'p-map';
import type { ErasureScope } from '../../src/shared/erasers/eraser.ts';
import { createOfflineModel } from '../../src/shared/models/offline/offline-model.ts';
import type { Container } from '../../src/shared/storage/container.ts';
import { type Digest, emptyDigest, openDigests } from '../../src/shared/summaries/digest.ts';
import { createDigestsEraser } from '../../src/shared/summaries/erase-digests.ts';
import { createRunsEraser } from '../../src/shared/summaries/erase-runs.ts';
import { createSummariesEraser } from '../../src/shared/summaries/erase-summaries.ts';
import { createNight } from '../../src/shared/summaries/night.ts';
import { chunksOf, openNightFiles, plansOf, sizeOfPlan } from '../../src/shared/summaries/night-files.ts';
import { renderDigest } from '../../src/shared/summaries/render-digest.ts';
import { openSummaries } from '../../src/shared/summaries/store.ts';
import { conversationPath } from '../../src/shared/transcripts/conversation-path.ts';
import {
  type ConversationKey,
  type TranscriptEntry,
  transcriptEntry,
} from '../../src/shared/transcripts/entry.ts';
import { openTranscripts } from '../../src/shared/transcripts/store.ts';
import { assertNone, contentOf, expireAll, namesIn, sweepAll } from '../erasers/run-eraser.ts';
import { simpleMatcher } from '../erasers/simple-matcher.ts';
import { useAzurite } from '../support/azurite.ts';
import { openMortalStorage } from '../support/mortal-storage.ts';

const azurite = useAzurite();
const date = '2026-11-24';
const signal = new AbortController().signal;
const identities: string[] = [];

const joe = { id: '4:+15551230009', name: 'Joe Quillfeather' };
const words = ['+15551230009', 'Joe Quillfeather', 'zebra quince'];
const matcher = simpleMatcher(...words);
const withJoe: ConversationKey = { channel: 'sms', id: '+18005550100:+15551230009' };
const crowd: ConversationKey = { channel: 'chat', id: '19:crowd@thread.v2' };
const others: ConversationKey = { channel: 'chat', id: '19:others@thread.v2' };
const scope: ErasureScope = {
  person: { identities: [joe.id], matcher },
  conversations: [
    { ...withJoe, isWhole: true },
    { ...crowd, isWhole: false },
  ],
};

function said(key: ConversationKey, sender: { id: string; name: string }, text: string, second: number) {
  const at = new Date(Date.parse('2026-11-23T09:00:00Z') + second * 1_000).toISOString();
  const messageId = `m${second}`;
  return transcriptEntry.parse({
    kind: 'message',
    id: `message:${messageId}:1`,
    conversation: key.id,
    version: '1',
    at,
    composedAt: at,
    messageId,
    sender,
    text,
  });
}

interface Blobs {
  transcripts: Container;
  summaries: Container;
  runs: Container;
  digests: Container;
}

const newBlobs = (): Blobs => ({
  transcripts: azurite.newContainer(),
  summaries: azurite.newContainer(),
  runs: azurite.newContainer(),
  digests: azurite.newContainer(),
});

const ada = { id: '8:acs:ada', name: 'Ada' };

async function fill({ transcripts }: Blobs): Promise<void> {
  const store = openTranscripts(transcripts, { segmentBytes: 1024 ** 2 });
  await store.append(withJoe, [
    said(withJoe, joe, 'Please send the zebra quince to my address.', 1),
    said(withJoe, { id: '4:+18005550100', name: 'Shop' }, 'We send the zebra quince tomorrow.', 2),
  ]);
  await store.append(crowd, [
    said(crowd, joe, 'I need the zebra quince by Friday.', 3),
    said(crowd, ada, 'The hall is open at nine.', 4),
  ]);
  await store.append(others, [said(others, ada, 'The report is due on Monday.', 5)]);
}

/** What an erasure does to transcripts: one conversation goes, of the other a part, in a new segment. */
async function eraseTranscripts({ transcripts }: Blobs): Promise<void> {
  const copy = transcripts.client.getAppendBlobClient(`${conversationPath(crowd)}/000002.jsonl`);
  const left = `${JSON.stringify(said(crowd, ada, 'The hall is open at nine.', 4))}\n`;
  await copy.create();
  await copy.appendBlock(left, left.length);
  await transcripts.removeAll(`${conversationPath(crowd)}/000001`);
  await transcripts.removeAll(`${conversationPath(withJoe)}/`);
}

function openNight(blobs: Blobs, clock: () => Date) {
  const digests = openDigests(blobs.digests, renderDigest);
  const night = createNight({
    transcripts: openTranscripts(blobs.transcripts, { segmentBytes: 1024 ** 2 }),
    summaries: openSummaries(blobs.summaries),
    summaryBlobs: blobs.summaries,
    files: openNightFiles(blobs.runs),
    digests,
    model: createOfflineModel(),
    clock,
  });
  return { night, digest: async () => (await digests.get(date))?.digest };
}

/** The steps of a night as its orchestrator calls them. `onStep` sees each while it runs. */
async function runNight(
  { night }: ReturnType<typeof openNight>,
  onStep: (step: Promise<unknown>) => void,
): Promise<void> {
  const call = <Result>(step: () => Promise<Result>): Promise<Result> => {
    const running = step();
    onStep(running);
    // As the retries of its activities: what meets a conflict is done again.
    return running.catch(() => {
      const again = step();
      onStep(again);
      return again;
    });
  };
  let run = await call(() => night.plan({ night: date }));
  while (!run.isPlanned) run = await call(() => night.plan({ night: date, run }));
  const planned = run;
  for (let plan = 0; plan < plansOf(run.found); plan += 1) {
    for (let chunk = 0; chunk < chunksOf(sizeOfPlan(run.found, plan)); chunk += 1) {
      await call(() => night.summarizeChunk({ night: date, plan, chunk }));
    }
    await call(() => night.settlePlan({ night: date, run: planned, plan }));
  }
  await call(() => night.finish({ night: date }));
}

describe('a night and an erasure', () => {
  /** Erases while the night stands still before one of its requests, then lets it go on. */
  async function eraseDuring(stop: number): Promise<{ requests: number; digest: Digest | undefined }> {
    const blobs = newBlobs();
    await fill(blobs);
    const ahead = { milliseconds: 0 };
    const clock = () => new Date(Date.now() + ahead.milliseconds);
    let requests = 0;
    let current: Promise<unknown> = Promise.resolve();
    const reached = Promise.withResolvers<void>();
    const released = Promise.withResolvers<void>();
    const storage = openMortalStorage(azurite.connectionString(), {
      pass: async () => {
        requests += 1;
        if (requests !== stop) return;
        reached.resolve();
        await released.promise;
      },
    });
    const same = (container: Container): Container => storage.open(container.client.containerName);
    const nightBlobs = {
      transcripts: same(blobs.transcripts),
      summaries: same(blobs.summaries),
      runs: same(blobs.runs),
      digests: same(blobs.digests),
    };
    const night = openNight(nightBlobs, clock);
    const nightEnds = runNight(night, (step) => {
      current = step.catch(() => {});
    });
    await Promise.race([reached.promise, nightEnds]);

    await eraseTranscripts(blobs);
    const summaries = createSummariesEraser(blobs.summaries);
    for (const { channel, id } of scope.conversations) {
      await summaries.eraseConversation?.({ channel, id }, { identities, signal });
    }
    const runs = createRunsEraser(blobs.runs, { clock });
    const digests = createDigestsEraser(blobs.digests, { runs: blobs.runs, clock });
    const between = async (waitMilliseconds: number): Promise<void> => {
      released.resolve();
      await current;
      ahead.milliseconds += waitMilliseconds;
    };
    await sweepAll(runs, scope, { between });
    await sweepAll(digests, scope, { between });
    released.resolve();
    for (const container of [blobs.runs, blobs.digests]) await assertNone(container, words);
    await nightEnds;
    for (const container of Object.values(blobs)) await assertNone(container, words);
    return { requests, digest: await night.digest() };
  }

  test('whatever the night was about to do, nothing of what was erased comes back, and the night ends well', async () => {
    const { requests } = await eraseDuring(Number.POSITIVE_INFINITY);
    assert.ok(requests > 40, `the night took only ${requests} requests`);
    const stops = Array.from({ length: requests }, (_, place) => place + 1);
    const tryStop = async (stop: number): Promise<void> => {
      const { digest } = await eraseDuring(stop);
      assert.ok(digest, `no digest after a stop at ${stop}`);
      assert.deepEqual(digest.failed, [], `something failed after a stop at ${stop}`);
      assert.equal(digest.found, digest.done, `counts after a stop at ${stop}`);
    };
    await pMap(stops, tryStop, { concurrency: 8 });
  });
});

const digestBefore: Digest = {
  ...emptyDigest('2026-11-20'),
  found: 5,
  done: 4,
  failed: [{ channel: 'email', id: 'a@example.com', code: 'x', reason: 'Asked Joe Quillfeather in vain.' }],
  conversations: [
    { ...withJoe, headline: 'A parcel' },
    { ...crowd, headline: 'The hall' },
    { ...others, headline: 'Report for Joe Quillfeather' },
    { channel: 'chat', id: '19:calm@thread.v2', headline: 'Nothing new' },
    { channel: 'sms', id: '+18005550111:+15551230009', headline: 'Of a conversation gone long ago' },
  ],
};

/** While no night is under way. */
function openDigestsEraser(container: Container, { pageSize }: { pageSize?: number } = {}) {
  return createDigestsEraser(container, { runs: azurite.newContainer(), clock: () => new Date(), pageSize });
}

async function putDigest(container: Container, digest: Digest): Promise<void> {
  await openDigests(container, renderDigest).put(digest, undefined);
}

describe('digests', () => {
  test('lose the items of whole conversations and every headline that may tell, but none of their counts', async () => {
    const container = azurite.newContainer();
    await putDigest(container, digestBefore);
    await putDigest(container, {
      ...emptyDigest('2026-11-21'),
      conversations: [{ ...others, headline: 'Calm' }],
    });
    const untouched = await container.read('2026-11-21.json');
    const { removed } = await sweepAll(openDigestsEraser(container), scope);
    assert.equal(removed, 1);
    const digest = (await openDigests(container, renderDigest).get('2026-11-20'))?.digest;
    assert.deepEqual(digest, {
      ...digestBefore,
      failed: [{ channel: 'email', id: 'a@example.com', code: 'x', reason: '(erased)' }],
      conversations: [
        { ...crowd, headline: '(erased)' },
        { ...others, headline: '(erased)' },
        { channel: 'chat', id: '19:calm@thread.v2', headline: 'Nothing new' },
      ],
    });
    assert.ok(digest);
    assert.equal((await container.read('2026-11-20.md'))?.text, renderDigest(digest));
    assert.deepEqual(await container.read('2026-11-21.json'), untouched);
    await assertNone(container, words);
    assert.deepEqual(await sweepAll(openDigestsEraser(container), scope), { removed: 0, calls: 1 });
  });

  test('are also cleared of a whole conversation where no person goes', async () => {
    const container = azurite.newContainer();
    await putDigest(container, digestBefore);
    await sweepAll(openDigestsEraser(container), { conversations: [{ ...others, isWhole: true }] });
    const digest = (await openDigests(container, renderDigest).get('2026-11-20'))?.digest;
    assert.deepEqual(
      digest?.conversations,
      digestBefore.conversations.filter(({ id }) => id !== others.id),
    );
  });

  test('a Markdown that tells more than its JSON, a damaged digest and a stray file do not stop it', async () => {
    const container = azurite.newContainer();
    const type = { contentType: 'text/plain' };
    await putDigest(container, digestBefore);
    await container.write('2026-11-22.json', '{"half": "zebra quince', type);
    await container.write('2026-11-23.json', '{"half": "of something else', type);
    await container.write('2026-11-23.md', 'Joe Quillfeather', type);
    await container.write('notes.txt', `{"about":${JSON.stringify(withJoe.id)}`, type);
    await container.write('2026-11-20.md', `${renderDigest(digestBefore)}zebra quince`, type);
    await sweepAll(openDigestsEraser(container), scope);
    assert.deepEqual(await namesIn(container), ['2026-11-20.json', '2026-11-20.md', '2026-11-23.json']);
    await assertNone(container, words);
  });

  test('a night that merges at the same time keeps what it merged, and nothing comes back', async () => {
    await fc.assert(
      fc.asyncProperty(fc.scheduler(), async (scheduler) => {
        const container = azurite.newContainer();
        await putDigest(container, { ...digestBefore, night: date });
        const storage = openMortalStorage(azurite.connectionString(), {
          pass: () => scheduler.schedule(Promise.resolve()),
        });
        const shared = storage.open(container.client.containerName);
        const digests = openDigests(shared, renderDigest);
        const merge = async (): Promise<void> => {
          for (;;) {
            const stored = await digests.get(date);
            assert.ok(stored?.digest);
            const conversations = [
              ...stored.digest.conversations,
              { channel: 'sms', id: 'new', headline: 'Calm' },
            ];
            if (await digests.put({ ...stored.digest, conversations }, stored)) return;
          }
        };
        await scheduler.waitFor(Promise.all([merge(), sweepAll(openDigestsEraser(shared), scope)]));
        await assertNone(container, words);
        const digest = (await openDigests(container, renderDigest).get(date))?.digest;
        assert.ok(digest?.conversations.some(({ id }) => id === 'new'));
      }),
      { numRuns: 25 },
    );
  });

  test('of dates before the cutoff expire, whatever else is there', async () => {
    const container = azurite.newContainer();
    for (const night of ['2026-10-30', '2026-10-31', '2026-11-01'])
      await putDigest(container, emptyDigest(night));
    assert.equal((await expireAll(openDigestsEraser(container), '2026-10-31T23:00:00.000Z')).removed, 2);
    assert.deepEqual(await namesIn(container), [
      '2026-10-31.json',
      '2026-10-31.md',
      '2026-11-01.json',
      '2026-11-01.md',
    ]);
  });
});

describe('every eraser of nights', () => {
  test('finds nothing in a container that is not there', async () => {
    const eraser = createSummariesEraser(azurite.newContainer());
    assert.equal(await eraser.eraseConversation?.(withJoe, { identities, signal }), 0);
    assert.deepEqual(await sweepAll(openDigestsEraser(azurite.newContainer()), scope), {
      removed: 0,
      calls: 1,
    });
    const runs = createRunsEraser(azurite.newContainer(), { clock: () => new Date() });
    assert.deepEqual(await sweepAll(runs, scope), { removed: 0, calls: 1 });
    assert.equal((await expireAll(runs, '2026-11-01T00:00:00.000Z')).removed, 0);
  });

  test('goes on where it had no more time, page by page, and the same again finds nothing', async () => {
    const container = azurite.newContainer();
    const nights = Array.from({ length: 23 }, (_, day) => `2026-10-${String(day + 1).padStart(2, '0')}`);
    for (const night of nights) await putDigest(container, { ...digestBefore, night });
    const eraser = openDigestsEraser(container, { pageSize: 5 });
    const first = await sweepAll(eraser, scope, { pieces: 3 });
    assert.equal(first.removed, nights.length);
    assert.ok(first.calls > nights.length / 2);
    await assertNone(container, words);
    assert.equal((await sweepAll(eraser, scope)).removed, 0);
    assert.equal((await contentOf(container)).size, 2 * nights.length);
  });

  test('a summary goes with its Markdown, its note and what of an upload was left, and no other', async () => {
    const container = azurite.newContainer();
    const type = { contentType: 'text/plain' };
    const path = conversationPath(withJoe);
    for (const file of ['summary.json', 'summary.md', 'empty'])
      await container.write(`${path}/${file}`, '', type);
    await container.write(`${path}9/summary.json`, '', type);
    const { removed } = {
      removed: await createSummariesEraser(container).eraseConversation?.(withJoe, { identities, signal }),
    };
    assert.equal(removed, 3);
    assert.deepEqual(await namesIn(container), [`${path}9/summary.json`]);
  });

  test('a night that failed while it planned keeps no name of a conversation', async () => {
    const runs = azurite.newContainer();
    const files = openNightFiles(runs);
    const path = conversationPath(withJoe);
    const next = { after: path, transcriptsPage: path };
    await files.writeRun(date, { id: 'r', found: 1, postponed: 1, next });
    await files.writePlan(date, 0, [{ path, segments: ['000001'], length: 9 }]);
    const entry: TranscriptEntry = said(withJoe, joe, 'zebra quince', 1);
    await files.writeChunk(date, 0, 0, {
      outcomes: [
        { path, ...withJoe, state: 'made', headline: entry.kind },
        { path: conversationPath(others), ...others, state: 'failed', code: 'x', reason: 'zebra quince' },
      ],
    });
    const waiting = [path, conversationPath(others)].map((one) => ({ path: one, segments: [], length: 9 }));
    await files.postponed.note({ night: date, run: 'r', plan: 0 }, waiting);
    const clock = { now: Date.now() };
    const eraser = createRunsEraser(runs, { clock: () => new Date(clock.now) });
    const between = (waitMilliseconds: number): void => {
      clock.now += waitMilliseconds;
    };
    await sweepAll(eraser, scope, { between });
    await assertNone(runs, words);
    assert.equal((await files.readPlan(date, 0)).length, 1);
    assert.deepEqual(
      (await files.postponed.list()).map((each) => each.path),
      [conversationPath(others)],
    );
    assert.equal((await expireAll(eraser, new Date(Date.now() + 60_000).toISOString())).removed, 4);
  });
});
