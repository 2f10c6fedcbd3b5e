import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { chat } from '../../src/shared/channels/chat/read-chat-event.ts';
import { acceptEvents } from '../../src/shared/events/accept-events.ts';
import { createResumeMemory } from '../../src/shared/events/resume-memory.ts';
import { noUsage } from '../../src/shared/models/language/allowance.ts';
import { createOfflineModel } from '../../src/shared/models/offline/offline-model.ts';
import type { SummaryModel } from '../../src/shared/models/summary-model.ts';
import type { Container } from '../../src/shared/storage/container.ts';
import { storageUnavailable } from '../../src/shared/storage/storage-errors.ts';
import { openDigests } from '../../src/shared/summaries/digest.ts';
import { createNight } from '../../src/shared/summaries/night.ts';
import { openNightFiles } from '../../src/shared/summaries/night-files.ts';
import { renderSummary } from '../../src/shared/summaries/render.ts';
import { renderDigest } from '../../src/shared/summaries/render-digest.ts';
import { openSummaries } from '../../src/shared/summaries/store.ts';
import { summarizeConversation } from '../../src/shared/summaries/summarize-conversation.ts';
import { conversationPath } from '../../src/shared/transcripts/conversation-path.ts';
import { openTranscripts } from '../../src/shared/transcripts/store.ts';
import { useAzurite } from '../support/azurite.ts';
import { carryOutNight } from '../support/carry-out-night.ts';
import { deleted, edited, sent, smallTalk } from '../support/chat-events.ts';
import { nothingBuried } from '../support/tombstones.ts';

const azurite = useAzurite();
const people = { note: async () => {} };
const date = '2026-11-24';
const none = { calls: 0, input: 0, output: 0 };
const offline = createOfflineModel();

interface Options {
  planMilliseconds?: number;
  clock?: () => Date;
}

/** The offline model, counting its work and failing where it is told to. */
function watchedModel() {
  const failing = new Set<string>();
  const watched = { calls: 0, failing };
  const model: SummaryModel = {
    ...offline,
    async summarize(jobs, options) {
      watched.calls += jobs.length;
      const results = await offline.summarize(jobs, options);
      return results.map((result, place) =>
        failing.has(jobs[place]?.conversation.id ?? '')
          ? { error: new TypeError('secret words of the conversation'), usage: noUsage }
          : result,
      );
    },
  };
  return {
    ...watched,
    model,
    get calls() {
      return watched.calls;
    },
  };
}

function open({ planMilliseconds, clock = () => new Date('2026-11-24T02:00:00Z') }: Options = {}) {
  const blobs = {
    transcripts: azurite.newContainer(),
    summaries: azurite.newContainer(),
    runs: azurite.newContainer(),
  };
  const transcripts = openTranscripts(blobs.transcripts, { segmentBytes: 64 * 1024 ** 2 });
  const summaries = openSummaries(blobs.summaries);
  const digestBlobs = azurite.newContainer();
  const digests = openDigests(digestBlobs, renderDigest);
  const files = openNightFiles(blobs.runs);
  const model = watchedModel();
  const dependencies = {
    transcripts,
    summaries,
    model: model.model,
    clock,
  };
  const night = createNight({
    ...dependencies,
    summaryBlobs: blobs.summaries,
    files,
    digests,
    planMilliseconds,
  });
  const memory = createResumeMemory({ clock: () => new Date('2026-11-24T02:00:00Z') });
  const accept = (...events: unknown[]) =>
    acceptEvents(events, {
      channels: [chat],
      transcripts,
      memory,
      people,
      tombstones: nothingBuried,
      deadLetters: { put: async () => {} },
    });
  /** What the orchestrator does, one step after the other. */
  const runNight = async () => {
    const run = await carryOutNight(night, date);
    return { run, digest: (await digests.get(date))?.digest };
  };
  return {
    blobs,
    digestBlobs,
    transcripts,
    summaries,
    digests,
    files,
    model,
    dependencies,
    night,
    accept,
    runNight,
  };
}

function pathOf(thread: string): string {
  return conversationPath({ channel: 'chat', id: thread });
}

async function markdownOf(container: Container, thread: string): Promise<string | undefined> {
  return (await container.read(`${pathOf(thread)}/summary.md`))?.text;
}

describe('a night', () => {
  test('summarizes every conversation, and the next one finds nothing to do', async () => {
    const { accept, runNight, summaries, blobs, model } = open();
    for (const thread of ['19:a@thread.v2', '19:b@thread.v2', '19:c@thread.v2'])
      await accept(...smallTalk(thread, 5));
    const first = await runNight();
    assert.equal(first.run.found, 3);
    assert.deepEqual([first.digest?.found, first.digest?.done, first.digest?.failed.length], [3, 3, 0]);
    const stored = await summaries.get(pathOf('19:a@thread.v2'));
    assert.ok(stored?.summary);
    assert.equal(stored.summary.messageCount, 5);
    assert.deepEqual(stored.summary.period, {
      from: '2026-11-23T09:00:00.000Z',
      to: '2026-11-23T09:00:04.000Z',
    });
    assert.deepEqual(
      stored.summary.participants.map(({ name, messages }) => [name, messages]),
      [
        ['Ada', 3],
        ['Grace', 2],
      ],
    );
    assert.equal(await markdownOf(blobs.summaries, '19:a@thread.v2'), renderSummary(stored.summary));
    const second = await runNight();
    assert.equal(second.run.found, 0);
    assert.equal(model.calls, 3);
    assert.equal(second.digest?.conversations.length, 3);
  });

  test('leaves no trace of a message that was edited or deleted since', async () => {
    const { accept, runNight, blobs } = open();
    const thread = '19:regret@thread.v2';
    const password = {
      id: '9',
      from: 'Ada',
      text: 'The administrator password for the printer is Zebra-Quince-77.',
      second: 40,
    };
    const address = {
      id: '8',
      from: 'Ada',
      text: 'The technician lives at 12 Marmalade Street in Springfield.',
      second: 30,
    };
    await accept(...smallTalk(thread, 3), sent(thread, password), sent(thread, address));
    await runNight();
    await accept(
      deleted(thread, password, 50),
      edited(thread, { ...address, text: 'The technician comes on Monday at nine.' }, 51),
    );
    assert.equal((await runNight()).run.found, 1);
    const markdown = await markdownOf(blobs.summaries, thread);
    const json = (await blobs.summaries.read(`${pathOf(thread)}/summary.json`))?.text;
    for (const text of [markdown, json]) assert.doesNotMatch(text ?? '', /Zebra|Quince|Marmalade/);
  });

  test('after repeated deliveries moves the version on and makes nothing anew', async () => {
    const { accept, runNight, summaries, transcripts, model } = open();
    const thread = '19:echo@thread.v2';
    await accept(...smallTalk(thread, 5));
    await runNight();
    await accept(...smallTalk(thread, 5));
    assert.equal((await runNight()).run.found, 1);
    assert.equal(model.calls, 1);
    const version = (await transcripts.read(pathOf(thread)))?.version;
    assert.equal((await summaries.get(pathOf(thread)))?.summary?.source.version, version);
    assert.equal((await runNight()).run.found, 0);
  });

  test('removes both files of a conversation that has no messages any more, or is gone', async () => {
    const { accept, runNight, blobs, summaries } = open();
    const message = { id: '1', from: 'Ada', text: 'Sorry, wrong window.', second: 1 };
    await accept(sent('19:empty@thread.v2', message));
    await accept(...smallTalk('19:gone@thread.v2', 3));
    await runNight();
    await accept(deleted('19:empty@thread.v2', message, 2));
    await blobs.transcripts.remove(`${pathOf('19:gone@thread.v2')}/000001.jsonl`);
    const { digest } = await runNight();
    assert.deepEqual(digest?.conversations, []);
    const left: string[] = [];
    for await (const { blobs: page } of blobs.summaries.pages()) left.push(...page.map(({ name }) => name));
    assert.deepEqual(left, [`${pathOf('19:empty@thread.v2')}/empty`]);
    assert.equal((await runNight()).run.found, 0);
    await accept(sent('19:empty@thread.v2', { ...message, id: '2', text: 'The right window now.' }));
    await runNight();
    assert.ok((await summaries.get(pathOf('19:empty@thread.v2')))?.summary);
    assert.equal((await runNight()).run.found, 0);
  });

  test('makes anew what cannot be read, and Markdown that says something else than the JSON', async () => {
    const { accept, runNight, blobs, summaries } = open();
    const threads = ['19:torn@thread.v2', '19:split@thread.v2'];
    for (const thread of threads) await accept(...smallTalk(thread, 3));
    await runNight();
    const [torn = '', split = ''] = threads.map(pathOf);
    await blobs.summaries.write(`${torn}/summary.json`, '{"half":', { contentType: 'application/json' });
    const metadata = { transcriptversion: 'of an older transcript', format: '2' };
    await blobs.summaries.write(`${split}/summary.md`, 'deleted words', {
      contentType: 'text/markdown',
      metadata,
    });
    assert.equal((await runNight()).run.found, 2);
    for (const path of [torn, split]) {
      const stored = await summaries.get(path);
      assert.ok(stored?.summary);
      assert.equal((await blobs.summaries.read(`${path}/summary.md`))?.text, renderSummary(stored.summary));
    }
    assert.equal((await runNight()).run.found, 0);
  });

  test('never takes a stray file for a segment, nor a conversation for gone', async () => {
    const { accept, runNight, blobs, summaries } = open();
    await accept(...smallTalk('19:stray@thread.v2', 3));
    const path = pathOf('19:stray@thread.v2');
    await blobs.transcripts.write(`${path}/000001.jsonl.bak`, 'x', { contentType: 'text/plain' });
    await runNight();
    assert.ok((await summaries.get(path))?.summary);
  });

  test('names what failed without the words of the conversation, does the rest, and tries again the next time', async () => {
    const { accept, runNight, model } = open();
    await accept(...smallTalk('19:fine@thread.v2', 3), ...smallTalk('19:hard@thread.v2', 3));
    model.failing.add('19:hard@thread.v2');
    const first = await runNight();
    assert.deepEqual(
      first.digest?.failed.map(({ id, code }) => [id, code]),
      [['19:hard@thread.v2', 'summary_failed']],
    );
    assert.doesNotMatch(JSON.stringify(first.digest), /secret/);
    assert.equal(first.digest?.done, 1);
    model.failing.clear();
    const second = await runNight();
    assert.deepEqual([second.digest?.found, second.digest?.done, second.digest?.failed], [2, 2, []]);
  });

  test('run again merges into the digest of its date', async () => {
    const { accept, runNight } = open();
    await accept(...smallTalk('19:early@thread.v2', 3));
    await runNight();
    await accept(...smallTalk('19:later@thread.v2', 3));
    const { digest } = await runNight();
    assert.deepEqual(digest?.conversations.map(({ id }) => id).sort(), [
      '19:early@thread.v2',
      '19:later@thread.v2',
    ]);
    assert.equal(digest?.done, 2);
  });

  test('ended twice counts once', async () => {
    const { accept, night, digests, files } = open();
    await accept(...smallTalk('19:twice@thread.v2', 3));
    const run = await night.plan({ night: date });
    await night.summarizeChunk({ night: date, plan: 0, chunk: 0 });
    const counts = await night.settlePlan({ night: date, run, plan: 0 });
    assert.deepEqual(counts, { done: 1, failed: 0, postponed: 0, tokens: none });
    assert.deepEqual(await night.settlePlan({ night: date, run, plan: 0 }), counts);
    await night.finish({ night: date });
    await night.finish({ night: date });
    assert.equal((await digests.get(date))?.digest?.done, 1);
    assert.equal(await files.readRun(date), undefined);
  });

  test('broken off and planned anew keeps what the first plan had come to', async () => {
    const { accept, night, runNight } = open();
    await accept(...smallTalk('19:before@thread.v2', 3));
    await night.plan({ night: date });
    await night.summarizeChunk({ night: date, plan: 0, chunk: 0 });
    await accept(...smallTalk('19:after@thread.v2', 3));
    const { digest, run } = await runNight();
    assert.equal(run.found, 1);
    assert.deepEqual(digest?.conversations.map(({ id }) => id).sort(), [
      '19:after@thread.v2',
      '19:before@thread.v2',
    ]);
  });

  test('planned in several steps finds what one step finds, however little is stale', async () => {
    let now = Date.parse('2026-11-24T02:00:00Z');
    const clock = () => new Date(now++);
    const { blobs, night, files } = open({ planMilliseconds: 400, clock });
    const ids = Array.from({ length: 1_100 }, (_, index) => `chat/${String(index).padStart(5, '0')}`);
    const write = (path: string) =>
      blobs.summaries.write(`${path}/summary.json`, '{}', { contentType: 'application/json' });
    for (let start = 0; start < ids.length; start += 100) {
      await Promise.all(ids.slice(start, start + 100).map(write));
    }
    let run = await night.plan({ night: date });
    let steps = 1;
    for (; !run.isPlanned; steps += 1) {
      await night.plan({ night: date, run });
      run = await night.plan({ night: date, run });
    }
    assert.deepEqual(await night.plan({ night: date, run }), run, 'the last step done again');
    assert.ok(steps > 1, 'one step did it all');
    assert.equal(run.found, 1_100);
    const planned = [...(await files.readPlan(date, 0)), ...(await files.readPlan(date, 1))];
    assert.deepEqual(
      planned.map(({ path }) => path),
      ids,
    );
  });

  test('a chunk done again repeats nothing', async () => {
    const { accept, night, model } = open();
    await accept(...smallTalk('19:again@thread.v2', 3));
    await night.plan({ night: date });
    const at = { night: date, plan: 0, chunk: 0 };
    const counts = { done: 1, failed: 0, postponed: 0, left: 0, spent: 0, tokens: none };
    assert.deepEqual(await night.summarizeChunk(at), counts);
    assert.deepEqual(await night.summarizeChunk(at), counts);
    assert.equal(model.calls, 1);
  });

  test('a chunk that runs out of time does what is left when it is called again', async () => {
    let now = Date.parse('2026-11-24T02:00:00Z');
    const clock = () => {
      now += 60_000;
      return new Date(now);
    };
    const { accept, night, model } = open({ clock, planMilliseconds: 3_600_000 });
    for (let index = 0; index < 9; index += 1) await accept(...smallTalk(`19:slow${index}@thread.v2`, 2));
    await night.plan({ night: date });
    const at = { night: date, plan: 0, chunk: 0 };
    const lefts: number[] = [];
    for (let left = 9; left > 0 && lefts.length < 20; ) {
      ({ left } = await night.summarizeChunk(at));
      lefts.push(left);
    }
    assert.ok(lefts.length > 1);
    assert.equal(lefts.at(-1), 0);
    assert.equal(model.calls, 9);
  });

  test('a chunk that meets a storage fault says so, keeps what it did, and does the rest the next time', async () => {
    const { accept, dependencies, blobs, files, digests, model } = open();
    for (const id of ['a', 'b', 'c']) await accept(...smallTalk(`19:${id}@thread.v2`, 2));
    let isDown = true;
    const broken = pathOf('19:b@thread.v2');
    const summaries = {
      ...dependencies.summaries,
      get: (path: string) =>
        isDown && path === broken
          ? Promise.reject(storageUnavailable(new Error('down')))
          : dependencies.summaries.get(path),
    };
    const night = createNight({ ...dependencies, summaries, summaryBlobs: blobs.summaries, files, digests });
    const run = await night.plan({ night: date });
    const at = { night: date, plan: 0, chunk: 0 };
    await assert.rejects(night.summarizeChunk(at), { code: 'storage_unavailable' });
    const file = await files.readChunk(date, 0, 0);
    assert.deepEqual(
      file?.outcomes.map(({ state }) => state),
      ['made', 'failed', 'made'],
    );
    isDown = false;
    assert.deepEqual(await night.summarizeChunk(at), {
      done: 3,
      failed: 0,
      postponed: 0,
      left: 0,
      spent: 0,
      tokens: none,
    });
    assert.equal(model.calls, 3);
    await night.settlePlan({ night: date, run, plan: 0 });
    assert.deepEqual(await files.readPlan(date, 0), []);
  });

  test('a digest is not written over what another run wrote', async () => {
    const { digests, runNight } = open();
    await runNight();
    const stored = await digests.get(date);
    assert.ok(stored?.digest);
    assert.equal(await digests.put(stored.digest, stored), true);
    assert.equal(await digests.put(stored.digest, stored), false);
    assert.equal(await digests.put(stored.digest, undefined), false);
  });

  test('a plan that somebody removed is no plan without conversations', async () => {
    const { accept, night, files } = open();
    await accept(...smallTalk('19:taken@thread.v2', 3));
    const run = await night.plan({ night: date });
    await files.removeAll(date);
    await assert.rejects(night.summarizeChunk({ night: date, plan: 0, chunk: 0 }), /not there any more/);
    await assert.rejects(night.settlePlan({ night: date, run, plan: 0 }), /not there any more/);
  });

  test('files of an older version, or half of one, stop no night', async () => {
    const { accept, runNight, blobs, digestBlobs } = open();
    await accept(...smallTalk('19:upgrade@thread.v2', 3));
    const contentType = 'application/json';
    await digestBlobs.write(`${date}.json`, '{"night":"2026-11-24","runs":[]}', { contentType });
    await blobs.runs.write(`${date}/run.json`, '{"id":', { contentType });
    await blobs.summaries.write('notes/by-hand/readme.txt', 'mine', { contentType });
    const { digest } = await runNight();
    assert.deepEqual([digest?.found, digest?.done], [1, 1]);
    assert.equal((await runNight()).run.found, 0);
  });

  test('a chunk of which nothing is known is named as failed, conversation by conversation', async () => {
    const { accept, night, digests } = open();
    await accept(...smallTalk('19:lost@thread.v2', 3));
    const run = await night.plan({ night: date });
    assert.deepEqual(await night.settlePlan({ night: date, run, plan: 0 }), {
      done: 0,
      failed: 1,
      postponed: 0,
      tokens: none,
    });
    const digest = (await digests.get(date))?.digest;
    assert.deepEqual(
      digest?.failed.map(({ id, code }) => [id, code]),
      [['19:lost@thread.v2', 'storage_unavailable']],
    );
  });
});

describe('a conversation summarized by two at once', () => {
  test('whoever read the older transcript neither overwrites the newer summary nor its Markdown', async () => {
    const { accept, dependencies, summaries, blobs } = open();
    const thread = '19:overtaken@thread.v2';
    const conversation = { path: pathOf(thread), segments: [] };
    const secret = {
      id: '9',
      from: 'Ada',
      text: 'The code of the warehouse door is Zebra-Quince-77.',
      second: 9,
    };
    await accept(...smallTalk(thread, 3), sent(thread, secret));
    const slow: SummaryModel = {
      ...offline,
      async summarize(...jobs) {
        const results = await offline.summarize(...jobs);
        await accept(deleted(thread, secret, 20));
        assert.equal((await summarizeConversation(conversation, dependencies)).state, 'made');
        return results;
      },
    };
    const outcome = await summarizeConversation(conversation, { ...dependencies, model: slow });
    assert.equal(outcome.state, 'fresh');
    const stored = await summaries.get(pathOf(thread));
    const texts = [JSON.stringify([stored, outcome]), await markdownOf(blobs.summaries, thread)];
    for (const text of texts) assert.doesNotMatch(text ?? '', /Zebra/);
  });

  test('has one summary, and Markdown that says the same', async () => {
    const { accept, dependencies, summaries, blobs } = open();
    const thread = '19:race@thread.v2';
    await accept(...smallTalk(thread, 5));
    const outcomes = await Promise.all(
      [1, 2, 3].map(() => summarizeConversation({ path: pathOf(thread), segments: [] }, dependencies)),
    );
    assert.deepEqual(outcomes.filter(({ state }) => state === 'made').length, 1);
    const stored = await summaries.get(pathOf(thread));
    assert.ok(stored?.summary);
    assert.equal(await markdownOf(blobs.summaries, thread), renderSummary(stored.summary));
  });

  test('a summary that cannot be read is made again', async () => {
    const { accept, dependencies, summaries, blobs } = open();
    const thread = '19:torn@thread.v2';
    await accept(...smallTalk(thread, 3));
    await blobs.summaries.write(`${pathOf(thread)}/summary.json`, '{"half":', {
      contentType: 'application/json',
    });
    assert.equal(
      (await summarizeConversation({ path: pathOf(thread), segments: [] }, dependencies)).state,
      'made',
    );
    assert.ok((await summaries.get(pathOf(thread)))?.summary);
  });
});
