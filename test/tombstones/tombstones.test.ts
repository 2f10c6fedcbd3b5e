import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import fc from 'fast-check';
import { isStorageFault } from '../../src/shared/storage/storage-errors.ts';
import type { TranscriptEntry } from '../../src/shared/transcripts/entry.ts';
import { useAzurite } from '../support/azurite.ts';
import { fakeSecret, openAsProcess } from '../support/tombstones.ts';
import { countedContainer, failingContainer } from './containers.ts';
import { about, ada, at, doneBy, edit, everyKind, joe, message, thread, topic } from './entries.ts';

const azurite = useAzurite();
const open = (options?: Parameters<typeof openAsProcess>[1]) =>
  openAsProcess(azurite.newContainer(), options);
const elsewhere = { channel: 'chat', id: '19:elsewhere@thread.v2' };

describe('of a buried identity', () => {
  test('nothing they did until then is kept, in any conversation, and everything of others is', async () => {
    const tombstones = open();
    await tombstones.buryIdentities([ada], at(30));
    for (const entry of doneBy(ada, 30)) {
      assert.deepEqual(await tombstones.admit(thread, [entry]), [], entry.kind);
      assert.deepEqual(await tombstones.admit(elsewhere, [entry]), [], entry.kind);
    }
    const others = [...doneBy(joe, 10), ...about('m', 10), topic(10)];
    assert.deepEqual(await tombstones.admit(thread, [...doneBy(ada, 29), ...others]), others);
    assert.equal(await tombstones.admits({ identities: [joe, ada], at: at(30) }), false);
    assert.equal(await tombstones.admits({ identities: [joe], at: at(30) }), true);
  });

  test('what they do after that is kept: people may come back', async () => {
    const tombstones = open();
    await tombstones.buryIdentities([ada], at(30));
    const later = doneBy(ada, 31);
    assert.deepEqual(await tombstones.admit(thread, later), later);
    assert.equal(await tombstones.admits({ identities: [ada], at: at(31) }), true);
  });

  test('an edit made later, of a message from before, is not kept; of one from after, it is', async () => {
    const tombstones = open();
    await tombstones.buryIdentities([ada], at(30));
    const kept = edit(ada, 50, 31);
    assert.deepEqual(await tombstones.admit(thread, [edit(ada, 50, 20), kept]), [kept]);
  });

  test('it is the same one, however it is written', async () => {
    const tombstones = open();
    await tombstones.buryIdentities(['4:+15551230001', 'mailto:joe@example.com'], at(30));
    const names = ['4:15551230001', 'tel:+1 555 123 0001', 'MAILTO:Joe@Example.com', 'whatsapp:+15551230001'];
    for (const name of names) {
      assert.deepEqual(await tombstones.admit(thread, [message(name, { minute: 1 })]), [], name);
    }
  });

  test('a time to the second, without milliseconds, or one that is none, is no way around', async () => {
    const tombstones = open();
    await tombstones.buryIdentities([ada], '2026-11-23T09:30:00.500Z');
    const times = ['2026-11-23T09:30:00Z', '2026-11-23T09:30:00.5004Z', 'half past nine'];
    for (const time of times) assert.equal(await tombstones.admits({ identities: [ada], at: time }), false);
    assert.equal(await tombstones.admits({ identities: [ada], at: '2026-11-23T09:30:01Z' }), true);
    await assert.rejects(tombstones.buryIdentities([joe], 'half past nine'), RangeError);
  });
});

describe('of a buried conversation', () => {
  test('no entry of any kind from before is kept, of whoever; later ones and other conversations are', async () => {
    const tombstones = open();
    await tombstones.buryConversation(thread, at(30));
    for (const entry of everyKind(30))
      assert.deepEqual(await tombstones.admit(thread, [entry]), [], entry.kind);
    const later = everyKind(31);
    assert.deepEqual(await tombstones.admit(thread, later), later);
    assert.deepEqual(await tombstones.admit(elsewhere, everyKind(1)), everyKind(1));
    assert.deepEqual(await tombstones.admit({ ...thread, channel: 'sms' }, everyKind(1)), everyKind(1));
    assert.equal(await tombstones.admits({ conversation: thread, at: at(30) }), false);
    assert.equal(await tombstones.admits({ conversation: elsewhere, at: at(30) }), true);
  });

  test('buried entries are not kept under any time; all others are, of the same message too', async () => {
    const tombstones = open();
    const first = message(joe, { minute: 1 });
    await tombstones.buryEntries(thread, [first.id]);
    const [same, next] = [{ ...first, at: at(900), composedAt: at(900) }, message(joe, { minute: 2 })];
    assert.deepEqual(await tombstones.admit(thread, [same, next]), [next]);
    assert.deepEqual(await tombstones.admit(elsewhere, [same]), [same]);
    const attachments = about(first.messageId, 5);
    assert.deepEqual(await tombstones.admit(thread, attachments), attachments);
  });

  test('nothing that belongs to a buried message is kept, however late it happens', async () => {
    const tombstones = open();
    await tombstones.buryMessages(thread, ['m1', 'm2']);
    for (const entry of [...about('m1', 900), message(joe, { minute: 900, messageId: 'm2' })]) {
      assert.deepEqual(await tombstones.admit(thread, [entry]), [], entry.kind);
    }
    assert.deepEqual(await tombstones.admit(thread, about('m3', 1)), about('m3', 1));
    assert.deepEqual(await tombstones.admit(elsewhere, about('m1', 1)), about('m1', 1));
  });
});

describe('burying', () => {
  test('in any order, any number of times, in any of several processes, comes to the latest time and to all entries', async () => {
    const entries = Array.from({ length: 12 }, (_, minute) =>
      message(minute % 2 ? ada : joe, { minute: minute * 5 }),
    );
    const burial = fc.oneof(
      fc.record({
        what: fc.constant('identity' as const),
        of: fc.constantFrom(ada, joe),
        minute: fc.nat(60),
      }),
      fc.record({ what: fc.constant('conversation' as const), of: fc.constant(''), minute: fc.nat(25) }),
      fc.record({
        what: fc.constant('entry' as const),
        of: fc.constantFrom(...entries.map(({ id }) => id)),
        minute: fc.constant(0),
      }),
    );
    const step = fc.record({ process: fc.nat(2), burial: fc.option(burial) });
    await fc.assert(
      fc.asyncProperty(
        fc.array(step, { minLength: 3, maxLength: 12 }),
        fc.boolean(),
        async (steps, isAtOnce) => {
          const container = azurite.newContainer();
          let now = Date.now();
          const processes = [0, 1, 2].map(() => openAsProcess(container, { clock: () => new Date(now) }));
          const buried: NonNullable<(typeof steps)[number]['burial']>[] = [];
          const take = async ({ process, burial }: (typeof steps)[number]): Promise<void> => {
            const tombstones = processes[process];
            assert.ok(tombstones);
            if (!burial) {
              // Whatever is known by now: nothing that was never buried is dropped.
              const kept = await tombstones.admit(thread, entries);
              for (const entry of entries)
                assert.ok(
                  kept.includes(entry) ||
                    isBuried(
                      entry,
                      steps.map((each) => each.burial),
                    ),
                );
              return;
            }
            if (burial.what === 'identity') await tombstones.buryIdentities([burial.of], at(burial.minute));
            if (burial.what === 'conversation') await tombstones.buryConversation(thread, at(burial.minute));
            if (burial.what === 'entry') await tombstones.buryEntries(thread, [burial.of]);
            buried.push(burial);
            const kept = await tombstones.admit(thread, entries);
            for (const entry of entries)
              if (isBuried(entry, [burial])) assert.ok(!kept.includes(entry), 'kept what it buried');
          };
          if (isAtOnce) await Promise.all(steps.map(take));
          else for (const each of steps) await take(each);
          now += 1_000;
          const expected = entries.filter((entry) => !isBuried(entry, buried));
          for (const tombstones of [...processes, openAsProcess(container)]) {
            assert.deepEqual(await tombstones.admit(thread, entries), expected);
          }
        },
      ),
      { numRuns: 60 },
    );
  });

  test('again with an earlier time lowers nothing', async () => {
    const tombstones = open();
    await tombstones.buryIdentities([ada], at(30));
    await tombstones.buryConversation(thread, at(30));
    await tombstones.buryIdentities([ada], at(10));
    await tombstones.buryConversation(thread, at(10));
    await tombstones.buryEntries(thread, ['message:x:1']);
    assert.deepEqual(await tombstones.admit(thread, doneBy(ada, 20)), []);
    assert.deepEqual(await tombstones.admit(elsewhere, doneBy(ada, 20)), []);
    assert.deepEqual(await tombstones.admit(thread, [topic(20)]), []);
  });

  test('two hundred entries and conversations by sixteen at once loses none', async () => {
    const container = azurite.newContainer();
    const ids = Array.from({ length: 200 }, (_, index) => `message:${index}:1`);
    const lanes = Array.from({ length: 16 }, async (_, lane) => {
      const tombstones = openAsProcess(container);
      await tombstones.buryEntries(
        thread,
        ids.filter((__, index) => index % 16 === lane),
      );
    });
    await Promise.all(lanes);
    const entries = ids.map((id) => ({ ...message(joe, { minute: 1 }), id }));
    assert.deepEqual(await openAsProcess(container).admit(thread, entries), []);
  });

  test('is known to another process within the time that an erasure waits', async () => {
    const container = azurite.newContainer();
    const [eraser, other] = [
      openAsProcess(container, { settleSeconds: 2 }),
      openAsProcess(container, { settleSeconds: 2 }),
    ];
    const entries = doneBy(ada, 1);
    assert.equal((await other.admit(thread, entries)).length, entries.length);
    await eraser.buryIdentities([ada], at(30));
    assert.deepEqual(await eraser.admit(thread, entries), [], 'the one that buried knows at once');
    await wait(2_000);
    assert.deepEqual(await other.admit(thread, entries), []);
  });

  test('that broke off before it was announced is announced by the next try', async () => {
    const container = azurite.newContainer();
    const other = openAsProcess(container);
    assert.equal(await other.isEmpty(), true);
    const broken = openAsProcess(failingContainer(container, { write: (name) => name === 'generation' }));
    await assert.rejects(broken.buryIdentities([ada], at(30)), isStorageFault);
    await openAsProcess(container).buryIdentities([ada], at(30));
    await wait(600);
    assert.deepEqual(await other.admit(thread, doneBy(ada, 1)), []);
  });
});

describe('the secret', () => {
  test('may be changed, the former one being looked for behind the new one', async () => {
    const container = azurite.newContainer();
    const before = openAsProcess(container);
    await before.buryIdentities([ada], at(30));
    await before.buryConversation(elsewhere, at(30));
    await before.buryEntries(thread, [message(joe, { minute: 3 }).id]);
    const after = openAsProcess(container, { secrets: ['fake-secret-of-a-test-2', fakeSecret] });
    const entries = [...doneBy(ada, 1), message(joe, { minute: 3 }), message(joe, { minute: 4 })];
    assert.deepEqual(await after.admit(thread, entries), [message(joe, { minute: 4 })]);
    assert.deepEqual(await after.admit(elsewhere, [topic(1)]), []);
    await after.buryIdentities([ada], at(40));
    await after.buryEntries(thread, [message(joe, { minute: 4 }).id]);
    assert.deepEqual(await after.admit(thread, [...entries, ...doneBy(ada, 35)]), []);
  });

  test('that is missing while something is sealed under it stops what could bring it back, and says so', async () => {
    const container = azurite.newContainer();
    await openAsProcess(container).buryIdentities([ada], at(30));
    const wrong = openAsProcess(container, { secrets: ['fake-secret-of-a-test-2'] });
    await assert.rejects(wrong.admit(thread, [topic(1)]), {
      code: 'not_configured',
      message: /ERASURE_SECRET/,
    });
  });

  test('not being set, nothing can be buried, and nothing is asked of storage', async () => {
    const { container, spent } = countedContainer(azurite.newContainer());
    const tombstones = openAsProcess(container, { secrets: [] });
    const refusal = { code: 'not_configured', message: /ERASURE_SECRET/ };
    await assert.rejects(tombstones.buryIdentities([ada], at(1)), refusal);
    await assert.rejects(tombstones.buryConversation(thread, at(1)), refusal);
    await assert.rejects(tombstones.buryEntries(thread, ['x']), refusal);
    await assert.rejects(tombstones.buryMessages(thread, ['x']), refusal);
    assert.deepEqual(await tombstones.admit(thread, everyKind(1)), everyKind(1));
    assert.equal(await tombstones.admits({ identities: [ada], at: at(1) }), true);
    assert.deepEqual(spent(), { read: 0, write: 0, pages: 0 });
  });

  test('is needed to learn anything from what is stored', async () => {
    const container = azurite.newContainer();
    const tombstones = openAsProcess(container);
    await tombstones.buryIdentities(['4:+15551230001', 'mailto:joe@example.com'], at(30));
    await tombstones.buryConversation({ channel: 'sms', id: '+15550009999:+15551230001' }, at(30));
    await tombstones.buryEntries(thread, ['message:wamid.Joe:1']);
    const seen: string[] = [];
    for await (const { blobs } of container.pages()) {
      for (const { name, metadata } of blobs) {
        seen.push(name, JSON.stringify(metadata), (await container.read(name))?.text ?? '');
      }
    }
    assert.ok(seen.length >= 5 * 3);
    assert.doesNotMatch(seen.join('\n'), /1555|joe|wamid|sms|thread|fake-secret/i);
  });
});

describe('a look at the tombstones', () => {
  test('costs one small request in a quarter of the settling time, for however many who ask', async () => {
    const { container, spent } = countedContainer(azurite.newContainer());
    let now = Date.parse('2026-11-24T00:00:00Z');
    const tombstones = openAsProcess(container, { settleSeconds: 60, clock: () => new Date(now) });
    const askOften = () =>
      Promise.all(Array.from({ length: 50 }, () => tombstones.admit(thread, everyKind(1))));
    await askOften();
    assert.deepEqual(spent(), { read: 1, write: 0, pages: 0 });
    now += 14_999;
    await askOften();
    assert.deepEqual(spent(), { read: 0, write: 0, pages: 0 });
    now += 1;
    await askOften();
    assert.deepEqual(spent(), { read: 1, write: 0, pages: 0 });
  });

  test('lists all only after a burial, and reads a conversation with buried entries once', async () => {
    const inner = azurite.newContainer();
    const { container, spent } = countedContainer(inner);
    let now = Date.parse('2026-11-24T00:00:00Z');
    const tombstones = openAsProcess(container, { settleSeconds: 60, clock: () => new Date(now) });
    await tombstones.isEmpty();
    await openAsProcess(inner).buryEntries(thread, ['message:x:1']);
    spent();
    now += 15_000;
    await Promise.all(Array.from({ length: 20 }, () => tombstones.admit(thread, everyKind(1))));
    await tombstones.admit(elsewhere, everyKind(1));
    assert.deepEqual(spent(), { read: 2, write: 0, pages: 1 });
    now += 15_000;
    await tombstones.admit(thread, everyKind(1));
    assert.deepEqual(spent(), { read: 1, write: 0, pages: 0 });
  });

  test('is taken again when the clock was set back', async () => {
    const inner = azurite.newContainer();
    let now = Date.parse('2026-11-24T00:00:00Z');
    const tombstones = openAsProcess(inner, { settleSeconds: 60, clock: () => new Date(now) });
    assert.equal(await tombstones.isEmpty(), true);
    await openAsProcess(inner).buryIdentities([ada], at(30));
    now -= 3_600_000;
    assert.equal(await tombstones.isEmpty(), false);
  });

  test('that fails admits nothing, and the next one tries again', async () => {
    const inner = azurite.newContainer();
    await openAsProcess(inner).buryEntries(thread, ['message:x:1']);
    let isDown = true;
    for (const fails of [
      (name: string) => name === 'generation',
      (name: string) => name.startsWith('conversations/'),
    ]) {
      isDown = true;
      const tombstones = openAsProcess(failingContainer(inner, { read: (name) => isDown && fails(name) }));
      const entries: TranscriptEntry[] = [topic(1)];
      await assert.rejects(tombstones.admit(thread, entries), isStorageFault);
      await assert.rejects(tombstones.admit(thread, entries), isStorageFault);
      isDown = false;
      assert.deepEqual(await tombstones.admit(thread, entries), entries);
    }
  });

  test('that takes too long for one who asks goes on for the others', async () => {
    const inner = azurite.newContainer();
    await openAsProcess(inner).buryIdentities([ada], at(30));
    const tombstones = openAsProcess({
      ...inner,
      read: async (...request) => {
        await wait(300);
        return inner.read(...request);
      },
    });
    const [hasty, patient] = await Promise.allSettled([
      tombstones.admit(thread, doneBy(ada, 1), { signal: AbortSignal.timeout(50) }),
      tombstones.admit(thread, doneBy(ada, 1)),
    ]);
    assert.ok(hasty.status === 'rejected' && isStorageFault(hasty.reason));
    assert.deepEqual(patient, { status: 'fulfilled', value: [] });
  });
});

/** The rule, told again in another way. */
function isBuried(
  entry: ReturnType<typeof message>,
  burials: readonly ({ what: string; of: string; minute: number } | null)[],
): boolean {
  return burials.some((burial) => {
    if (!burial) return false;
    if (burial.what === 'entry') return entry.id === burial.of;
    return (burial.what === 'conversation' || entry.sender.id === burial.of) && entry.at <= at(burial.minute);
  });
}
