import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { BlobServiceClient } from '@azure/storage-blob';
import { QueueServiceClient } from '@azure/storage-queue';
import fc from 'fast-check';
import { type OpenService, openService } from '../../local/azurite/open-services.ts';
import { gapsBetween, inBoth, type Range } from '../../local/azurite/ranges.ts';
import { startAzurite } from '../../local/azurite/start-azurite.ts';
import { temporaryFolder } from './temporary-folder.ts';

const secret = 'zebra quince';

async function filesWith(folder: string, text: string): Promise<string[]> {
  const found: string[] = [];
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const bytes = await readFile(join(entry.parentPath, entry.name));
    if (bytes.includes(text) || bytes.includes(Buffer.from(text).toString('base64'))) found.push(entry.name);
  }
  return found;
}

/** Blobs and messages of which some go; returns what checks the rest. */
async function fill(connectionString: string): Promise<() => Promise<void>> {
  const container = BlobServiceClient.fromConnectionString(connectionString).getContainerClient('box');
  await container.create();
  const put = (name: string, text: string) => container.getBlockBlobClient(name).upload(text, text.length);
  const stays = 'The hall is open. '.repeat(500);
  for (let number = 0; number < 30; number += 1) {
    await put(`goes-${number}`, `${secret} `.repeat(200));
    await put(`stays-${number}`, `${number} ${stays}`);
  }
  const append = container.getAppendBlobClient('appended');
  await append.create();
  for (const text of ['one ', 'two ', 'three']) await append.appendBlock(text, text.length);
  const gone = container.getAppendBlobClient('appended-goes');
  await gone.create();
  await gone.appendBlock(secret, secret.length);
  await put('written-over', secret);
  await put('written-over', 'new');
  await put('in-blocks', secret);
  const blocks = container.getBlockBlobClient('in-blocks');
  const ids = ['1', '2'].map((id) => Buffer.from(id).toString('base64'));
  for (const id of ids) await blocks.stageBlock(id, 'new ', 4);
  await blocks.commitBlockList(ids);
  for (let number = 0; number < 30; number += 1) await container.deleteBlob(`goes-${number}`);
  await gone.delete();
  return async () => {
    for (let number = 0; number < 30; number += 1) {
      const text = (await container.getBlobClient(`stays-${number}`).downloadToBuffer()).toString();
      assert.ok(text === `${number} ${stays}`, `stays-${number}`);
    }
    assert.equal((await append.downloadToBuffer()).toString(), 'one two three');
    assert.equal((await container.getBlobClient('written-over').downloadToBuffer()).toString(), 'new');
    assert.equal((await blocks.downloadToBuffer()).toString(), 'new new ');
  };
}

test('what was deleted or written over is on no file any more once Azurite has stopped, all else is', async (t) => {
  const folder = await temporaryFolder(t);
  const first = await startAzurite({ folder, log: () => {} });
  t.after(() => first.stop());
  const check = await fill(first.connectionString);
  const queue = QueueServiceClient.fromConnectionString(first.connectionString).getQueueClient('box');
  await queue.create();
  await queue.sendMessage(secret);
  await queue.sendMessage('stays');
  const { receivedMessageItems } = await queue.receiveMessages({ visibilityTimeout: 1 });
  for (const { messageId, popReceipt } of receivedMessageItems)
    await queue.deleteMessage(messageId, popReceipt);
  await check();
  assert.notDeepEqual(await filesWith(folder, secret), [], 'it was there');
  await first.stop();
  assert.deepEqual(await filesWith(folder, secret), []);
  const second = await startAzurite({ folder, log: () => {} });
  t.after(() => second.stop());
  const again = BlobServiceClient.fromConnectionString(second.connectionString).getContainerClient('box');
  assert.equal((await again.getBlobClient('appended').downloadToBuffer()).toString(), 'one two three');
  const kept = (await again.getBlobClient('stays-7').downloadToBuffer()).toString();
  assert.ok(kept.startsWith('7 The hall is open.'));
  const { peekedMessageItems } = await QueueServiceClient.fromConnectionString(second.connectionString)
    .getQueueClient('box')
    .peekMessages();
  assert.deepEqual(
    peekedMessageItems.map(({ messageText }) => messageText),
    ['stays'],
  );
});

async function openBlobs(t: TestContext) {
  let opened: OpenService | undefined;
  // Before its folder goes.
  t.after(() => opened?.close());
  const folder = await temporaryFolder(t);
  const service = await openService('blob', folder, 0);
  opened = service;
  const key = 'Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==';
  const endpoint = `http://127.0.0.1:${service.port}/devstoreaccount1`;
  const account = `DefaultEndpointsProtocol=http;AccountName=devstoreaccount1;AccountKey=${key};BlobEndpoint=${endpoint};`;
  return { folder, service, connectionString: account };
}

test('while it runs, what was unused before is overwritten, and nothing that was just written', async (t) => {
  const { folder, service, connectionString } = await openBlobs(t);
  const check = await fill(connectionString);
  const extents = join(folder, '__blobstorage__');
  await service.clearExtents();
  assert.notDeepEqual(await filesWith(extents, secret), [], 'the index on disk may still point to it');
  await service.clearExtents();
  assert.deepEqual(await filesWith(extents, secret), []);
  await check();
  const container = BlobServiceClient.fromConnectionString(connectionString).getContainerClient('box');
  let isOver = false;
  t.after(() => {
    isOver = true;
  });
  const clearing = (async () => {
    while (!isOver) {
      await service.clearExtents();
      // Azurite takes a moment from the bytes to the index; the program leaves it half a minute.
      await wait(100);
    }
  })();
  const names = Array.from({ length: 200 }, (_, number) => `busy-${number % 20}`);
  for (const [number, name] of names.entries()) {
    const text = `${number} ${secret} `.repeat(300);
    await container.getBlockBlobClient(name).upload(text, text.length);
    const read = (await container.getBlobClient(name).downloadToBuffer()).toString();
    assert.ok(read === text, `${name}, written as number ${number}`);
    if (number % 20 === 0) await wait(50);
  }
  isOver = true;
  await clearing;
  await check();
});

const size = 40;
const range = fc
  .tuple(fc.nat(size), fc.nat(size))
  .map(([a, b]): Range => ({ start: Math.min(a, b), end: Math.max(a, b) }));
const bytesOf = (ranges: readonly Range[]): number[] =>
  [
    ...new Set(
      ranges.flatMap(({ start, end }) => Array.from({ length: end - start }, (_, at) => start + at)),
    ),
  ].sort((a, b) => a - b);

test('ranges: gaps and overlaps are those of the bytes, in order', () => {
  fc.assert(
    fc.property(fc.array(range), fc.array(range), (a, b) => {
      const [gapsOfA, gapsOfB] = [gapsBetween(a, size), gapsBetween(b, size)];
      const all = Array.from({ length: size }, (_, at) => at);
      assert.deepEqual(
        gapsOfA.flatMap((gap) => bytesOf([gap])),
        all.filter((at) => !bytesOf(a).includes(at)),
      );
      assert.deepEqual(
        inBoth(gapsOfA, gapsOfB).flatMap((both) => bytesOf([both])),
        bytesOf(gapsOfA).filter((at) => bytesOf(gapsOfB).includes(at)),
      );
    }),
  );
});
