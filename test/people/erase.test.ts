import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { eraserOfPeople } from '../../src/shared/people/erase.ts';
import { openDirectory } from '../../src/shared/people/open-directory.ts';
import { openPeopleIndex } from '../../src/shared/people/people-index.ts';
import { openPersonBlobs } from '../../src/shared/people/person-blobs.ts';
import { newPersonId } from '../../src/shared/people/person-id.ts';
import type { Container } from '../../src/shared/storage/container.ts';
import type { ConversationKey } from '../../src/shared/transcripts/entry.ts';
import { useAzurite } from '../support/azurite.ts';
import { message, openPeople } from './open-people.ts';
import { createTurns } from './take-turns.ts';

const azurite = useAzurite();
const ours = '4:+18005550100';
const joe = { id: '4:+15551230001', name: 'Joe Miller' };
const ann = { id: '8:acs:ann', name: 'Ann Miller' };
const sms = { channel: 'sms', id: '+18005550100:+15551230001' };
const chat = { channel: 'chat', id: '19:one@thread.v2' };
const ourEnd = ({ channel }: ConversationKey) => (channel === 'sms' ? ours : undefined);
const matcher = { isIn: () => false, redact: (text: string) => text };
const options = { isTimeUp: () => false, signal: AbortSignal.timeout(120_000) };
const open = () => openPeople({ newContainer: azurite.newContainer, ourEnd });

/** The name of a blob with the characters that it stands for. */
function plain(name: string): string {
  return name.replaceAll(/(?:~[\da-f]{2})+/g, (bytes) =>
    Buffer.from(bytes.replaceAll('~', ''), 'hex').toString(),
  );
}

/** Names, metadata and content of every blob. */
async function everything(container: Container): Promise<string[]> {
  const told: string[] = [];
  for await (const { blobs } of container.pages()) {
    for (const { name, metadata = {} } of blobs) {
      if (name === 'generation') continue;
      const values = Object.values(metadata).flatMap((value) => [
        value,
        Buffer.from(value, 'base64url').toString(),
      ]);
      told.push([plain(name), ...values, (await container.read(name))?.text].join('\n'));
    }
  }
  return told.sort();
}

async function sweepAll(container: Container, identities: readonly string[], isTimeUp = () => false) {
  const eraser = eraserOfPeople(container, { ourEnd });
  const scope = { person: { identities, matcher }, conversations: [] };
  let removed = 0;
  let from: unknown;
  for (let calls = 1; ; calls += 1) {
    const swept = await eraser.sweep?.(scope, { ...options, isTimeUp, from });
    removed += swept?.removed ?? 0;
    if (swept?.next === undefined) return { removed, calls };
    from = JSON.parse(JSON.stringify(swept.next));
  }
}

describe('the people of a conversation that is erased', () => {
  test('take part in it no more, our own end included, and in others as before', async () => {
    const { add, people, blobs } = open();
    await add(sms, message(sms, joe, 1), message(sms, { id: ours }, 2, { sentBy: 'Ana' }));
    await add(chat, message(chat, joe, 3), message(chat, ann, 4));
    const eraser = eraserOfPeople(blobs, { ourEnd });
    const identities = [joe.id, 'staff:Ana'];
    assert.ok(((await eraser.eraseConversation?.(sms, { identities, signal: options.signal })) ?? 0) > 3);
    assert.deepEqual(await Array.fromAsync(people.list(ours)), []);
    const [left, ...others] = await Array.fromAsync(people.list(joe.id));
    assert.deepEqual([left?.conversation, others], [chat, []]);
    const told = await everything(blobs);
    assert.ok(
      !told.some((text) => text.includes(sms.id) || text.includes('Ana')),
      'who is gone has no name any more',
    );
    assert.equal(await eraser.eraseConversation?.(sms, { identities, signal: options.signal }), 0);
  });

  test('who take part in nothing any more are forgotten, unless an operator said who they are', async () => {
    const { add, find, post, blobs } = open();
    await add(chat, message(chat, joe, 1), message(chat, ann, 2));
    const [made] = (await find('name=joe')).people;
    const known = (await post({ name: 'Ann Miller', identities: [ann.id] })).jsonBody.id;
    const eraser = eraserOfPeople(blobs);
    await eraser.eraseConversation?.(chat, { identities: [joe.id, ann.id], signal: options.signal });
    assert.deepEqual(
      (await find('name=miller')).people.map(({ id }) => id),
      [known],
    );
    assert.equal(await openDirectory(blobs).get(made?.id ?? ''), undefined);
    assert.ok(!(await everything(blobs)).some((text) => text.includes('Joe') || text.includes(joe.id)));
  });

  test('a deleted thread leaves no word of when', async () => {
    const { people, blobs } = open();
    const at = '2026-11-23T09:00:00.000Z';
    const deleted = {
      kind: 'thread',
      id: 'thread:1',
      conversation: chat.id,
      version: '1',
      at,
      change: 'deleted',
    } as const;
    await people.note(chat, [deleted]);
    await eraserOfPeople(blobs).eraseConversation?.(chat, { identities: [], signal: options.signal });
    assert.deepEqual(await everything(blobs), []);
  });
});

describe('a person who is erased', () => {
  test('leaves no name, number or link, and nobody else loses anything', async () => {
    const { add, find, put, blobs } = open();
    await add(chat, message(chat, ann, 4));
    const [annIs] = (await find('name=ann')).people;
    const before = await everything(blobs);
    await add(sms, message(sms, joe, 1));
    await add(chat, message(chat, joe, 3), message(chat, { id: '8:acs:joe', name: 'Joey 🦊' }, 5));
    await find('name=joe');
    const id = newPersonId();
    await put(id, { name: 'Josef Müller', identities: [joe.id, '8:acs:joe', 'joe@example.com'] });
    await put(id, { name: 'Joseph Muller' });
    const identities = [joe.id, '8:acs:joe', 'mailto:joe@example.com'];
    await eraserOfPeople(blobs, { ourEnd }).eraseConversation?.(sms, { identities, signal: options.signal });
    const { removed } = await sweepAll(blobs, identities);
    assert.ok(removed > 10, String(removed));
    await openDirectory(blobs).remove(id);
    assert.deepEqual(await everything(blobs), before);
    assert.deepEqual(
      (await find('name=ann')).people.map((one) => one.id),
      [annIs?.id],
    );
    assert.equal((await sweepAll(blobs, identities)).removed, 0);
  });

  test('is struck off records that name them though they are somebody else’s', async () => {
    const { blobs, put } = open();
    const id = newPersonId();
    await put(id, { name: 'Ann', identities: [ann.id] });
    const persons = openPersonBlobs(blobs);
    const stored = await persons.readPerson(id);
    // As a request leaves it that died before it could take back what was refused.
    await persons.writePerson({ id, name: 'Ann', role: 'customer', identities: [ann.id, joe.id] }, stored);
    const orphan = newPersonId();
    await persons.writePerson({ id: orphan, role: 'customer', identities: [joe.id], made: true }, undefined);
    await sweepAll(blobs, [joe.id]);
    assert.ok(!(await everything(blobs)).some((text) => text.includes(joe.id)));
    assert.deepEqual((await openDirectory(blobs).get(id))?.identities, [ann.id]);
  });

  test('is erased in as many steps as time wants, each going on where the last one stopped', async () => {
    const { people, put, blobs } = open();
    for (let number = 0; number < 5; number += 1) {
      const key = { channel: 'chat', id: `19:${number}@thread.v2` };
      await people.note(key, [message(key, joe, 1), message(key, { id: '8:acs:joe', name: 'Joe' }, 2)]);
    }
    await put(newPersonId(), { name: 'Joe', identities: [joe.id, '8:acs:joe'] });
    const { calls } = await sweepAll(blobs, [joe.id, '8:acs:joe'], () => true);
    assert.ok(calls >= 3, `${calls} calls`);
    assert.deepEqual(await everything(blobs), []);
  });

  test('is erased by whoever comes next when the process dies anywhere on the way', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 60 }), async (dies) => {
        const { add, put, find, blobs } = open();
        await add(chat, message(chat, joe, 3));
        await find('name=joe');
        const id = newPersonId();
        await put(id, { name: 'Joseph', identities: [joe.id, 'joe@example.com'] });
        const erase = async (container: Container) => {
          await sweepAll(container, [joe.id, 'mailto:joe@example.com']);
          await openDirectory(container).remove(id);
        };
        const { container, death } = createTurns([0])(blobs, { dies });
        await Promise.race([erase(container), death]);
        await erase(blobs);
        assert.deepEqual(await everything(blobs), []);
      }),
      { numRuns: 25 },
    );
  });

  test('who writes again later is found again, also by a process that remembers them', async () => {
    const { blobs } = open();
    const process = openPeopleIndex(blobs, { watchMilliseconds: 0 });
    const patient = openPeopleIndex(blobs, { watchMilliseconds: 3_600_000 });
    for (const people of [process, patient]) await people.note(chat, [message(chat, joe, 1)]);
    await sweepAll(blobs, [joe.id]);
    await patient.note(chat, [message(chat, joe, 9)]);
    assert.deepEqual(await Array.fromAsync(process.list(joe.id)), [], 'it takes the pair for known as yet');
    await process.note(chat, [message(chat, joe, 9)]);
    const [found] = await Array.fromAsync(process.list(joe.id));
    assert.equal(found?.periods[0]?.from, '2026-11-23T09:09:00.000Z', 'nothing comes back of what was');
    const parts = openPeople({ newContainer: () => blobs });
    assert.deepEqual(
      (await parts.find('name=joe')).people.map(({ identities }) => identities),
      [[joe.id]],
    );
  });
});
