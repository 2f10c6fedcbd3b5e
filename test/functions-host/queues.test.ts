import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, type TestContext, test } from 'node:test';
import { QueueServiceClient } from '@azure/storage-queue';
import { prepareApp } from './prepare-app.ts';
import { type AzuriteQueues, startAzuriteQueues } from './start-azurite.ts';
import { startHost, until } from './start-host.ts';

let azurite: AzuriteQueues;
before(async () => {
  azurite = await startAzuriteQueues();
  process.env.ORDERS = 'orders';
});
after(() => azurite.stop());

async function startQueueApp(context: TestContext) {
  const queues = {
    maxPollingInterval: '00:00:00.100',
    maxDequeueCount: 3,
    batchSize: 4,
    newBatchThreshold: 2,
  };
  const app = prepareApp(context, { file: 'queues.cjs' }, { extensions: { queues } });
  const notes = join(app.appFolder, 'notes');
  process.env.NOTES = notes;
  const storage = azurite.connectionString;
  const host = await startHost(context, { ...app, storage });
  return {
    host,
    queue: QueueServiceClient.fromConnectionString(storage).getQueueClient('orders'),
    order: (body: unknown) => fetch(`${host.url}/api/order`, { method: 'POST', body: JSON.stringify(body) }),
    read: () => (existsSync(notes) ? readFileSync(notes, 'utf8').split('\n').slice(0, -1) : []),
  };
}

test('each member of an array becomes a message, and each message a call', async (context) => {
  const { order, read } = await startQueueApp(context);
  const several = Array.from({ length: 20 }, (_, number) => ({ number }));
  assert.equal((await order(several)).status, 202);
  const notes = await until(read, ({ length }) => length >= 20);
  assert.deepEqual(notes.sort(), several.map((each) => `${JSON.stringify(each)} 1`).sort());
});

test('a failing message comes again until it succeeds', async (context) => {
  const { order, read, queue } = await startQueueApp(context);
  await order({ fails: 2 });
  await until(read, ({ length }) => length >= 3);
  assert.deepEqual(read(), ['{"fails":2} 1', '{"fails":2} 2', '{"fails":2} 3']);
  await until(
    () => queue.getProperties(),
    ({ approximateMessagesCount }) => approximateMessagesCount === 0,
  );
});

test('a message that fails too often goes to the poison queue', async (context) => {
  const { order, read } = await startQueueApp(context);
  await order({ fails: 9 });
  const notes = await until(read, (seen) => seen.some((note) => note.startsWith('poison')));
  assert.deepEqual(notes, ['{"fails":9} 1', '{"fails":9} 2', '{"fails":9} 3', 'poison {"fails":9}']);
});

test('a message that cannot be decoded goes to the poison queue without a call', async (context) => {
  const { queue, host, read } = await startQueueApp(context);
  await queue.sendMessage('{"not":"base64"}');
  await until(
    () => host.lines,
    (lines) =>
      lines.filter((line) => /could not take a message in \(after 1 of 3 tries\)/.test(line)).length === 2,
  );
  // The poison queue has a trigger, too, which cannot decode it either and hands it on.
  assert.deepEqual(read(), []);
});

test('stopping reads no more messages', async (context) => {
  const { host, queue } = await startQueueApp(context);
  await host.stop();
  await queue.sendMessage(Buffer.from('{"late":true}').toString('base64'));
  assert.equal((await queue.peekMessages()).peekedMessageItems.length, 1);
  await queue.clearMessages();
});
