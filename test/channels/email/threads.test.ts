import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { type MailThreads, openMailThreads } from '../../../src/shared/channels/email/threads.ts';
import { useAzurite } from '../../support/azurite.ts';

const azurite = useAzurite();

function open(container = azurite.newContainer()): MailThreads {
  let milliseconds = Date.parse('2026-11-23T09:00:00Z');
  const clock = () => {
    milliseconds += 1;
    return new Date(milliseconds);
  };
  return openMailThreads(container, { clock });
}

const trusted = { isTrusted: true };
const untrusted = { isTrusted: false };

/** Each id with all that it is connected to by sets that overlap. */
function components(sets: readonly (readonly string[])[]): Map<string, Set<string>> {
  const of = new Map<string, Set<string>>();
  for (const ids of sets) {
    const joined = new Set(ids.flatMap((id) => [id, ...(of.get(id) ?? [])]));
    for (const id of joined) of.set(id, joined);
  }
  return of;
}

async function conversationsOf(threads: MailThreads, ids: Iterable<string>): Promise<Map<string, string>> {
  const pairs = [...ids].map(async (id) => [id, (await threads.find([id])) ?? ''] as const);
  return new Map(await Promise.all(pairs));
}

/** Two ids are of one conversation exactly where they are connected. */
function assertPartition(
  found: ReadonlyMap<string, string>,
  expected: ReadonlyMap<string, Set<string>>,
): void {
  for (const [id, connected] of expected) {
    for (const [other, conversation] of found) {
      assert.equal(found.get(id) === conversation, connected.has(other), `${id} and ${other}`);
    }
  }
}

const ids = fc.uniqueArray(fc.constantFrom(...'abcdefghij'), { minLength: 1, maxLength: 4 });
const mails = fc.array(ids, { minLength: 1, maxLength: 8 });
const nonEmpty = ([first = '', ...others]: readonly string[]): [string, ...string[]] => [first, ...others];

describe('the threads that mails belong to', () => {
  test('a mail that begins a thread has its own id as conversation, and answers find it by any id', async () => {
    const threads = open();
    assert.equal(await threads.find(['root@a']), undefined);
    assert.equal(await threads.join(['root@a'], trusted), 'root@a');
    assert.equal(await threads.join(['root@a', 'second@b'], trusted), 'root@a');
    assert.equal(await threads.join(['second@b', 'third@a'], trusted), 'root@a');
    assert.equal(await threads.find(['unknown@c', 'third@a']), 'root@a');
  });

  test('an answer that overtakes the delivery report of what it answers is of the same thread in the end', async () => {
    const threads = open();
    const operation = '950850f5-bcdf-4315-b77a-6447cf56fac9';
    await threads.join([operation], trusted);
    assert.equal(await threads.join(['sent@internet', 'answer@customer'], untrusted), 'sent@internet');
    assert.equal(await threads.join([operation, 'sent@internet'], trusted), operation);
    assert.equal(await threads.find(['answer@customer']), operation);
    assert.deepEqual(await threads.together('answer@customer'), [operation, 'sent@internet']);
  });

  test('in any order and all at once, mails make the same conversations', async () => {
    await fc.assert(
      fc.asyncProperty(mails, fc.boolean(), async (sets, isAtOnce) => {
        const threads = open();
        if (isAtOnce) await Promise.all(sets.map((set) => threads.join(nonEmpty(set), trusted)));
        else for (const set of sets) await threads.join(nonEmpty(set), trusted);
        const expected = components(sets);
        assertPartition(await conversationsOf(threads, expected.keys()), expected);
      }),
      { numRuns: 60 },
    );
  });

  test('what became one is read together, whichever of its ids is asked for', async () => {
    await fc.assert(
      fc.asyncProperty(mails, async (sets) => {
        const threads = open();
        const answered = new Map<string, string[]>();
        for (const set of sets) {
          const conversation = await threads.join(nonEmpty(set), trusted);
          for (const id of set) answered.set(id, [...(answered.get(id) ?? []), conversation]);
        }
        for (const [id, conversations] of answered) {
          const together = await threads.together(id);
          assert.equal(together[0], await threads.find([id]));
          for (const conversation of conversations) assert.ok(together.includes(conversation));
        }
      }),
      { numRuns: 40 },
    );
  });

  test('an unverified mail joins no two conversations, whatever it names', async () => {
    const threads = open();
    await threads.join(['one@a', 'two@a'], trusted);
    await threads.join(['one@b', 'two@b'], trusted);
    assert.equal(await threads.join(['two@a', 'one@b', 'forged@c'], untrusted), 'one@a');
    assert.equal(await threads.find(['two@b']), 'one@b');
    assert.deepEqual(await threads.together('one@a'), ['one@a']);
  });

  test('what an unverified mail says of an id gives way to a delivery report', async () => {
    const threads = open();
    await threads.join(['victim@a'], trusted);
    // The stranger got our mail and names it as part of a thread of others, before its delivery report is here.
    assert.equal(await threads.join(['victim@a', 'sent@internet', 'forged@c'], untrusted), 'victim@a');
    const operation = '950850f5-bcdf-4315-b77a-6447cf56fac9';
    assert.equal(await threads.join([operation, 'sent@internet'], trusted), operation);
    assert.equal(await threads.find(['sent@internet']), operation);
    assert.equal(await threads.find(['victim@a']), 'victim@a');
  });

  test('a chain of conversations that became one another is shortened by the next mail', async () => {
    const container = azurite.newContainer();
    const threads = open(container);
    // Each is older than the one before it, so that each join puts another link in between.
    const roots = Array.from({ length: 12 }, (_, index) => `root-${index}@a`);
    for (const root of roots.toReversed()) await threads.join([root], trusted);
    for (const [index, root] of roots.slice(1).entries()) {
      await threads.join([roots[index] ?? '', root], trusted);
    }
    assert.equal(await threads.join(['root-0@a', 'late@a'], trusted), 'root-11@a');
    assert.equal((await threads.together('late@a')).length, 12);
    let links = 0;
    for await (const { blobs } of container.pages()) {
      for (const { name } of blobs) {
        const { id, conversation } = JSON.parse((await container.read(name))?.text ?? '');
        if (id === 'root-0@a') assert.equal(conversation, 'root-11@a');
        links += 1;
      }
    }
    assert.equal(links, 13);
  });

  test('the first mail keeps its Message-Id, a second delivery of it too, another mail does not', async () => {
    const threads = open();
    const claims = await Promise.all(
      ['hash-1', 'hash-1', 'hash-2'].map((hash) => threads.claim('same@a', hash)),
    );
    assert.equal(claims[0]?.isOurs, claims[1]?.isOurs);
    assert.notEqual(claims[0]?.isOurs, claims[2]?.isOurs);
    assert.equal(new Set(claims.map(({ since }) => since)).size, 1);
    assert.equal((await threads.claim('other@a', 'hash-2')).isOurs, true);
  });
});
