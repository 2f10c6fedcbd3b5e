import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { describe, test } from 'node:test';
import type { Channel } from '../../src/shared/channels/channel.ts';
import { createSms } from '../../src/shared/channels/sms/sms.ts';
import { createWhatsApp } from '../../src/shared/channels/whatsapp/whatsapp.ts';
import { createMediaFetcher } from '../../src/shared/media/fetch.ts';
import type { MediaOrder } from '../../src/shared/media/order.ts';
import { openMedia } from '../../src/shared/media/store.ts';
import { conversationPath } from '../../src/shared/transcripts/conversation-path.ts';
import type { TranscriptEntry } from '../../src/shared/transcripts/entry.ts';
import { openTranscripts } from '../../src/shared/transcripts/store.ts';
import { useAcs } from '../support/acs.ts';
import { acsEvent, onlyEntry, partsWith } from '../support/acs-events.ts';
import { useAzurite } from '../support/azurite.ts';
import { nothingBuried } from '../support/tombstones.ts';
import { breakOff, endless, refuse, send, stall, stream, useProvider } from './provider.ts';

const azurite = useAzurite();
const provider = useProvider();
const events: unknown[] = [];
const acs = useAcs({ onEvent: ({ type, data }) => events.push(acsEvent(type, data)) });

const key = { channel: 'whatsapp', id: '75476a19-a68d-4e10-806c-3680f099e069:US.134' };
const order: MediaOrder = {
  ...key,
  messageId: 'wamid.1',
  attachment: { id: 'media-1', type: 'image/jpeg', name: 'Grüße 🎉.jpg' },
};
const photo = (bytes: number) => Buffer.concat([Buffer.from('ffd8ffe0', 'hex'), randomBytes(bytes - 4)]);
const mediaBytes = 6 * 1024 ** 2;
const now = new Date('2020-01-01T00:00:00Z');

function open({ channel = createWhatsApp(provider.parts()) }: { channel?: Channel } = {}) {
  const blobs = azurite.newContainer();
  const media = openMedia(blobs, { mediaBytes });
  const lines = azurite.newContainer();
  const transcripts = openTranscripts(lines, { segmentBytes: 64 * 1024 ** 2 });
  const fetcher = createMediaFetcher({
    channels: [channel],
    transcripts,
    media,
    tombstones: nothingBuried,
    clock: () => now,
  });
  const { channel: _, id: conversation } = key;
  const message: TranscriptEntry = {
    kind: 'message',
    id: 'message:wamid.1:1',
    conversation,
    version: '1',
    at: '2026-11-23T09:00:00.000Z',
    messageId: 'wamid.1',
    sender: { id: 'whatsapp:US.134' },
    text: '[image]',
    attachments: [order.attachment],
  };
  return {
    media,
    transcripts,
    fetch: (what: MediaOrder = order, signal = AbortSignal.timeout(20_000)) =>
      fetcher.fetch(what, { signal }),
    giveUp: () => fetcher.giveUp(order, { signal: AbortSignal.timeout(20_000) }),
    append: () => transcripts.append(key, [message]),
    async attachment() {
      const transcript = await transcripts.read(conversationPath(key));
      return transcript?.conversation.messages[0]?.attachments?.[0];
    },
    async lines() {
      const segment = await lines.read(`${conversationPath(key)}/000001.jsonl`);
      return segment?.text.trim().split('\n') ?? [];
    },
    async blobNames() {
      const names: string[] = [];
      for await (const { blobs: found } of blobs.pages()) names.push(...found.map(({ name }) => name));
      return names;
    },
  };
}

describe('an attachment', () => {
  test('is kept byte for byte, with its name, and the message shows where', async () => {
    for (const answer of [send, stream]) {
      const { append, attachment, blobNames, fetch, media } = open();
      const bytes = photo(mediaBytes);
      await append();
      provider.answer(answer(bytes));
      assert.equal(await fetch(), 'kept');
      const [blob = ''] = await blobNames();
      assert.match(blob, /^whatsapp\/75476a19-a68d-4e10-806c-3680f099e069~3aUS~2e134\/[0-9a-f]{64}$/);
      assert.deepEqual(await attachment(), { ...order.attachment, size: bytes.length, blob });
      const kept = await media.read(blob);
      assert.ok(kept);
      assert.ok(kept.content.equals(bytes));
      assert.deepEqual([kept.type, kept.name, kept.size], ['image/jpeg', 'Grüße 🎉.jpg', bytes.length]);
    }
  });

  test('is fetched once, however often it is ordered, and each time the transcript gets the same line', async () => {
    const { append, fetch, lines } = open();
    await append();
    provider.answer(send(photo(1_000)));
    for (let time = 0; time < 3; time += 1) assert.equal(await fetch(), 'kept');
    assert.equal(provider.asked.length, 1);
    const [message, ...told] = await lines();
    assert.ok(message && told.length > 0);
    assert.equal(new Set(told).size, 1);
  });

  test('that was kept when the process ended before it could say so is said by the next try', async () => {
    const { append, attachment, fetch, media } = open();
    await append();
    await media.keep(key, 'media-1', { type: 'image/jpeg', content: [photo(100)] });
    provider.answer();
    assert.equal(await fetch(), 'kept');
    assert.equal(provider.asked.length, 0);
    assert.equal((await attachment())?.size, 100);
  });

  test('that is gone, or too large, says so and is never there in part', async () => {
    const tooLarge = photo(mediaBytes + 1);
    const cases: [Parameters<typeof provider.answer>[0], RegExp][] = [
      [refuse(404), /no longer has it \(404\)/],
      [refuse(410), /no longer has it \(410\)/],
      [send(tooLarge), /larger than MEDIA_MAX_BYTES allows, 6291456 bytes/],
      [stream(tooLarge), /larger than MEDIA_MAX_BYTES/],
    ];
    for (const [answer, problem] of cases) {
      const { append, attachment, blobNames, fetch } = open();
      await append();
      provider.answer(answer);
      assert.equal(await fetch(), 'refused');
      const shown = await attachment();
      assert.match(shown?.problem ?? '', problem);
      assert.equal(shown?.blob, undefined);
      assert.deepEqual(await blobNames(), []);
    }
  });

  test('that never ends is let go of at the limit', async () => {
    const { append, attachment, blobNames, fetch } = open();
    await append();
    const isGone = new Promise<void>((resolve) => provider.answer(endless(resolve)));
    assert.equal(await fetch(), 'refused');
    await isGone;
    assert.match((await attachment())?.problem ?? '', /larger than MEDIA_MAX_BYTES/);
    assert.deepEqual(await blobNames(), []);
  });

  test('that the provider does not hand out now is tried again, and then is there', async () => {
    const bytes = photo(5 * 1024 ** 2);
    const { append, attachment, blobNames, fetch } = open();
    await append();
    for (const answer of [refuse(503), refuse(429), refuse(401), refuse(403), breakOff(bytes)]) {
      provider.answer(answer);
      await assert.rejects(() => fetch());
      assert.deepEqual(await attachment(), order.attachment);
      assert.deepEqual(await blobNames(), []);
    }
    provider.answer(send(bytes));
    assert.equal(await fetch(), 'kept');
    assert.equal((await attachment())?.size, bytes.length);
  });

  test('of which the provider sends half and then nothing is let go of in time', async () => {
    const { append, attachment, blobNames, fetch } = open();
    await append();
    const ending = new AbortController();
    provider.answer(stall(photo(1_000), () => ending.abort()));
    await assert.rejects(() => fetch(order, ending.signal));
    assert.deepEqual(await attachment(), order.attachment);
    assert.deepEqual(await blobNames(), []);
  });

  test('that was given up can still come, and then counts, whatever the clocks say', async () => {
    const { append, attachment, fetch, giveUp } = open();
    await append();
    await giveUp();
    assert.match((await attachment())?.problem ?? '', /several tries/);
    provider.answer(send(photo(10)));
    await fetch();
    assert.equal((await attachment())?.size, 10);
    await giveUp();
    const shown = await attachment();
    assert.deepEqual([shown?.size, shown?.problem], [10, undefined]);
  });

  test('is only bytes where its content is not what its sender called it', async () => {
    const page = Buffer.from('<!doctype html><script>alert(1)</script>');
    const { append, attachment, fetch, media } = open();
    await append();
    provider.answer(send(page));
    await fetch();
    const shown = await attachment();
    assert.equal(shown?.type, 'application/octet-stream');
    const kept = await media.read(shown.blob ?? '');
    assert.ok(kept);
    assert.ok(kept.content.equals(page));
    assert.equal(kept.type, 'application/octet-stream');
  });

  test('that cannot be fetched because a setting is missing says which', async () => {
    const { append, attachment, fetch } = open({ channel: createWhatsApp(partsWith()) });
    await append();
    assert.equal(await fetch(), 'refused');
    assert.match((await attachment())?.problem ?? '', /ACS_CONNECTION_STRING/);
  });

  test('of a channel where attachments come with the messages is left as its message tells', async () => {
    const { append, attachment, fetch } = open({ channel: createSms(partsWith()) });
    await append();
    assert.equal(await fetch({ ...order, channel: 'sms' }), 'refused');
    assert.deepEqual(await attachment(), order.attachment);
  });

  test('of any id stays in its place, at the provider and here', async () => {
    for (const id of ['../../identities', 'a/b?c#d', '%2e%2e', 'ä 🎉', '\u0000']) {
      const { append, blobNames, fetch } = open();
      await append();
      provider.answer(send(photo(10)));
      assert.equal(await fetch({ ...order, attachment: { ...order.attachment, id } }), 'kept');
      assert.match(provider.asked[0] ?? '', /^\/messages\/streams\/[^/]+\?api-version=[\d-]+$/);
      assert.match((await blobNames())[0] ?? '', /^whatsapp\/[\w~-]+\/[0-9a-f]{64}$/);
    }
    for (const id of ['.', '..']) {
      const { append, fetch } = open();
      await append();
      provider.answer();
      assert.equal(await fetch({ ...order, attachment: { ...order.attachment, id } }), 'refused');
      assert.equal(provider.asked.length, 0);
    }
  });

  test('that two fetch at once is kept once', async () => {
    const { append, attachment, blobNames, fetch } = open();
    const bytes = photo(5 * 1024 ** 2);
    await append();
    provider.answer(send(bytes), send(bytes));
    const results = await Promise.allSettled([fetch(), fetch()]);
    assert.ok(results.some(({ status }) => status === 'fulfilled'));
    assert.equal((await blobNames()).length, 1);
    assert.equal(await fetch(), 'kept');
    assert.equal((await attachment())?.size, bytes.length);
  });

  test('that a person sent comes through the emulator byte for byte', async () => {
    const bytes = photo(300_000);
    const channel = createWhatsApp({ ...provider.parts(), reading: acs.clients() });
    acs.emulator().whatsapp.receive({
      from: '+15551230001',
      media: { kind: 'image', mimeType: 'image/jpeg', base64: bytes.toString('base64'), fileName: 'a.jpg' },
    });
    const entry = await onlyEntry(channel, events.at(-1));
    assert.ok(entry.kind === 'message' && entry.attachments?.[0]);
    const { fetch, media } = open({ channel });
    const [attachment] = entry.attachments;
    assert.equal(await fetch({ ...order, attachment }), 'kept');
    const kept = await media.find(key, attachment.id);
    assert.deepEqual([kept?.type, kept?.name, kept?.size], ['image/jpeg', 'a.jpg', bytes.length]);
    assert.ok((await media.read(kept?.blob ?? ''))?.content.equals(bytes));
    assert.equal(await fetch({ ...order, attachment: { ...attachment, id: 'nobody-sent-it' } }), 'refused');
  });
});
