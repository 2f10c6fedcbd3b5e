import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { openPeopleIndex, type PeopleIndex } from '../../src/shared/people/people-index.ts';
import type { Container } from '../../src/shared/storage/container.ts';
import type { ConversationKey, TranscriptEntry } from '../../src/shared/transcripts/entry.ts';
import { useAzurite } from '../support/azurite.ts';

const azurite = useAzurite();
const chat = { channel: 'chat', id: '19:people@thread.v2' };

/** Minutes after nine. */
function at(minute: number): string {
  return new Date(Date.UTC(2026, 10, 23, 9, minute)).toISOString();
}

function happening(kind: string, thing: string, minute: number) {
  return { id: `${kind}:${thing}:${minute}`, conversation: chat.id, version: String(minute), at: at(minute) };
}

function changed(
  change: 'added' | 'removed',
  id: string,
  minute: number,
  more: { name?: string; shareHistoryTime?: string } = {},
): TranscriptEntry {
  const { name, shareHistoryTime } = more;
  return {
    kind: 'participant',
    ...happening('participant', id, minute),
    participant: { id, ...(name === undefined ? {} : { name }) },
    change,
    ...(shareHistoryTime === undefined ? {} : { shareHistoryTime }),
  };
}

function wrote(
  id: string,
  minute: number,
  more: {
    name?: string;
    to?: string[];
    marks?: 'unverified-sender'[];
    alsoKnownAs?: string[];
    sentBy?: string;
  } = {},
): TranscriptEntry {
  const { name, to, marks, alsoKnownAs, sentBy } = more;
  return {
    kind: 'message',
    ...happening('message', `${id}-${minute}`, minute),
    messageId: `${id}-${minute}`,
    sender: { id, ...(name === undefined ? {} : { name }) },
    text: 'Good morning.',
    ...(to ? { to: to.map((each) => ({ id: each })) } : {}),
    ...(marks ? { marks } : {}),
    ...(alsoKnownAs ? { alsoKnownAs } : {}),
    ...(sentBy === undefined ? {} : { sentBy }),
  };
}

async function listed(people: PeopleIndex, identity: string) {
  return Array.fromAsync(people.list(identity));
}

async function periods(entries: TranscriptEntry[], identity = 'ada'): Promise<[string, string?][]> {
  const people = openPeopleIndex(azurite.newContainer());
  await people.note(chat, entries);
  const [found] = await listed(people, identity);
  return (found?.periods ?? []).map(({ from, until }) => (until === undefined ? [from] : [from, until]));
}

/** A container that counts what is asked of it. */
function countedContainer() {
  const inner = azurite.newContainer();
  let counts = { reads: 0, writes: 0 };
  const container: Container = {
    ...inner,
    read(...request) {
      counts.reads += 1;
      return inner.read(...request);
    },
    write(...request) {
      counts.writes += 1;
      return inner.write(...request);
    },
  };
  const spent = () => {
    const before = counts;
    counts = { reads: 0, writes: 0 };
    return before;
  };
  return { container, spent };
}

describe('when somebody takes part', () => {
  test('from being added until being removed, each time', async () => {
    assert.deepEqual(
      await periods([changed('added', 'ada', 1), changed('removed', 'ada', 5), changed('added', 'ada', 9)]),
      [[at(1), at(5)], [at(9)]],
    );
  });

  test('from where the history begins that is shared with them', async () => {
    const shared = { shareHistoryTime: at(2) };
    assert.deepEqual(await periods([changed('added', 'ada', 5, shared)]), [[at(2)]]);
    assert.deepEqual(await periods([changed('added', 'ada', 5, { shareHistoryTime: at(8) })]), [[at(5)]]);
    assert.deepEqual(
      await periods([
        changed('added', 'ada', 1),
        changed('removed', 'ada', 4),
        changed('added', 'ada', 9, shared),
      ]),
      [[at(1)]],
    );
  });

  test('from their first message, where nobody announced them', async () => {
    assert.deepEqual(await periods([wrote('ada', 7), wrote('ada', 3), wrote('ada', 9)]), [[at(3)]]);
    assert.deepEqual(await periods([wrote('ada', 3), changed('removed', 'ada', 8)]), [[at(3), at(8)]]);
  });

  test('never in a time of which nothing is known', async () => {
    assert.deepEqual(await periods([changed('removed', 'ada', 8)]), [[at(8), at(8)]]);
    assert.deepEqual(await periods([wrote('ada', 3), changed('added', 'ada', 8)]), [[at(3), at(3)], [at(8)]]);
  });

  test('a mail gives no period, to its sender and to those it names', async () => {
    const people = openPeopleIndex(azurite.newContainer());
    const mail = { channel: 'email', id: 'root@example.com' };
    await people.note(mail, [
      wrote('mailto:ada@example.com', 4, { to: ['mailto:grace@example.com'] }),
      wrote('mailto:ada@example.com', 2, { to: ['mailto:joe@example.com'] }),
    ]);
    const expected = { conversation: mail, periods: [] };
    const ada = 'mailto:ada@example.com';
    assert.deepEqual(await listed(people, ada), [{ identity: ada, ...expected, addressedFrom: at(2) }]);
    const grace = 'mailto:grace@example.com';
    assert.deepEqual(await listed(people, grace), [{ identity: grace, ...expected, addressedFrom: at(4) }]);
  });

  test('whom a message of ours has reached is found before they answer', async () => {
    const people = openPeopleIndex(azurite.newContainer());
    const report = (recipient: string, status: 'delivered' | 'failed'): TranscriptEntry => ({
      kind: 'receipt',
      ...happening('receipt', recipient, 3),
      messageId: '1',
      recipient,
      status,
    });
    await people.note(chat, [report('4:+15551230001', 'delivered'), report('4:+15551230002', 'failed')]);
    const [found] = await listed(people, '4:+15551230001');
    assert.deepEqual([found?.periods, found?.addressedFrom], [[], at(3)]);
    assert.deepEqual(await listed(people, '4:+15551230002'), []);
  });

  test('whoever is known by two identities is found by both', async () => {
    const people = openPeopleIndex(azurite.newContainer());
    await people.note(chat, [wrote('whatsapp:US.1349', 2, { alsoKnownAs: ['4:+15551230001'] })]);
    for (const identity of ['whatsapp:US.1349', '4:+15551230001']) {
      assert.deepEqual(await listed(people, identity), [
        { identity, conversation: chat, periods: [{ from: at(2) }] },
      ]);
    }
  });

  test('a sender nobody vouches for is not noted, nor whom they name', async () => {
    const people = openPeopleIndex(azurite.newContainer());
    await people.note(chat, [
      wrote('mailto:forged@example.com', 1, {
        to: ['mailto:named@example.com'],
        marks: ['unverified-sender'],
      }),
    ]);
    assert.deepEqual(await listed(people, 'mailto:forged@example.com'), []);
    assert.deepEqual(await listed(people, 'mailto:named@example.com'), []);
  });

  test('our own end takes part from the first message on, whichever way it went', async () => {
    const ours = '4:+18005550100';
    const people = openPeopleIndex(azurite.newContainer(), {
      ourEnd: ({ channel }) => (channel === 'sms' ? ours : undefined),
    });
    const sms = { channel: 'sms', id: '+18005550100:+15551230001' };
    await people.note(sms, [changed('added', '4:+15551230001', 1)]);
    assert.deepEqual(await listed(people, ours), [], 'nothing was said yet');
    await people.note(sms, [wrote('4:+15551230001', 7)]);
    await people.note(sms, [wrote(ours, 4)]);
    await people.note(chat, [wrote('ada', 1)]);
    assert.deepEqual(await listed(people, ours), [
      { identity: ours, conversation: sms, periods: [{ from: at(4) }] },
    ]);
  });

  test('who of ours had a message sent takes part as who wrote it, programs do not', async () => {
    const people = openPeopleIndex(azurite.newContainer());
    const sms = { channel: 'sms', id: '+18005550100:+15551230001' };
    const sent = (minute: number, sentBy: string, to?: string[]) =>
      wrote('4:+18005550100', minute, { to, sentBy });
    await people.note(sms, [sent(3, 'Ana'), sent(2, 'ana@example.com'), sent(1, 'api'), sent(1, 'parley')]);
    await people.note({ channel: 'email', id: 'root' }, [sent(5, 'Ana', ['mailto:joe@example.com'])]);
    const [mail, ana] = await listed(people, 'staff:Ana');
    assert.deepEqual([ana?.periods, ana?.name], [[{ from: at(3) }], 'Ana']);
    assert.deepEqual([mail?.periods, mail?.addressedFrom], [[], at(5)], 'a mail gives no period');
    assert.equal((await listed(people, 'mailto:ana@example.com')).length, 1);
    for (const program of ['staff:api', 'staff:parley']) assert.deepEqual(await listed(people, program), []);
  });

  test('a deleted thread tells when, the earliest report counting', async () => {
    const people = openPeopleIndex(azurite.newContainer());
    const deleted = (minute: number): TranscriptEntry => ({
      kind: 'thread',
      ...happening('thread', 'deleted', minute),
      change: 'deleted',
    });
    await people.note(chat, [changed('added', 'ada', 1)]);
    assert.equal(await people.deletedAt(chat), undefined);
    await people.note(chat, [deleted(7)]);
    await people.note(chat, [deleted(5)]);
    await people.note(chat, [deleted(9)]);
    assert.equal(await people.deletedAt(chat), at(5));
  });
});

describe('the index', () => {
  test('is the same for every order and any number of deliveries, in batches of any size', async () => {
    const minutes = fc.integer({ min: 0, max: 20 });
    const person = fc.constantFrom('ada', 'grace');
    const name = fc.option(fc.constantFrom('Ada', 'A. L.', 'Countess'), { nil: undefined });
    const happening = fc.oneof(
      fc
        .tuple(
          fc.constantFrom('added' as const, 'removed' as const),
          person,
          minutes,
          name,
          fc.option(minutes),
        )
        .map(([change, id, minute, called, shared]) =>
          changed(change, id, minute, {
            name: called,
            ...(shared === null ? {} : { shareHistoryTime: at(shared) }),
          }),
        ),
      fc.tuple(person, minutes, name).map(([id, minute, called]) => wrote(id, minute, { name: called })),
      fc.tuple(person, person, minutes).map(([id, to, minute]) => wrote(id, minute, { to: [to] })),
    );
    const deliveries = fc
      .array(happening, { minLength: 1, maxLength: 12 })
      .chain((entries) =>
        fc.tuple(
          fc.constant(entries),
          fc.shuffledSubarray([...entries, ...entries], { minLength: entries.length * 2 }),
          fc.integer({ min: 1, max: 5 }),
        ),
      );
    await fc.assert(
      fc.asyncProperty(deliveries, async ([entries, shuffled, size]) => {
        const once = openPeopleIndex(azurite.newContainer());
        await once.note(chat, entries);
        const blobs = azurite.newContainer();
        // Two processes with little memory take the batches in turn.
        const processes = [openPeopleIndex(blobs), openPeopleIndex(blobs, { mostRemembered: 1 })];
        for (let start = 0; start < shuffled.length; start += size) {
          await processes[start % 2]?.note(chat, shuffled.slice(start, start + size));
        }
        for (const id of ['ada', 'grace']) {
          assert.deepEqual(await listed(openPeopleIndex(blobs), id), await listed(once, id));
        }
      }),
      { numRuns: 60 },
    );
  });

  test('writes a pair once, and what it knows not at all', async () => {
    const { container, spent } = countedContainer();
    const people = openPeopleIndex(container);
    const crowd = Array.from({ length: 50 }, (_, index) => `8:acs:crowd_${index}`);
    await people.note(
      chat,
      crowd.map((id) => changed('added', id, 1, { name: 'Somebody' })),
    );
    // Each of them, their name, and its one word.
    assert.deepEqual(spent(), { reads: 0, writes: 150 });

    const messages = crowd.map((id, index) => wrote(id, 2 + index, { name: 'Somebody' }));
    await people.note(chat, [...messages, ...messages]);
    await people.note(
      chat,
      crowd.map((id) => changed('added', id, 1, { name: 'Somebody' })),
    );
    assert.deepEqual(spent(), { reads: 0, writes: 0 });

    await openPeopleIndex(container).note(chat, messages);
    assert.deepEqual(spent(), { reads: 50, writes: 0 });
    await people.note(chat, [changed('removed', crowd[0] ?? '', 90)]);
    assert.deepEqual(spent(), { reads: 1, writes: 1 });
    await people.note(chat, [wrote(crowd[1] ?? '', 91, { name: 'Somebody else' })]);
    assert.deepEqual(spent(), { reads: 1, writes: 4 });
    const other = { ...chat, id: '19:other@thread.v2' };
    await people.note(other, [wrote(crowd[1] ?? '', 91, { name: 'Somebody else' })]);
    assert.deepEqual(spent(), { reads: 1, writes: 1 }, 'a name is written once by a process');
    await people.note(chat, [wrote('8:acs:unannounced', 92)]);
    await people.note(chat, [wrote('8:acs:unannounced', 93)]);
    assert.deepEqual(spent(), { reads: 1, writes: 1 });
  });

  test('forgets from memory what was longest unused, and nothing from storage', async () => {
    const { container, spent } = countedContainer();
    const people = openPeopleIndex(container, { mostRemembered: 2 });
    await people.note(chat, [wrote('one', 1)]);
    await people.note(chat, [wrote('two', 1)]);
    await people.note(chat, [wrote('one', 2)]);
    await people.note(chat, [wrote('three', 1)]);
    spent();
    await people.note(chat, [wrote('one', 3)]);
    assert.deepEqual(spent(), { reads: 0, writes: 0 });
    await people.note(chat, [wrote('two', 3)]);
    assert.deepEqual(spent(), { reads: 1, writes: 0 });
  });

  test('is whole after many processes noted the same person at once', async () => {
    const blobs = azurite.newContainer();
    await Promise.all(
      Array.from({ length: 8 }, (_, index) =>
        openPeopleIndex(blobs).note(chat, [changed(index % 2 === 0 ? 'added' : 'removed', 'ada', index)]),
      ),
    );
    const [found] = await listed(openPeopleIndex(blobs), 'ada');
    assert.deepEqual(
      found?.periods,
      [0, 2, 4, 6].map((minute) => ({ from: at(minute), until: at(minute + 1) })),
    );
  });

  test('what broke off is noted when it is repeated', async () => {
    const people = openPeopleIndex(azurite.newContainer());
    const entries = [changed('added', 'ada', 1), wrote('grace', 2)];
    await assert.rejects(people.note(chat, entries, { signal: AbortSignal.abort() }));
    await people.note(chat, entries);
    assert.equal((await listed(people, 'ada')).length, 1);
    assert.equal((await listed(people, 'grace')).length, 1);
  });

  test('names and ids of any characters and length come back as they were', async () => {
    const texts = fc
      .string({ unit: 'binary', minLength: 1, maxLength: 120 })
      .map((text) => text.toWellFormed());
    await fc.assert(
      fc.asyncProperty(texts, texts, texts, fc.boolean(), async (identity, id, name, isLong) => {
        const people = openPeopleIndex(azurite.newContainer());
        const conversation: ConversationKey = { channel: 'chat', id: isLong ? id.repeat(40) : id };
        const who = isLong ? identity.repeat(40) : identity;
        await people.note(conversation, [changed('added', who, 1, { name })]);
        assert.deepEqual(await listed(people, who), [
          { identity: who, conversation, periods: [{ from: at(1) }], name },
        ]);
      }),
      { numRuns: 60, examples: [['8:acs:x', '19:x', '\u{1F469}\u200d\u{1F680}\u0000\u202e\n', true]] },
    );
  });

  test('somebody who came and went a thousand times is listed with every period', async () => {
    const people = openPeopleIndex(azurite.newContainer());
    const entries = Array.from({ length: 2_000 }, (_, index) =>
      changed(index % 2 === 0 ? 'added' : 'removed', 'ada', index),
    );
    await people.note(chat, entries);
    await people.note({ ...chat, id: '19:other@thread.v2' }, [changed('added', 'ada', 1)]);
    const found = await listed(people, 'ada');
    assert.deepEqual(found.map((each) => each.periods.length).sort(), [1, 1_000]);
  });

  test('whoever takes many names does not grow what is kept of them', async () => {
    const blobs = azurite.newContainer();
    const people = openPeopleIndex(blobs);
    await people.note(
      chat,
      Array.from({ length: 500 }, (_, index) => wrote('ada', index, { name: `Name ${index}` })),
    );
    const [found] = await listed(people, 'ada');
    assert.equal(found?.name, 'Name 19');
    for await (const { blobs: page } of blobs.pages()) {
      for (const { properties } of page) assert.ok((properties.contentLength ?? 0) < 3_000);
    }
  });

  test('a name in half a character or of a thousand does no harm', async () => {
    const people = openPeopleIndex(azurite.newContainer());
    await people.note(chat, [changed('added', 'ada', 1, { name: '\ud83d' })]);
    assert.equal((await listed(people, 'ada'))[0]?.name, '\ufffd');
    await people.note(chat, [changed('added', 'grace', 1, { name: '\u{1F642}'.repeat(1_000) })]);
    assert.equal((await listed(people, 'grace'))[0]?.name, '\u{1F642}'.repeat(100));
  });
});
