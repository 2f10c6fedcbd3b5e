import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { type Azurite, startAzurite } from '../../local/azurite/start-azurite.ts';
import { createBlobService } from '../../src/shared/storage/blob-service.ts';
import { openContainer } from '../../src/shared/storage/container.ts';
import { smallTalk, timeAt, user } from '../support/chat-events.ts';
import { ask, newFolder, type Parley, post, startParley } from '../support/parley.ts';
import { fakeSecret, openAsProcess } from '../support/tombstones.ts';

let azurite: Azurite;
let parley: Parley;
let removeFolder: () => Promise<void>;

before(async () => {
  const { folder, remove } = await newFolder();
  removeFolder = remove;
  azurite = await startAzurite({ folder: join(folder, 'storage'), log: () => {} });
  parley = await startParley(join(folder, 'parley'), {
    AzureWebJobsStorage: azurite.connectionString,
    ERASURE_SECRET: fakeSecret,
    ERASURE_SETTLE_SECONDS: '2',
  });
});

after(async () => {
  await parley.stop();
  await azurite.stop();
  await removeFolder();
});

const deliver = (thread: string) => post(`${parley.url}/api/events`, smallTalk(thread, 4));
const read = (thread: string) => ask(`${parley.url}/api/conversations/chat/${encodeURIComponent(thread)}`);

test('an app that has looked before refuses with 503 in time while storage hangs, and then knows what was buried meanwhile', async () => {
  assert.equal(JSON.parse((await deliver('19:before@thread.v2')).text).stored, 4);
  const service = createBlobService({ connectionString: azurite.connectionString }, { maxTries: 2 });
  await openAsProcess(openContainer(service, 'tombstones')).buryIdentities([user('Ada')], timeAt(60));
  await wait(1_000);
  const { pid } = azurite;
  assert.ok(pid);
  process.kill(pid, 'SIGSTOP');
  try {
    const started = performance.now();
    const answer = await deliver('19:during@thread.v2');
    assert.equal(answer.status, 503, answer.text);
    assert.match(answer.text, /"code":"storage_unavailable"/);
    assert.ok(performance.now() - started < 10_000);
  } finally {
    process.kill(pid, 'SIGCONT');
  }
  const { received, stored, forgotten } = JSON.parse((await deliver('19:during@thread.v2')).text);
  assert.deepEqual({ received, stored, forgotten }, { received: 4, stored: 2, forgotten: 2 });
  const senders = JSON.parse((await read('19:during@thread.v2')).text).messages.map(
    ({ sender }: { sender: { id: string } }) => sender.id,
  );
  assert.deepEqual(senders, [user('Grace'), user('Grace')]);
});

test('under another secret the same account takes nothing in, and says which setting is missing', async () => {
  const { folder, remove } = await newFolder();
  const other = await startParley(folder, {
    AzureWebJobsStorage: azurite.connectionString,
    ERASURE_SECRET: 'fake-secret-of-a-test-2',
  });
  try {
    const answer = await post(`${other.url}/api/events`, smallTalk('19:other@thread.v2', 2));
    assert.equal(answer.status, 501);
    assert.match(answer.text, /"code":"not_configured".*ERASURE_SECRET/);
    assert.equal((await read('19:other@thread.v2')).status, 404);
  } finally {
    await other.stop();
    await remove();
  }
});
