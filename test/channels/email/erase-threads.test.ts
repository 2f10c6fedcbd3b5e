import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { createMailThreadsEraser } from '../../../src/shared/channels/email/erase-threads.ts';
import { hashOf } from '../../../src/shared/channels/email/hash.ts';
import { openThreadNodes } from '../../../src/shared/channels/email/thread-nodes.ts';
import { openMailThreads } from '../../../src/shared/channels/email/threads.ts';
import type { ErasureScope } from '../../../src/shared/erasers/eraser.ts';
import type { Container } from '../../../src/shared/storage/container.ts';
import { assertNone, namesIn, sweepAll } from '../../erasers/run-eraser.ts';
import { simpleMatcher } from '../../erasers/simple-matcher.ts';
import { useAzurite } from '../../support/azurite.ts';
import { openMortalStorage } from '../../support/mortal-storage.ts';

const azurite = useAzurite();
const trusted = { isTrusted: true };
const nobody = { identities: [], matcher: simpleMatcher() };

function open(container: Container) {
  let milliseconds = Date.parse('2026-11-23T09:00:00Z');
  const clock = () => {
    milliseconds += 1;
    return new Date(milliseconds);
  };
  return { threads: openMailThreads(container, { clock }), nodes: openThreadNodes(container, { clock }) };
}

function scopeOf(whole: readonly string[], parts: readonly string[] = [], person = nobody): ErasureScope {
  return {
    person,
    conversations: [
      ...whole.map((id) => ({ channel: 'email', id, isWhole: true })),
      ...parts.map((id) => ({ channel: 'email', id, isWhole: false })),
    ],
  };
}

/** As an earlier version of the app wrote it. */
async function withoutMetadata(container: Container, id: string): Promise<void> {
  const name = `${hashOf(id)}.json`;
  const blob = await container.read(name);
  if (blob) await container.write(name, blob.text, { contentType: 'application/json' });
}

type Ids = [string, ...string[]];
const mail = fc
  .uniqueArray(fc.constantFrom(...'abcdefghij'), { minLength: 1, maxLength: 3 })
  .map(([first = 'a', ...rest]): Ids => [first, ...rest]);

describe('the threads of erased mails', () => {
  test('lose all nodes of a conversation, those of an earlier version too, and no other', async () => {
    const container = azurite.newContainer();
    const { threads } = open(container);
    await threads.join(['root@a', 'second@a', 'third@a'], trusted);
    await threads.join(['second@a', 'fourth@a'], trusted);
    await threads.join(['other@b', 'more@b'], trusted);
    const { since } = await threads.claim('second@a', 'hash of its content');
    await withoutMetadata(container, 'third@a');
    await withoutMetadata(container, 'more@b');
    const { removed } = await sweepAll(createMailThreadsEraser(container), scopeOf(['root@a']));
    assert.equal(removed, 4);
    assert.deepEqual(
      (await namesIn(container)).sort(),
      [`${hashOf('second@a')}.claim.json`, `${hashOf('other@b')}.json`, `${hashOf('more@b')}.json`].sort(),
    );
    assert.equal(await threads.find(['second@a', 'root@a']), undefined);
    assert.equal(await threads.find(['more@b']), 'other@b');
    assert.equal((await threads.claim('second@a', 'hash of its content')).since, since);
    assert.deepEqual(await sweepAll(createMailThreadsEraser(container), scopeOf(['root@a'])), {
      removed: 0,
      calls: 1,
    });
  });

  test('of a conversation that stays lose the ids that tell of the person, but not the one it is found by', async () => {
    const container = azurite.newContainer();
    const { threads } = open(container);
    const ids: Ids = ['1.joe@quince.example', '2@b', '3.joe@quince.example'];
    await threads.join(ids, trusted);
    await threads.join(['joined.joe@quince.example'], trusted);
    await threads.join(['2@b', 'joined.joe@quince.example'], trusted);
    await threads.join(['9.joe@quince.example', '10.joe@quince.example'], trusted);
    const person = { identities: [], matcher: simpleMatcher('joe@quince.example') };
    await sweepAll(createMailThreadsEraser(container), scopeOf([], [ids[0]], person));
    assert.equal(await threads.find(['3.joe@quince.example']), undefined);
    assert.equal(await threads.find(['2@b']), ids[0]);
    assert.deepEqual(await threads.together('2@b'), [ids[0], 'joined.joe@quince.example']);
    assert.equal(await threads.find(['10.joe@quince.example']), '9.joe@quince.example', 'not touched');
  });

  test('nothing there, no container, damaged nodes and blobs of others do not stop it', async () => {
    const missing = createMailThreadsEraser(azurite.newContainer());
    assert.deepEqual(await sweepAll(missing, scopeOf(['a'])), { removed: 0, calls: 1 });
    const container = azurite.newContainer();
    const { threads } = open(container);
    await threads.join(['a', 'b'], trusted);
    await container.write(`${hashOf('c')}.json`, '{"half', { contentType: 'application/json' });
    await container.write('notes.txt', 'a', { contentType: 'text/plain' });
    await sweepAll(createMailThreadsEraser(container), scopeOf(['a']));
    assert.deepEqual((await namesIn(container)).sort(), [`${hashOf('c')}.json`, 'notes.txt'].sort());
  });

  test('goes on page by page where it had no more time', async () => {
    const container = azurite.newContainer();
    const { threads } = open(container);
    const ids = Array.from({ length: 40 }, (_, number) => `joe-${number}@a`);
    await threads.join(['joe-root@a', ...ids], trusted);
    const eraser = createMailThreadsEraser(container, { pageSize: 7 });
    const { calls, removed } = await sweepAll(eraser, scopeOf(['joe-root@a']), { pieces: 2 });
    assert.equal(removed, 41);
    assert.ok(calls > 2, `${calls} calls`);
    await assertNone(container, ['joe']);
  });

  test('however they were joined, what stays is read together as before, and nothing else is left', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(mail, { minLength: 1, maxLength: 8 }),
        fc.infiniteStream(fc.boolean()),
        fc.integer({ min: 1, max: 60 }),
        async (mails, choices, death) => {
          const container = azurite.newContainer();
          const { threads, nodes } = open(container);
          const conversations = new Set<string>();
          for (const ids of mails) conversations.add(await threads.join(ids, trusted));
          const whole = [...conversations].filter(() => choices.next().value);
          const staying = [...conversations].filter((id) => !whole.includes(id));
          const left = async (id: string) =>
            (await threads.together(id)).filter((part) => staying.includes(part)).sort();
          const before = new Map(await Promise.all(staying.map(async (id) => [id, await left(id)] as const)));

          // Killed once, at any request, then done again.
          const { open: openMortal, reaper } = openMortalStorage(azurite.connectionString(), { at: death });
          const mortal = createMailThreadsEraser(openMortal(container.client.containerName));
          await Promise.race([sweepAll(mortal, scopeOf(whole)), reaper.death]);
          for (const [id, parts] of before) assert.deepEqual(await left(id), parts, 'killed half-way');
          await sweepAll(createMailThreadsEraser(container), scopeOf(whole));

          for (const [id, parts] of before) assert.deepEqual(await left(id), parts);
          for (const id of 'abcdefghij') {
            const node = await nodes.read(id);
            if (!node) continue;
            const found = await left(id);
            assert.ok(found.length > 0, `${id} is of nothing that stays`);
            assert.ok(!whole.includes(id) || node.conversation === id, `${id} went whole`);
          }
          for (const id of staying) assert.equal((await nodes.read(id))?.id, id);
          assert.equal((await sweepAll(createMailThreadsEraser(container), scopeOf(whole))).removed, 0);
        },
      ),
      { numRuns: 40 },
    );
  });
});
