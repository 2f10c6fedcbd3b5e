import assert from 'node:assert/strict';
import { test } from 'node:test';
import { clientsOf, useAcs } from '../support/acs.ts';
import { chatWith, collect, newPerson, newThread } from './people.ts';

const acs = useAcs();

/** Lets the next request to a path fail once, in a way that the SDKs try again after. */
async function failOnce(path: string): Promise<void> {
  const response = await fetch(`${acs.emulator().url}/emulator/faults`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ path, answer: { status: 503, retryAfterSeconds: 0 } }),
  });
  assert.equal(response.status, 200, await response.text());
}

test('a request that the SDK signs by key and sends again is sent as the first time', async () => {
  const identity = await clientsOf(acs.emulator(), { maxRetries: 1 }).identity();
  await failOnce('/identities');
  const { communicationUserId } = await identity.createUser();
  assert.match(communicationUserId, /^8:acs:/);
});

test('a list whose first page came at the second try goes on by https', async () => {
  const ana = await newPerson(acs.emulator());
  const id = await newThread('Pages', [ana]);
  const thread = chatWith(acs.emulator(), ana.token, 1).getChatThreadClient(id);
  for (let number = 0; number < 3; number++) await thread.sendMessage({ content: `message ${number}` });
  await failOnce(`/chat/threads/${id}/messages`);
  assert.equal((await collect(thread.listMessages({ maxPageSize: 2 }))).length, 5);
});

test('the clients of the app write as a user, and fail with 404 for one that does not exist', async () => {
  const clients = acs.clients();
  const identity = await clients.identity();
  const { communicationUserId } = await identity.createUser();
  const chat = await clients.chatAs(communicationUserId);
  assert.equal(await clients.chatAs(communicationUserId), chat);
  const { chatThread } = await chat.createChatThread({ topic: 'By the app' });
  assert.equal(chatThread?.createdBy?.kind, 'communicationUser');
  const stranger = await clients.chatAs(communicationUserId.replace(/.{12}$/, '000000000000'));
  await assert.rejects(collect(stranger.listChatThreads()), { statusCode: 404 });
});
