import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import type { Channel } from '../../src/shared/channels/channel.ts';
import { chat } from '../../src/shared/channels/chat/read-chat-event.ts';
import { acceptEvents } from '../../src/shared/events/accept-events.ts';
import { openDeadLetters } from '../../src/shared/events/dead-letters.ts';
import { createResumeMemory } from '../../src/shared/events/resume-memory.ts';
import { conversationPath } from '../../src/shared/transcripts/conversation-path.ts';
import { openTranscripts } from '../../src/shared/transcripts/store.ts';
import { useAzurite } from '../support/azurite.ts';
import { chatEvent, deleted, sent, smallTalk } from '../support/chat-events.ts';
import { nothingBuried } from '../support/tombstones.ts';

const azurite = useAzurite();
const people = { note: async () => {} };

function open() {
  const transcripts = openTranscripts(azurite.newContainer(), { segmentBytes: 64 * 1024 ** 2 });
  const deadLetters = openDeadLetters(azurite.newContainer(), {
    clock: () => new Date('2026-11-24T10:00:00Z'),
  });
  const memory = createResumeMemory({ clock: () => new Date('2026-11-24T02:00:00Z') });
  const accept = (events: readonly unknown[], options?: { signal?: AbortSignal; channels?: Channel[] }) =>
    acceptEvents(
      events,
      {
        channels: options?.channels ?? [chat],
        transcripts,
        deadLetters,
        memory,
        people,
        tombstones: nothingBuried,
      },
      options,
    );
  const read = async (thread: string) =>
    (await transcripts.read(conversationPath({ channel: 'chat', id: thread })))?.conversation;
  return { accept, read, transcripts, deadLetters };
}

describe('a batch of events', () => {
  test('is stored conversation by conversation, and what it carries twice is written once', async () => {
    const { accept, read, transcripts } = open();
    const one = smallTalk('19:one@thread.v2', 5);
    const two = smallTalk('19:two@thread.v2', 3);
    const result = await accept([...one, ...two, ...one]);
    assert.deepEqual(result, { received: 13, stored: 13, deadLettered: 0, ignored: {} });
    assert.equal((await read('19:one@thread.v2'))?.messages.length, 5);
    const transcript = await transcripts.read(conversationPath({ channel: 'chat', id: '19:one@thread.v2' }));
    const alone = open();
    await alone.accept(one);
    const once = await alone.transcripts.read(conversationPath({ channel: 'chat', id: '19:one@thread.v2' }));
    assert.equal(transcript?.length, once?.length);
  });

  test('is not held up by a conversation whose id cannot be written', async () => {
    const { accept, deadLetters } = open();
    const careless: Channel = {
      name: 'careless',
      read: ({ type }) => ({ conversation: { channel: 'careless', id: type }, entries: [] }),
    };
    const event = (eventType: string) => ({ eventType, data: {} });
    const { stored, deadLettered } = await accept([event('half \ud800'), event('whole')], {
      channels: [careless],
    });
    assert.deepEqual([stored, deadLettered], [1, 1]);
    assert.match((await deadLetters.page({ limit: 1 })).deadLetters[0]?.reason ?? '', /well-formed/);
  });

  test('keeps the good events beside bad ones, each bad one once, with its reason', async () => {
    const { accept, read, deadLetters } = open();
    const bad = chatEvent('ChatMessageReceivedInThread', '19:bad@thread.v2', { messageId: 7.5 });
    const batch = [...smallTalk('19:good@thread.v2', 2), bad, 'nonsense', null, bad];
    const result = await accept(batch);
    assert.deepEqual([result.stored, result.deadLettered], [2, 4]);
    await accept(batch);
    const { deadLetters: letters } = await deadLetters.page({ limit: 10 });
    assert.equal(letters.length, 3);
    assert.equal((await read('19:good@thread.v2'))?.messages.length, 2);
    const found = await Promise.all(letters.map(({ name }) => deadLetters.get(name)));
    assert.deepEqual(
      found.find((letter) => letter?.reason.includes('messageId'))?.original,
      JSON.parse(JSON.stringify(bad)),
    );
  });

  test('counts the types it has no use for', async () => {
    const { accept } = open();
    const typing = chatEvent('ChatTypingIndicatorReceivedInThread', '19:t@thread.v2', {});
    assert.deepEqual((await accept([typing, typing])).ignored, {
      'Microsoft.Communication.ChatTypingIndicatorReceivedInThread': 2,
    });
  });

  test('that storage does not take in time is refused as a whole, to be sent again', async () => {
    const { accept, read } = open();
    await assert.rejects(accept(smallTalk('19:late@thread.v2', 1), { signal: AbortSignal.abort() }), {
      code: 'storage_unavailable',
      status: 503,
    });
    await accept(smallTalk('19:late@thread.v2', 1));
    assert.equal((await read('19:late@thread.v2'))?.messages.length, 1);
  });

  test('a fault of ours is not passed off as one of storage', async () => {
    const { deadLetters } = open();
    const transcripts = { append: () => Promise.reject(new TypeError('ours')) };
    const memory = createResumeMemory({ clock: () => new Date() });
    const events = smallTalk('19:ours@thread.v2', 1);
    await assert.rejects(
      acceptEvents(events, {
        channels: [chat],
        transcripts,
        deadLetters,
        memory,
        people,
        tombstones: nothingBuried,
      }),
      TypeError,
    );
  });

  test('over more conversations than one deadline allows goes on where it broke off, and ends', async () => {
    const { accept, read } = open();
    const batch = Array.from({ length: 600 }, (_, index) => smallTalk(`19:wide${index}@thread.v2`, 1)).flat();
    let tries = 0;
    for (let isDone = false; !isDone; tries += 1) {
      assert.ok(tries < 200, 'never ends');
      const signal = AbortSignal.timeout(300);
      isDone = await accept(batch, { signal }).then(
        () => true,
        () => false,
      );
    }
    assert.ok(tries > 1, 'the deadline was never missed');
    for (const index of [0, 299, 599])
      assert.equal((await read(`19:wide${index}@thread.v2`))?.messages.length, 1);
  });

  test('nested a hundred thousand deep is no reason to fail', async () => {
    const { accept } = open();
    const deep: unknown = JSON.parse(`${'['.repeat(100_000)}${']'.repeat(100_000)}`);
    assert.equal((await accept([deep, { eventType: 'x', data: deep }])).deadLettered, 1);
  });

  test('a thousand events, each delivered one to five times in any order, sixteen batches at once, come out once', async () => {
    const { accept, read } = open();
    const threads = Array.from({ length: 10 }, (_, index) => `19:crowd${index}@thread.v2`);
    const events = threads.flatMap((thread) => smallTalk(thread, 100));
    const [deliveries] = fc.sample(
      fc
        .array(fc.integer({ min: 1, max: 5 }), { minLength: events.length, maxLength: events.length })
        .chain((times) => {
          const repeated = events.flatMap((event, index) =>
            Array.from({ length: times[index] ?? 1 }, () => event),
          );
          return fc.shuffledSubarray(repeated, { minLength: repeated.length, maxLength: repeated.length });
        }),
      { numRuns: 1, seed: 20261123 },
    );
    const batches = Array.from(
      { length: 64 },
      (_, batch) => deliveries?.filter((_, index) => index % 64 === batch) ?? [],
    );
    const lanes = Array.from({ length: 16 }, async (_, lane) => {
      for (const batch of batches.filter((_, index) => index % 16 === lane)) await accept(batch);
    });
    await Promise.all(lanes);
    for (const thread of threads) {
      const messages = (await read(thread))?.messages ?? [];
      assert.equal(messages.length, 100);
      assert.deepEqual(
        messages.map(({ id }) => id),
        smallTalk(thread, 100).map(({ data }) => data.messageId),
      );
    }
  });

  test('ten thousand mutated events neither crash nor cost a good event', async () => {
    const { accept, read, transcripts } = open();
    const good = smallTalk('19:steady@thread.v2', 1_000);
    const seeds = [
      sent('19:mutant@thread.v2', { id: '1', from: 'Ada', text: 'Hi', second: 1 }),
      deleted('19:mutant@thread.v2', { id: '1', from: 'Ada', second: 1 }, 3),
      chatEvent('ChatThreadCreated', '19:mutant@thread.v2', {
        version: 1,
        participants: [{ displayName: 'x' }],
        properties: { topic: 'T' },
      }),
    ];
    const html = sent('19:mutant@thread.v2', {
      id: '2',
      from: 'Ada',
      text: '<table><tr><td colspan="2">x</td></tr></table><ol type="i" start="2"><li>y</ol><p>&#x1F642;',
      second: 2,
      type: 'Html',
    });
    seeds.push(html);
    const mutants = fc.sample(fc.constantFrom(...seeds).chain(mutate), { numRuns: 10_000, seed: 42 });
    for (let start = 0; start < mutants.length; start += 1_000) {
      const batch = mutants.slice(start, start + 1_000);
      const steady = good.slice(start / 10, start / 10 + 100);
      const { received, stored, deadLettered, ignored } = await accept([...batch, ...steady]);
      const others = Object.values(ignored).reduce((sum, count) => sum + count, 0);
      assert.equal(stored + deadLettered + others, received);
    }
    assert.equal((await read('19:steady@thread.v2'))?.messages.length, 1_000);
    for await (const { path } of transcripts.list()) assert.ok(await transcripts.read(path));
  });
});

/** Replaces, removes or adds one value somewhere in an event, three times. */
function mutate(event: unknown): fc.Arbitrary<unknown> {
  const value = fc.oneof(
    fc.jsonValue({ maxDepth: 2 }),
    fc.constantFrom(
      null,
      '',
      'x'.repeat(40_000),
      -1,
      1e300,
      '\ud800',
      '__proto__',
      [],
      {},
      '0000-01-01T00:00:00Z',
      '<table><tr><td colspan="100000000" rowspan="99999999">x',
      '<ol type="i" start="900000000"><li>x',
      '9'.repeat(50),
    ),
  );
  return fc
    .array(fc.tuple(fc.nat(), value, fc.constantFrom('replace', 'remove', 'add')), {
      minLength: 1,
      maxLength: 3,
    })
    .map((changes) =>
      changes.reduce<unknown>((current, [at, to, how]) => change(current, at, to, how), event),
    );
}

function change(value: unknown, at: number, to: unknown, how: string): unknown {
  if (typeof value !== 'object' || value === null) return to;
  const keys = Object.keys(value);
  const key = keys[at % Math.max(1, keys.length)];
  if (key === undefined || how === 'add') return { ...value, [String(at)]: to };
  const copy: Record<string, unknown> = { ...value };
  if (how === 'remove') delete copy[key];
  else copy[key] = at % 3 === 0 ? to : change(copy[key], Math.floor(at / 7), to, how);
  return Array.isArray(value) ? Object.values(copy) : copy;
}
