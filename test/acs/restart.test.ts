import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { startAcsEmulator } from '../../local/acs/start-emulator.ts';
import { chatWith, collect, newPerson, newThread } from './people.ts';

const folder = await mkdtemp(join(tmpdir(), 'acs-test-'));
after(() => rm(folder, { recursive: true, force: true }));

test('users, tokens, threads, messages and repeatable answers survive a restart', async () => {
  const dataFile = join(folder, 'deep', 'acs.db');
  const idempotencyToken = crypto.randomUUID();
  const first = await startAcsEmulator({ port: 0, dataFile });
  const ana = await newPerson(first);
  const revoked = await newPerson(first);
  const id = await newThread('Kept', [ana, revoked]);
  await ana.chat.getChatThreadClient(id).sendMessage({ content: 'before' });
  const once = await ana.chat.createChatThread({ topic: 'Once' }, { idempotencyToken });
  const { thread, from } = first.chat.say({ from: 'joe', text: 'hello' });
  await first.stop();

  const second = await startAcsEmulator({ port: 0, dataFile });
  assert.equal(second.connectionString, first.connectionString);
  const chat = chatWith(second, ana.token);
  const again = chat.getChatThreadClient(id);
  const { id: messageId } = await again.sendMessage({ content: 'after' });
  const messages = await collect(again.listMessages());
  assert.deepEqual(
    messages.flatMap(({ content }) => content?.message ?? []),
    ['after', 'before'],
  );
  assert.ok(messages.slice(1).every((message) => Number(message.id) < Number(messageId)));
  const repeated = await chat.createChatThread({ topic: 'Once' }, { idempotencyToken });
  assert.equal(repeated.chatThread?.id, once.chatThread?.id);
  assert.deepEqual(second.chat.say({ thread, from: 'joe', text: 'still here' }).from, from);
  await second.stop();
});

test('it stops once, however often it is told', async () => {
  const emulator = await startAcsEmulator({ port: 0, dataFile: ':memory:' });
  await Promise.all([emulator.stop(), emulator.stop()]);
  await emulator.stop();
});

test('a taken port is told with what to do', async () => {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  assert.ok(address && typeof address === 'object');
  await assert.rejects(startAcsEmulator({ port: address.port, dataFile: ':memory:' }), /ACS_PORT/);
  server.close();
});

test('a client that breaks off in the middle does no harm', async () => {
  const emulator = await startAcsEmulator({ port: 0, dataFile: ':memory:' });
  const ana = await newPerson(emulator);
  const thread = ana.chat.getChatThreadClient(await newThread('Break', [ana]));
  const attempts = Array.from({ length: 20 }, (_, number) => {
    const abort = new AbortController();
    const sending = thread.sendMessage({ content: 'x'.repeat(20_000) }, { abortSignal: abort.signal });
    setTimeout(() => abort.abort(), number % 5);
    return sending.catch(() => undefined);
  });
  await Promise.all(attempts);
  const { id } = await thread.sendMessage({ content: 'whole' });
  assert.equal((await thread.getMessage(id)).content?.message, 'whole');
  await emulator.stop();
});
