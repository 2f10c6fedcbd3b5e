import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { openPeopleIndex } from '../../src/shared/people/people-index.ts';
import { createAccess } from '../../src/shared/security/access.ts';
import type { PersonCaller } from '../../src/shared/security/caller.ts';
import { conversationPath } from '../../src/shared/transcripts/conversation-path.ts';
import type { ConversationKey, TranscriptEntry } from '../../src/shared/transcripts/entry.ts';
import { useAzurite } from '../support/azurite.ts';

const azurite = useAzurite();
const at = (second: number) => new Date(Date.UTC(2026, 10, 23, 9, 0, second)).toISOString();
const chat = { channel: 'chat', id: '19:team@thread.v2' };

function change(
  { id: conversation }: ConversationKey,
  participant: string,
  second: number,
  more: { change?: 'removed'; shareHistoryTime?: string } = {},
): TranscriptEntry {
  const version = String(Date.parse(at(second)));
  const id = `participant:${participant}:${version}`;
  const base = { kind: 'participant' as const, id, conversation, version, at: at(second) };
  return { ...base, participant: { id: participant }, change: 'added', ...more };
}

const person = (...[first = '', ...others]: string[]): PersonCaller => ({
  kind: 'person',
  identities: [first, ...others],
});

function open(together: string[] = []) {
  const people = azurite.newContainer();
  const reads: string[] = [];
  const access = createAccess({
    people: {
      read: (name, options) => {
        reads.push(name);
        return people.read(name, options);
      },
    },
    together: async ({ id }) => [id, ...together],
  });
  return { ...access, reads, note: openPeopleIndex(people).note };
}

describe('access', () => {
  test('is for operators to all, for nobody to nothing, and both cost no request', async () => {
    const { sightOf, reads } = open();
    assert.equal(await sightOf({ kind: 'operator', name: 'ops' }, chat), 'all');
    assert.equal(await sightOf({ kind: 'nobody' }, chat), 'nothing');
    assert.deepEqual(reads, []);
  });

  test('unites the periods of all identities, and costs one read each, whether there is something or not', async () => {
    const { sightOf, note, reads } = open();
    await note(chat, [
      change(chat, '8:acs:joe', 1),
      change(chat, '8:acs:joe', 20, { change: 'removed' }),
      change(chat, 'mailto:joe@example.com', 10),
    ]);
    const joe = person('8:acs:joe', 'mailto:joe@example.com');
    assert.deepEqual(await sightOf(joe, chat), { identities: joe.identities, periods: [{ from: at(1) }] });
    assert.equal(reads.length, 2);
    const none = { channel: 'chat', id: '19:none@thread.v2' };
    assert.equal(await sightOf(joe, none), 'nothing');
    assert.equal(await sightOf(person('8:acs:eve', 'mailto:eve@example.com'), chat), 'nothing');
    assert.equal(reads.length, 6);
  });

  test('begins for a late joiner where the history shown to them begins', async () => {
    const { sightOf, note } = open();
    await note(chat, [
      change(chat, '8:acs:ann', 30, { shareHistoryTime: at(5) }),
      change(chat, '8:acs:bob', 30),
      change(chat, '8:acs:eve', 30, { shareHistoryTime: at(40) }),
    ]);
    const from = async (identity: string) => {
      const sight = await sightOf(person(identity), chat);
      return typeof sight === 'string' ? sight : sight.periods;
    };
    assert.deepEqual(await from('8:acs:ann'), [{ from: at(5) }]);
    assert.deepEqual(await from('8:acs:bob'), [{ from: at(30) }]);
    assert.deepEqual(await from('8:acs:eve'), [{ from: at(30) }]);
  });

  test('to a mail thread is found by any of its parts', async () => {
    const { sightOf, note } = open(['part@example.com']);
    const part = { channel: 'email', id: 'part@example.com' };
    const mail: TranscriptEntry = {
      kind: 'message',
      id: 'message:part@example.com:1',
      conversation: part.id,
      version: '1',
      at: at(1),
      messageId: part.id,
      sender: { id: 'mailto:ada@example.com' },
      to: [{ id: 'mailto:joe@example.com' }],
      text: 'Good morning.',
    };
    await note(part, [mail]);
    const joe = person('mailto:joe@example.com');
    const asked = { channel: 'email', id: 'root@example.com' };
    assert.deepEqual(await sightOf(joe, asked), { identities: joe.identities, periods: [] });
    assert.equal(await sightOf(person('mailto:eve@example.com'), asked), 'nothing');
  });

  test('knows the conversation of a hashed path only for those who take part in it', async () => {
    const { conversationAt, note } = open();
    const long = { channel: 'chat', id: `19:${'x'.repeat(300)}@thread.v2` };
    await note(long, [change(long, '8:acs:joe', 1)]);
    const path = conversationPath(long);
    assert.deepEqual(await conversationAt(person('8:acs:joe'), path), long);
    assert.equal(await conversationAt(person('8:acs:eve'), path), undefined);
    assert.deepEqual(await conversationAt(person('8:acs:eve'), conversationPath(chat)), chat);
  });
});
