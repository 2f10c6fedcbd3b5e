import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { listTogether } from '../../src/shared/people/list-together.ts';
import { newPersonId } from '../../src/shared/people/person-id.ts';
import { conversationPath } from '../../src/shared/transcripts/conversation-path.ts';
import type { ConversationKey } from '../../src/shared/transcripts/entry.ts';
import { useAzurite } from '../support/azurite.ts';
import { message, openPeople } from './open-people.ts';

const azurite = useAzurite();
const ours = '4:+18005550100';
const ourChannel = 'c4a77e10-0000-4000-8000-000000000001';
const at = (minute: number) => new Date(Date.UTC(2026, 10, 23, 9, minute)).toISOString();

function open() {
  return openPeople({
    newContainer: azurite.newContainer,
    ourEnd: ({ channel }) =>
      channel === 'sms' ? ours : channel === 'whatsapp' ? `whatsapp:${ourChannel}` : undefined,
  });
}

const chat = { channel: 'chat', id: '19:one@thread.v2' };
const email = { channel: 'email', id: 'root@example.com' };
const sms = (theirs: string): ConversationKey => ({ channel: 'sms', id: `+18005550100:${theirs}` });
const whatsapp = { channel: 'whatsapp', id: `${ourChannel}:US.1349` };

describe('the conversations with a person', () => {
  test('are those of all their identities over four channels', async () => {
    const { add, put, conversations } = open();
    await add(chat, message(chat, { id: '8:acs:joe', name: 'Joe' }, 1));
    await add(sms('+15551230001'), message(sms('+15551230001'), { id: '4:+15551230001' }, 2));
    await add(
      email,
      message(email, { id: 'mailto:joe@example.com' }, 3, { to: [{ id: 'mailto:us@parley.example' }] }),
    );
    await add(whatsapp, message(whatsapp, { id: 'whatsapp:US.1349' }, 4));
    await add(sms('+15551230009'), message(sms('+15551230009'), { id: '4:+15551230009' }, 5));
    const id = newPersonId();
    await put(id, { identities: ['8:acs:joe', '+15551230001', 'joe@example.com', 'whatsapp:US.1349'] });
    const found = await conversations(`with=${id}`);
    assert.deepEqual(found.map(({ channel }) => channel).sort(), ['chat', 'email', 'sms', 'whatsapp']);
    assert.deepEqual(
      (await conversations(`with=${id}&channel=sms`)).map((one) => one.id),
      [sms('+15551230001').id],
    );
    assert.deepEqual(
      (await conversations('with=%2B15551230001')).map(({ channel }) => channel),
      ['sms'],
    );
    assert.equal((await conversations(`with=${id}&until=${at(2)}`)).length, 2);
  });

  test('come once where two of their identities take part, their periods united', async () => {
    const { add, put, conversations } = open();
    const change = (
      participant: { id: string; name?: string },
      minute: number,
      what: 'added' | 'removed',
    ) => ({
      kind: 'participant' as const,
      id: `participant:${participant.id}:${minute}`,
      conversation: chat.id,
      version: String(minute),
      at: at(minute),
      participant,
      change: what,
    });
    await add(
      chat,
      change({ id: '8:acs:joe1' }, 1, 'added'),
      change({ id: '8:acs:joe1' }, 5, 'removed'),
      change({ id: '8:acs:joe2', name: 'Joe' }, 4, 'added'),
      change({ id: '8:acs:joe2', name: 'Joe' }, 8, 'removed'),
      change({ id: '8:acs:joe1' }, 20, 'added'),
    );
    const id = newPersonId();
    await put(id, { identities: ['8:acs:joe1', '8:acs:joe2'] });
    const [found, ...others] = await conversations(`with=${id}`);
    assert.deepEqual(others, []);
    const { lastChangedAt: _, ...told } = found ?? {};
    const periods = [{ from: at(1), until: at(8) }, { from: at(20) }];
    assert.deepEqual(told, { ...chat, from: at(1), periods, name: 'Joe' });
  });

  test('of staff are those they wrote in, and those of the numbers they answer for', async () => {
    const { add, put, post, conversations } = open();
    const [first, second] = [sms('+15551230001'), sms('+15551230002')];
    await add(
      first,
      message(first, { id: '4:+15551230001' }, 1),
      message(first, { id: ours }, 2, { sentBy: 'Ana' }),
    );
    await add(second, message(second, { id: '4:+15551230002' }, 3));
    await add(whatsapp, message(whatsapp, { id: 'whatsapp:US.1349' }, 4));
    const body = { role: 'staff', identities: ['staff:Ana'] };
    const id = (await post(body)).jsonBody.id;
    const found = async () => (await conversations(`with=${id}`)).map((one) => [one.id, one.from]).sort();
    assert.deepEqual(await found(), [[first.id, at(2)]], 'from when she wrote');
    await put(id, { answersFor: ['+18005550100'] });
    assert.deepEqual(await found(), [
      [first.id, at(1)],
      [second.id, at(3)],
    ]);
    await put(id, { answersFor: [ourChannel] });
    assert.deepEqual(
      (await found()).map(([one]) => one),
      [first.id, whatsapp.id].sort(),
    );
    await put(id, { role: 'customer' });
    assert.deepEqual(await found(), [[first.id, at(2)]], 'only staff answer for us');
  });

  test('of a person who is not there are not found, of one without identities none', async () => {
    const { put, conversations } = open();
    const id = newPersonId();
    await assert.rejects(conversations(`with=${id}`), { status: 404, message: /no such person/ });
    await assert.rejects(conversations('with=p_1'), { status: 400, message: /a person's id p_…\.$/ });
    await put(id, { name: 'Joe' });
    assert.deepEqual(await conversations(`with=${id}`), []);
  });

  test('come in key order, each once, with all that any of the identities knows', async () => {
    const { add, people } = open();
    const identities = ['8:acs:a', '8:acs:b', '8:acs:c', '8:acs:nobody'];
    const keys = Array.from({ length: 8 }, (_, place) => ({
      channel: place % 2 ? 'chat' : 'sms',
      id: `${place}:x`,
    }));
    const writes = (key: number, who: number) => (key * 7 + who * 5) % 3 === 0;
    for (const [place, key] of keys.entries()) {
      const writers = identities.filter((id, who) => id !== '8:acs:nobody' && writes(place, who));
      await add(key, ...writers.map((id, who) => message(key, { id }, 10 - who)));
    }
    await fc.assert(
      fc.asyncProperty(fc.shuffledSubarray(identities), async (some) => {
        const expected = new Map<string, string>();
        for (const identity of some) {
          for await (const { conversation, periods } of people.list(identity)) {
            const path = conversationPath(conversation);
            const from = periods[0]?.from ?? '';
            const known = expected.get(path);
            expected.set(path, known !== undefined && known < from ? known : from);
          }
        }
        const found = await Array.fromAsync(listTogether(people, some));
        assert.deepEqual(
          found.map(({ conversation, periods }) => [conversationPath(conversation), periods[0]?.from]),
          [...expected].sort(([a], [b]) => (a < b ? -1 : 1)),
        );
      }),
      { numRuns: 30 },
    );
  });
});
