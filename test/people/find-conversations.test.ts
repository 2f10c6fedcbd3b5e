import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { HttpRequest } from '@azure/functions';
import { openDirectory } from '../../src/shared/people/open-directory.ts';
import { openPeopleIndex } from '../../src/shared/people/people-index.ts';
import { rebuildPeople } from '../../src/shared/people/rebuild.ts';
import { serveConversationsWith } from '../../src/shared/people/serve-conversations-with.ts';
import type { ConversationKey, TranscriptEntry } from '../../src/shared/transcripts/entry.ts';
import { openTranscripts } from '../../src/shared/transcripts/store.ts';
import { useAzurite } from '../support/azurite.ts';

const azurite = useAzurite();
const joe = '4:+15551230001';

interface Found extends ConversationKey {
  lastChangedAt: string;
  from: string;
  until?: string;
  name?: string;
}

function entry(key: ConversationKey, number: number, sender = { id: joe, name: 'Joe' }): TranscriptEntry {
  const at = new Date(Date.UTC(2026, 10, 23, 9, number)).toISOString();
  return {
    kind: 'message',
    id: `message:${number}:${number}`,
    conversation: key.id,
    version: String(number),
    at,
    messageId: String(number),
    sender,
    text: 'Good morning.',
  };
}

function left(key: ConversationKey, at: string): TranscriptEntry {
  const id = 'participant:joe:99';
  return {
    kind: 'participant',
    id,
    conversation: key.id,
    version: '99',
    at,
    participant: { id: joe },
    change: 'removed',
  };
}

function open() {
  const transcripts = openTranscripts(azurite.newContainer(), { segmentBytes: 64 * 1024 ** 2 });
  const people = openPeopleIndex(azurite.newContainer());
  const add = async (key: ConversationKey, ...entries: TranscriptEntry[]) => {
    await transcripts.append(key, entries);
    await people.note(key, entries);
  };
  const directory = openDirectory(azurite.newContainer());
  const serve = serveConversationsWith({ people, transcripts, directory }, async () => ({ jsonBody: 'all' }));
  const get = async (url: string): Promise<{ conversations: Found[]; nextLink?: string }> =>
    (await serve(new HttpRequest({ method: 'GET', url }))).jsonBody;
  const find = (query = '') => get(`http://localhost/api/conversations?with=%2B15551230001${query}`);
  return { transcripts, people, directory, add, find, get, serve };
}

function thread(number: number): ConversationKey {
  return { channel: 'chat', id: `19:${number}@thread.v2` };
}

function ids({ conversations }: { conversations: Found[] }): string[] {
  return conversations.map(({ id }) => id);
}

/** Storage tells times in seconds. */
const nextSecond = () => wait(1_100 - (Date.now() % 1_000));

describe('the conversations of a person', () => {
  test('come newest first over all channels, with what the index knows', async () => {
    const { add, find } = open();
    const sms = { channel: 'sms', id: '+18005550100:+15551230001' };
    await add(thread(1), entry(thread(1), 5), left(thread(1), '2026-11-23T09:30:00.000Z'));
    await nextSecond();
    await add(sms, entry(sms, 3));
    await add(thread(2), entry(thread(2), 1, { id: '8:acs:ada', name: 'Ada' }));
    const { conversations, nextLink } = await find();
    assert.equal(nextLink, undefined);
    assert.deepEqual(
      conversations.map(({ lastChangedAt: _, ...found }) => found),
      [
        { ...sms, from: '2026-11-23T09:03:00.000Z', name: 'Joe' },
        { ...thread(1), from: '2026-11-23T09:05:00.000Z', until: '2026-11-23T09:30:00.000Z', name: 'Joe' },
      ],
    );
    assert.ok((conversations[0]?.lastChangedAt ?? '') > (conversations[1]?.lastChangedAt ?? '9'));
    assert.deepEqual(ids(await find('&channel=sms')), [sms.id]);
    assert.deepEqual(ids(await find('&channel=email')), []);
  });

  test('of a deleted thread ends with it', async () => {
    const { add, find } = open();
    const id = 'thread:deleted:9';
    const at = '2026-11-23T10:00:00.000Z';
    const key = thread(1);
    await add(key, entry(key, 1), {
      kind: 'thread',
      id,
      conversation: key.id,
      version: '9',
      at,
      change: 'deleted',
    });
    assert.equal((await find()).conversations[0]?.until, at);
    assert.deepEqual(ids(await find('&since=2026-11-23T10:00:00Z')), [key.id]);
    assert.deepEqual(ids(await find('&since=2026-11-23T10:00:01Z')), []);
  });

  test('are those with activity in the period, its ends included', async () => {
    const { add, find } = open();
    const key = thread(1);
    await add(key, entry(key, 5), left(key, '2026-11-23T09:30:00.000Z'));
    const isFound = async (query: string) => ids(await find(query)).length === 1;
    assert.ok(await isFound('&since=2026-11-23'));
    assert.ok(await isFound('&until=2026-11-23'));
    assert.ok(await isFound('&since=2026-11-23&until=2026-11-23'));
    assert.ok(await isFound('&since=2026-11-23T09:30:00Z'));
    assert.ok(!(await isFound('&since=2026-11-23T09:30:00.001Z')));
    assert.ok(await isFound('&until=2026-11-23T09:05:00.000Z'));
    assert.ok(!(await isFound('&until=2026-11-23T09:04:59.999Z')));
    assert.ok(await isFound('&until=2026-11-23T10:05:00%2B01:00'));
    assert.ok(!(await isFound('&until=2026-11-22')));
    assert.ok(!(await isFound('&since=2099-01-01')));
  });

  test('that changed last just now are within a period that begins in the same second', async () => {
    const { add, find } = open();
    const key = thread(1);
    await add(key, entry(key, 5));
    const { lastChangedAt = '' } = (await find()).conversations[0] ?? {};
    assert.deepEqual(ids(await find(`&since=${lastChangedAt.replace('.000Z', '.999Z')}`)), [key.id]);
  });

  test('page by page each come once while nothing changes', async () => {
    const { add, find, get } = open();
    for (let number = 0; number < 7; number += 1) await add(thread(number), entry(thread(number), 1));
    const seen: string[] = [];
    let page = await find('&limit=3');
    for (;;) {
      seen.push(...ids(page));
      if (page.nextLink === undefined) break;
      page = await get(page.nextLink);
    }
    assert.equal(seen.length, 7);
    assert.equal(new Set(seen).size, 7);
  });

  for (const pace of ['within one second', 'over seconds'] as const) {
    test(`are all there page by page while messages arrive ${pace}`, async () => {
      const { add, find, get } = open();
      for (let number = 0; number < 9; number += 1) await add(thread(number), entry(thread(number), 1));
      const seen: string[] = [];
      let page = await find('&limit=2');
      for (let turn = 0; turn < 30; turn += 1) {
        seen.push(...ids(page));
        if (page.nextLink === undefined) break;
        if (turn < 4) {
          if (pace === 'over seconds') await nextSecond();
          const number = 8 - turn;
          await add(thread(number), entry(thread(number), 2 + turn));
          await add(thread(100 + turn), entry(thread(100 + turn), 1));
        }
        page = await get(page.nextLink);
      }
      assert.equal(page.nextLink, undefined, 'the walk ends once nothing changes any more');
      const expected = [0, 1, 2, 3, 4, 5, 6, 7, 8, 100, 101, 102, 103].map((number) => thread(number).id);
      assert.deepEqual([...new Set(seen)].sort(), expected.sort());
    });
  }

  test('whose transcript was erased is not listed', async () => {
    const { people, find } = open();
    await people.note(thread(1), [entry(thread(1), 1)]);
    assert.deepEqual(ids(await find()), []);
  });

  test('a thousand, and then some, are listed whole', async (context) => {
    const { add, find, people, transcripts, directory } = open();
    const numbers = Array.from({ length: 1_020 }, (_, number) => number);
    for (let start = 0; start < numbers.length; start += 60) {
      await Promise.all(
        numbers.slice(start, start + 60).map((number) => add(thread(number), entry(thread(number), 1))),
      );
    }
    const listedAtOnce = performance.now();
    const { conversations } = await find('&limit=1000');
    context.diagnostic(`1,020 by one listing of all: ${Math.round(performance.now() - listedAtOnce)} ms`);
    assert.equal(conversations.length, 1_000);
    const some = { list: () => takeSome(people.list(joe), 1_000), deletedAt: people.deletedAt };
    const serve = serveConversationsWith({ people: some, transcripts, directory }, async () => ({}));
    const url = 'http://localhost/api/conversations?with=%2B15551230001&limit=100';
    const listedEach = performance.now();
    const answer = (await serve(new HttpRequest({ method: 'GET', url }))).jsonBody;
    context.diagnostic(`1,000 by a listing each: ${Math.round(performance.now() - listedEach)} ms`);
    assert.equal(answer.conversations.length, 100);
  });

  test('are refused with help where the request is wrong', async () => {
    const { get } = open();
    const refused: [string, RegExp][] = [
      ['with=joe', /with must name a person/],
      ['with=', /with must name a person/],
      ['with=a@example.com&since=yesterday', /since must be a date/],
      ['with=a@example.com&until=2026-02-30', /until must be a date/],
      ['with=a@example.com&since=2026-02-02&until=2026-02-01', /since must not be later/],
      ['since=2026-02-02', /need with/],
      ['with=a@example.com&channel=Chat', /channel must be/],
      ['with=a@example.com&limit=0', /limit must be/],
      ['with=a@example.com&cursor=nonsense', /cursor is not/],
    ];
    for (const [query, message] of refused) {
      await assert.rejects(get(`http://localhost/api/conversations?${query}`), { status: 400, message });
    }
    assert.equal(await get('http://localhost/api/conversations'), 'all');
  });
});

describe('a rebuild', () => {
  test('notes the people of transcripts that were there before, goes on where it stopped, and repeats without harm', async () => {
    const { transcripts, people, find } = open();
    for (let number = 0; number < 25; number += 1) {
      const key = { channel: 'chat', id: number === 7 ? `${'🕊'.repeat(300)}7` : `${number}` };
      await transcripts.append(key, [entry(key, 2), entry(key, 1), left(key, '2026-11-23T09:30:00.000Z')]);
    }
    assert.deepEqual(ids(await find()), []);
    const rebuild = rebuildPeople({ transcripts, people, clock: () => new Date() }, { milliseconds: 0 });
    for (let time = 0; time < 2; time += 1) {
      const counts: number[] = [];
      let url: string | undefined = 'http://localhost/api/people/rebuild';
      while (url !== undefined) {
        const answer: { conversations: number; nextLink?: string } = (
          await rebuild(new HttpRequest({ method: 'POST', url }))
        ).jsonBody;
        counts.push(answer.conversations);
        url = answer.nextLink;
      }
      assert.deepEqual(counts, [10, 10, 5]);
    }
    const { conversations } = await find();
    assert.equal(conversations.length, 25);
    assert.ok(conversations.every(({ from }) => from === '2026-11-23T09:01:00.000Z'));
    assert.ok(conversations.some(({ id }) => id === `${'🕊'.repeat(300)}7`));
  });
});

async function* takeSome<Item>(items: AsyncIterable<Item>, count: number): AsyncGenerator<Item> {
  let taken = 0;
  for await (const item of items) {
    if (taken === count) return;
    taken += 1;
    yield item;
  }
}
