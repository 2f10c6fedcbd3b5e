import assert from 'node:assert/strict';
import { test } from 'node:test';
import { useAcs } from '../support/acs.ts';
import { collect, newPerson } from './people.ts';

const acs = useAcs();

test('a person by name writes to a user, and is the same user the next time', async () => {
  const service = await newPerson(acs.emulator());
  const { chat } = acs.emulator();
  const { thread, from, messageId } = chat.say({
    from: 'joe',
    text: 'Where is my order?',
    with: [service.id],
  });
  const second = chat.say({ from: 'joe', thread, text: 'Hello?' });
  assert.equal(second.from, from);
  const client = service.chat.getChatThreadClient(thread);
  const messages = await collect(client.listMessages());
  assert.deepEqual(
    messages.flatMap(({ content, senderDisplayName }) =>
      content?.message ? [[senderDisplayName, content.message]] : [],
    ),
    [
      ['joe', 'Hello?'],
      ['joe', 'Where is my order?'],
    ],
  );
  chat.edit({ from: 'joe', thread, messageId, text: 'Where is order 4711?' });
  assert.equal((await client.getMessage(messageId)).content?.message, 'Where is order 4711?');
  chat.unsay({ from: 'joe', thread, messageId });
  assert.ok((await client.getMessage(messageId)).deletedOn);
});

test('a person joins, writes and leaves; who did not join may not write', () => {
  const { chat } = acs.emulator();
  const { thread } = chat.startThread({ from: 'ana', topic: 'Lunch' });
  assert.throws(() => chat.say({ from: 'ben', thread, text: 'hi' }), { status: 403 });
  chat.join({ from: 'ben', thread, name: 'Ben B.' });
  chat.say({ from: 'ben', thread, text: 'hi' });
  chat.leave({ from: 'ben', thread });
  assert.throws(() => chat.say({ from: 'ben', thread, text: 'again' }), { status: 403 });
  assert.throws(() => chat.join({ from: 'ben', thread: '19:none@thread.v2' }), { status: 404 });
});

test('ids of users that were never created become users, other ids are refused', () => {
  const { chat } = acs.emulator();
  const user = '8:acs:b6aada1f-0b1d-47ac-866f-91aae00a1d01_00000015-45ee-bad7-f0fc-8b3a0d001f66';
  assert.equal(chat.say({ from: user, name: 'Sam', text: 'hi' }).from, user);
  assert.throws(() => chat.say({ from: '4:+15551230001', text: 'hi' }), { status: 400 });
  assert.throws(() => chat.startThread({ from: 'ana', with: ['8:acs:nobody'] }), { status: 400 });
});
