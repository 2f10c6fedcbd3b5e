import assert from 'node:assert/strict';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { BlobServiceClient } from '@azure/storage-blob';
import { QueueServiceClient } from '@azure/storage-queue';
import { type AzuriteOptions, startAzurite } from '../../local/azurite/start-azurite.ts';
import { holdLock } from '../../local/hold-lock.ts';
import { runScript } from './run-program.ts';
import { temporaryFolder } from './temporary-folder.ts';

test('what Azurite acknowledged is there after SIGKILL of everything that started it', async (t) => {
  const folder = await temporaryFolder(t);
  const program = runScript(t, 'test/local/programs/append-blocks.ts', { args: [folder, '100'] });
  await program.says('All acknowledged.');
  program.signalGroup('SIGKILL');
  assert.equal(await program.ended, 'SIGKILL');

  const { connectionString } = await start(t, { folder });
  const lines = await readBlocks(connectionString);
  assert.deepEqual(
    lines,
    Array.from({ length: 100 }, (_, number) => String(number)),
  );
});

test('the next start waits until the last Azurite of the folder has ended', async (t) => {
  const folder = await temporaryFolder(t);
  const release = holdLock(join(folder, 'azurite.lock'));
  assert(release, 'the lock is free');

  const happenings: string[] = [];
  await start(t, {
    folder,
    log: (line) => {
      happenings.push(line);
      setImmediate(() => {
        happenings.push('the last one ends');
        release();
      });
    },
  });
  happenings.push('the next one serves');
  assert.match(happenings[0] ?? '', /^Waiting for the last Azurite/);
  assert.deepEqual(happenings.slice(1), ['the last one ends', 'the next one serves']);
});

test('an Azurite that dies comes back on the same ports, with its data', async (t) => {
  const folder = await temporaryFolder(t);
  const azurite = await start(t, { folder });
  const blobs = BlobServiceClient.fromConnectionString(azurite.connectionString);
  const queues = QueueServiceClient.fromConnectionString(azurite.connectionString);
  await blobs.getContainerClient('kept').create();
  await queues.getQueueClient('kept').create();

  const first = azurite.pid;
  assert(first);
  process.kill(first, 'SIGTERM');
  await until(() => azurite.pid !== undefined && azurite.pid !== first);
  assert.equal(await blobs.getContainerClient('kept').exists(), true);
  assert.equal(await queues.getQueueClient('kept').exists(), true);
});

test('an Azurite that dies again and again is given up, aloud', async (t) => {
  const folder = await temporaryFolder(t);
  const gaveUp = Promise.withResolvers<Error>();
  const azurite = await start(t, { folder, onGiveUp: gaveUp.resolve });
  let killed: number | undefined;
  const killer = setInterval(() => {
    if (azurite.pid === undefined || azurite.pid === killed) return;
    killed = azurite.pid;
    process.kill(killed, 'SIGKILL');
  }, 20);
  t.after(() => clearInterval(killer));
  assert.match((await gaveUp.promise).message, /is not started again/);
});

test('an Azurite that cannot start says why', async (t) => {
  const folder = await temporaryFolder(t);
  const file = join(folder, 'a-file');
  holdLock(file)?.();
  await assert.rejects(start(t, { folder: join(file, 'below') }), /a-file/);
});

async function start(t: TestContext, options: Partial<AzuriteOptions> & { folder: string }) {
  const azurite = await startAzurite({ log: () => {}, ...options });
  t.after(() => azurite.stop());
  return azurite;
}

async function readBlocks(connectionString: string): Promise<string[]> {
  const service = BlobServiceClient.fromConnectionString(connectionString);
  const content = await service.getContainerClient('kept').getBlobClient('blocks').downloadToBuffer();
  return content.toString('utf8').trimEnd().split('\n');
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 20));
}
