import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Container } from '../../src/shared/storage/container.ts';
import { conversationPath } from '../../src/shared/transcripts/conversation-path.ts';
import type { TranscriptEntry } from '../../src/shared/transcripts/entry.ts';
import { listSegments } from '../../src/shared/transcripts/segments.ts';
import { openTranscripts, type TranscriptStore } from '../../src/shared/transcripts/store.ts';
import { useAzurite } from '../support/azurite.ts';

const azurite = useAzurite();
const key = { channel: 'chat', id: '19:store@thread.v2' };
const path = conversationPath(key);

function message(id: number, text = `message ${id}`): TranscriptEntry {
  const at = new Date(Date.parse('2026-11-23T09:00:00Z') + id * 1_000).toISOString();
  return {
    kind: 'message',
    id: `message:${id}:${id}`,
    conversation: key.id,
    version: String(id),
    at,
    messageId: String(id).padStart(6, '0'),
    sender: { id: 'ada' },
    text,
    composedAt: at,
  };
}

function open(segmentBytes = 64 * 1024 ** 2): { store: TranscriptStore; container: Container } {
  const container = azurite.newContainer();
  return { store: openTranscripts(container, { segmentBytes }), container };
}

async function texts(store: TranscriptStore): Promise<string[]> {
  const transcript = await store.read(path);
  return transcript?.conversation.messages.map(({ text }) => text) ?? [];
}

describe('transcripts in blob storage', () => {
  test('a conversation that nobody wrote in is not there', async () => {
    const { store } = open();
    assert.equal(await store.read(path), undefined);
    assert.deepEqual(await Array.fromAsync(store.list()), []);
  });

  test('every character comes back: emoji, right-to-left, line and paragraph separators, lone surrogates', async () => {
    const { store } = open();
    const odd = ['👩‍👩‍👧 ok', 'שלום עולם', 'a\u2028b\u2029c\r\nd\te', 'lone \ud83d end', '\u0000\u001f"\\'];
    await store.append(
      key,
      odd.map((text, index) => message(index, text)),
    );
    assert.deepEqual(await texts(store), odd);
  });

  test('when a segment is full the next one goes on, and reading sees all of them', async () => {
    const { store, container } = open(1024);
    for (let id = 0; id < 20; id += 1) await store.append(key, [message(id)]);
    const segments = await listSegments(container, path);
    assert.ok(segments.length > 3, `${segments.length} segments`);
    assert.equal(segments[0], '000001');
    assert.equal((await texts(store)).length, 20);
  });

  test('a store that has just started finds the last segment by itself', async () => {
    const { store, container } = open(1024);
    for (let id = 0; id < 12; id += 1) await store.append(key, [message(id)]);
    const before = await listSegments(container, path);
    await openTranscripts(container, { segmentBytes: 1024 }).append(key, [message(12)]);
    const after = await listSegments(container, path);
    assert.ok(after.length - before.length <= 1);
    assert.equal((await texts(store)).length, 13);
  });

  test('a segment takes so many appends and no more, because each costs the reader', async () => {
    const container = azurite.newContainer();
    const store = openTranscripts(container, { segmentBytes: 1024 ** 2, appendsPerSegment: 5 });
    for (let id = 0; id < 12; id += 1) await store.append(key, [message(id)]);
    assert.deepEqual(await listSegments(container, path), ['000001', '000002', '000003']);
    assert.equal((await texts(store)).length, 12);
  });

  test('a line longer than a segment is kept, alone', async () => {
    const { store } = open(1024);
    await store.append(key, [message(1), message(2, 'x'.repeat(5_000)), message(3)]);
    assert.equal((await texts(store))[1]?.length, 5_000);
    assert.equal((await texts(store)).length, 3);
  });

  test('sixteen appends at once to a conversation that was not there lose nothing', async () => {
    const { store } = open(2048);
    await Promise.all(
      Array.from({ length: 16 }, (_, id) => store.append(key, [message(id), message(id + 100)])),
    );
    assert.equal((await texts(store)).length, 32);
  });

  test('the version of a read is the version of the listing until somebody appends', async () => {
    const { store } = open();
    await store.append(key, [message(1)]);
    const first = await store.read(path);
    assert.equal((await Array.fromAsync(store.list()))[0]?.version, first?.version);
    await store.append(key, [message(1)]);
    const second = await store.read(path);
    assert.notEqual(second?.version, first?.version);
    assert.equal((await Array.fromAsync(store.list()))[0]?.version, second?.version);
  });

  test('a read told of a segment that is gone lists anew', async () => {
    const { store } = open();
    await store.append(key, [message(1)]);
    const known = await store.read(path, { segments: ['000001'] });
    assert.equal(known?.conversation.messages.length, 1);
    const rewritten = await store.read(path, { segments: ['000001', '000002'] });
    assert.deepEqual(rewritten, known);
  });

  test('a segment that is listed and stays missing is a fault, not a conversation that is gone', async () => {
    const container = azurite.newContainer();
    const real = openTranscripts(container, { segmentBytes: 1024 ** 2 });
    await real.append(key, [message(1)]);
    async function* pages() {
      for await (const { blobs } of container.pages()) {
        yield { blobs: blobs.map((blob) => ({ ...blob, name: `${path}/000007.jsonl` })) };
      }
    }
    const store = openTranscripts({ ...container, pages }, { segmentBytes: 1024 ** 2 });
    await assert.rejects(store.read(path), { code: 'storage_unavailable' });
  });

  test('lines this version does not know, or that are no JSON, cost nothing but themselves', async () => {
    const { store, container } = open();
    await store.append(key, [message(1)]);
    const lines = Buffer.from('{"kind":"of the future"}\nnot json\n\n');
    await container.client.getAppendBlobClient(`${path}/000001.jsonl`).appendBlock(lines, lines.length);
    await store.append(key, [message(2)]);
    assert.equal((await texts(store)).length, 2);
  });

  test('a listing can be left and taken up at any conversation', async () => {
    const { store } = open();
    const ids = ['a', 'a-b', 'a_b', 'B', 'ä', '漢字', 'x'.repeat(300), '4:+15550100'];
    for (const id of ids) await store.append({ channel: 'chat', id }, [message(1)]);
    const all = await Array.fromAsync(store.list({ pageSize: 3 }));
    assert.deepEqual(all.map((one) => one.key.id).sort(), [...ids].sort());
    for (const [index, { position }] of all.entries()) {
      const rest = await Array.fromAsync(store.list({ after: position, pageSize: 2 }));
      assert.deepEqual(
        rest.map((one) => one.path),
        all.slice(index + 1).map((one) => one.path),
      );
    }
  });
});
