import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { openMailThreads } from '../../src/shared/channels/email/threads.ts';
import { type Held, openHolds } from '../../src/shared/erasure/holds.ts';
import { eraserOfHolds } from '../../src/shared/erasure/holds-eraser.ts';
import { newPersonId } from '../../src/shared/people/person-id.ts';
import { eraserOfTombstones } from '../../src/shared/tombstones/eraser.ts';
import { conversationPath } from '../../src/shared/transcripts/conversation-path.ts';
import { useAzurite } from '../support/azurite.ts';

const azurite = useAzurite();
const sms = { channel: 'sms', id: '+15550009999:+15551230001' };
const long = { channel: 'email', id: `${'x'.repeat(300)}@example.com` };

function open(container = azurite.newContainer()) {
  let now = Date.parse('2026-11-23T09:00:00Z');
  const clock = () => new Date(now);
  const threads = openMailThreads(azurite.newContainer(), { clock });
  const holds = openHolds(container, {
    clock,
    together: async ({ channel, id }, options) =>
      channel === 'email' ? threads.together(id, options) : [id],
  });
  return {
    ...holds,
    container,
    threads,
    pass: (milliseconds: number) => {
      now += milliseconds;
    },
  };
}

describe('a hold', () => {
  test('is on a person or a conversation until it is lifted, and on nothing else', async () => {
    const { onPerson, onConversation, put, lift } = open();
    const person = newPersonId();
    const all: [Held, () => ReturnType<typeof onPerson>][] = [
      [{ person }, () => onPerson(person)],
      [{ conversation: sms }, () => onConversation(sms)],
      [{ conversation: long }, () => onConversation(long)],
    ];
    for (const [held, find] of all) {
      assert.equal(await find(), undefined);
      const hold = { reason: 'Case 7', since: '2026-11-23T09:00:00.000Z' };
      assert.deepEqual(await put(held, 'Case 7'), { hold, isNew: true });
      assert.deepEqual(await find(), hold);
    }
    assert.equal(await onPerson(newPersonId()), undefined);
    assert.equal(await onConversation({ ...sms, channel: 'whatsapp' }), undefined);
    for (const [held, find] of all) {
      assert.equal(await lift(held), true);
      assert.equal(await find(), undefined);
      assert.equal(await lift(held), false);
    }
  });

  test('that is put again keeps its beginning and takes the new reason', async () => {
    const { put, onConversation, pass } = open();
    await put({ conversation: sms }, 'Case 7');
    pass(60_000);
    assert.equal((await put({ conversation: sms }, 'Case 8')).isNew, false);
    assert.deepEqual(await onConversation(sms), { reason: 'Case 8', since: '2026-11-23T09:00:00.000Z' });
  });

  test('that sixteen put at once is one', async () => {
    const { put, list } = open();
    const results = await Promise.all(
      Array.from({ length: 16 }, (_, index) => put({ conversation: sms }, `Case ${index}`)),
    );
    assert.equal(results.filter(({ isNew }) => isNew).length, 1);
    assert.equal((await list({ limit: 10 })).holds.length, 1);
  });

  test('on a mail thread holds all that is one with it, whichever mail it was put on and whatever joined it since', async () => {
    const { put, onConversation, all, lift, threads } = open();
    await threads.join(['root@a.example', 'answer@a.example'], { isTrusted: true });
    await put({ conversation: { channel: 'email', id: 'answer@a.example' } }, 'Case 7');
    await threads.join(['other@a.example'], { isTrusted: true });
    await threads.join(['older@a.example', 'root@a.example', 'other@a.example'], { isTrusted: true });
    const ids = ['root@a.example', 'answer@a.example', 'other@a.example'];
    for (const id of ids) {
      assert.equal((await onConversation({ channel: 'email', id }))?.reason, 'Case 7', id);
    }
    const { conversations } = await all();
    for (const id of ['root@a.example', 'other@a.example']) {
      assert.ok(conversations.has(conversationPath({ channel: 'email', id })), id);
    }
    assert.equal(await onConversation({ channel: 'email', id: 'stranger@a.example' }), undefined);
    assert.equal(await lift({ conversation: { channel: 'email', id: 'other@a.example' } }), true);
    for (const id of ids) assert.equal(await onConversation({ channel: 'email', id }), undefined);
  });

  test('whose blob somebody spoilt still holds', async () => {
    const { container, put, onConversation, onPerson, all, list } = open();
    const person = newPersonId();
    await put({ conversation: sms }, 'Case 7');
    await put({ person }, 'Case 7');
    for (const name of [`people/${person}.json`, `conversations/${conversationPath(sms)}.json`]) {
      await container.write(name, 'nonsense', { contentType: 'text/plain' });
    }
    assert.ok(await onConversation(sms));
    assert.ok(await onPerson(person));
    const { people, conversations } = await all();
    assert.deepEqual([[...people], [...conversations]], [[person], [conversationPath(sms)]]);
    assert.equal((await list({ limit: 10 })).holds.length, 2);
  });

  test('is listed with the id that it is on, page by page, and told all at once to who asks of many', async () => {
    const { put, list, all } = open();
    const people = Array.from({ length: 3 }, newPersonId);
    const conversations = [sms, long, { channel: 'chat', id: '19:held@thread.v2' }];
    for (const person of people) await put({ person }, 'Case 7');
    for (const conversation of conversations) await put({ conversation }, 'Case 7');
    const found: unknown[] = [];
    for (let from: string | undefined, isFirst = true; isFirst || from; isFirst = false) {
      const page = await list({ limit: 2, from });
      assert.ok(page.holds.length <= 2);
      found.push(...page.holds.map((hold) => ('person' in hold ? hold.person : hold.conversation)));
      from = page.next;
    }
    const byText = (a: unknown, b: unknown): number => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1);
    assert.deepEqual(found.sort(byText), [...people, ...conversations].sort(byText));
    const held = await all();
    assert.deepEqual([...held.people].sort(), people.toSorted());
    assert.deepEqual([...held.conversations].sort(), conversations.map(conversationPath).sort());
  });

  test('is on nothing where none was ever put', async () => {
    const { all, list, lift } = open();
    assert.deepEqual(await all(), { people: new Set(), conversations: new Set() });
    assert.deepEqual(await list({ limit: 10 }), { holds: [] });
    assert.equal(await lift({ conversation: sms }), false);
  });
});

test('no eraser removes a hold or a tombstone', async () => {
  for (const eraser of [eraserOfHolds(), eraserOfTombstones()]) {
    const options = { isTimeUp: () => false, signal: AbortSignal.timeout(1_000) };
    assert.deepEqual(await eraser.sweep?.({ conversations: [{ ...sms, isWhole: true }] }, options), {
      removed: 0,
    });
    assert.deepEqual([eraser.eraseConversation, eraser.expire], [undefined, undefined]);
  }
});
