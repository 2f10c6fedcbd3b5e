import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { BlobServiceClient } from '@azure/storage-blob';
import { QueueServiceClient } from '@azure/storage-queue';
import * as z from 'zod';
import { createServices } from '../../src/shared/services.ts';
import { readSettings } from '../../src/shared/settings.ts';
import { type Answer, ask, askUntil, newFolder, type Parley, post, startParley } from '../support/parley.ts';
import { searchEverything } from '../support/search-everything.ts';
import {
  conversation,
  finished,
  inbound,
  type Joe,
  letJoeLive,
  others,
  type Place,
  placeOf,
  traces,
  upload,
} from './joe.ts';

let parley: Parley;
let place: Place;
let folder = '';
let joe: Joe;
let removeFolder: () => Promise<void>;
/** Blobs of an export as they were before, by name. */
const exported = new Map<string, string>();

before(async () => {
  const made = await newFolder();
  ({ folder, remove: removeFolder } = made);
  parley = await startParley(folder, { ERASURE_SETTLE_SECONDS: '1' });
  place = placeOf(parley);
  joe = await letJoeLive(place);
});

after(async () => {
  await parley?.stop();
  await removeFolder?.();
});

const search = () =>
  searchEverything([...traces, ...joe.ids], {
    connectionString: place.connectionString,
    folder: join(folder, 'functions-host'),
  });

/** Fails with every place where something is left. */
async function assertNothingIsLeft(): Promise<void> {
  const found = (await search()).map(({ place: where, word }) => `${where}: ${word}`);
  assert.equal(found.length, 0, `\n${found.join('\n')}\n`);
}

const messagesOf = async (channel: string, id: string): Promise<string> =>
  (await conversation(place, channel, id)).text;

async function assertOthersAreThere(): Promise<void> {
  const group = await messagesOf('chat', joe.group);
  for (const text of others.group) assert.ok(group.includes(text), text);
  assert.ok((await messagesOf('email', joe.thread)).includes(others.thread[0] ?? ''));
  assert.ok((await messagesOf('email', joe.forward)).includes(others.forward[0] ?? ''));
  assert.match(await messagesOf('teams', 'festival'), /I would love to.*So would I/);
}

async function erase(): Promise<Answer> {
  const { status, headers, text } = await ask(`${parley.url}/api/people/${joe.person}`, { method: 'DELETE' });
  assert.equal(status, 202, text);
  return askUntil(headers.get('location') ?? '', (answer) => !/"state":"running"/.test(answer.text));
}

describe('a person in five conversations on four channels', () => {
  test('leaves traces everywhere, to begin with', async () => {
    const found = await search();
    for (const trace of traces)
      assert.ok(
        found.some(({ word }) => word === trace),
        `${trace} is nowhere`,
      );
    const containers = new Set(found.map(({ place: where }) => where.split('/')[0]));
    for (const name of ['transcripts', 'summaries', 'media', 'people', 'outbox', 'imports', 'exports']) {
      assert.ok(containers.has(name), `nothing in ${name}`);
    }
    await assertOthersAreThere();
    await saveExport();
  });

  test('is gone from every blob, queue message and file once erased', async () => {
    const answer = await erase();
    assert.match(answer.text, /"state":"completed"/);
    await assertNothingIsLeft();
    await assertOthersAreThere();
    const receipt = z
      .object({ person: z.string(), removed: z.record(z.string(), z.number()), remains: z.array(z.string()) })
      .parse(answer.json);
    assert.equal(receipt.person, joe.person);
    assert.ok(Number(receipt.removed.transcripts) > 0);
    assert.ok(receipt.remains.length > 3);
    assert.equal((await ask(`${parley.url}/api/people/${joe.person}`)).status, 404);
  });

  test('does not come back with late duplicates, imports, an export of before, or a replay', async () => {
    const events = z
      .array(z.object({ id: z.string() }))
      .parse((await ask(`${place.acs}/emulator/events?limit=10000`)).json);
    const ids = events.map(({ id }) => id);
    await post(`${place.acs}/emulator/redeliver`, { events: ids, subscription: 'parley' });
    for (const raw of joe.mails) assert.equal((await inbound(place, raw)).status, 200);
    await post(`${parley.url}/api/dead-letters/replay`, '');
    // The provider answers again: what was to be sent to him is not.
    await ask(`${place.acs}/emulator/faults`, { method: 'DELETE' });
    await upload(place.connectionString, 'imports', 'again.jsonl', joe.importFile);
    await finished(`${parley.url}/api/import`, { file: 'again.jsonl' });
    await restoreExport();
    await finished(`${parley.url}/api/import`, { export: '20260101-000000-00000000' });
    await removeCopies();
    await finished(`${parley.url}/api/summaries/runs`, {});
    const got = await ask(`${place.acs}/emulator/messages?to=${encodeURIComponent('+15557340001')}`);
    assert.doesNotMatch(got.text, /barometer/);
    await assertNothingIsLeft();
    await assertOthersAreThere();
  });

  test('every container and queue that there is has an eraser', async () => {
    const { erasers } = createServices(readSettings({}));
    const known = new Set(erasers.map(({ name }) => name));
    const stores = await listStores();
    assert.ok(stores.length > 12);
    assert.deepEqual(
      stores.filter((name) => !known.has(name)),
      [],
    );
  });
});

/** Keeps what an export holds, as somebody who had downloaded it. */
async function saveExport(): Promise<void> {
  const client = BlobServiceClient.fromConnectionString(place.connectionString).getContainerClient('exports');
  for await (const { name } of client.listBlobsFlat()) {
    exported.set(name, (await client.getBlobClient(name).downloadToBuffer()).toString('latin1'));
  }
  assert.ok(exported.size > 10);
}

async function restoreExport(): Promise<void> {
  const client = BlobServiceClient.fromConnectionString(place.connectionString).getContainerClient('exports');
  for (const [name, content] of exported) {
    if (name.startsWith('runs/')) continue;
    const body = Buffer.from(content, 'latin1');
    const again = name.replace(/^[^/]+/, '20260101-000000-00000000');
    await client.getBlockBlobClient(again).upload(body, body.length);
  }
}

/** What an operator put there by hand is the operator's to remove. */
async function removeCopies(): Promise<void> {
  const service = BlobServiceClient.fromConnectionString(place.connectionString);
  await service.getContainerClient('imports').deleteBlob('again.jsonl');
  const exports = service.getContainerClient('exports');
  for await (const { name } of exports.listBlobsFlat({ prefix: '20260101-000000-00000000/' })) {
    await exports.deleteBlob(name);
  }
}

/** Those of the Functions host and of Durable Functions are none of ours. */
async function listStores(): Promise<string[]> {
  const names: string[] = [];
  const blobs = BlobServiceClient.fromConnectionString(place.connectionString);
  for await (const { name } of blobs.listContainers()) names.push(name);
  const queues = QueueServiceClient.fromConnectionString(place.connectionString);
  for await (const { name } of queues.listQueues()) names.push(`queue ${name}`);
  return names.filter((name) => !/^(?:queue )?(?:azure-webjobs-|parley-)/.test(name));
}
