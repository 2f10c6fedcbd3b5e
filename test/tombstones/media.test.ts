import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { createWhatsApp } from '../../src/shared/channels/whatsapp/whatsapp.ts';
import { createMediaFetcher } from '../../src/shared/media/fetch.ts';
import { type MediaOrder, mediaOrder } from '../../src/shared/media/order.ts';
import { openMedia } from '../../src/shared/media/store.ts';
import type { Container } from '../../src/shared/storage/container.ts';
import { guardTranscripts } from '../../src/shared/tombstones/guard.ts';
import { openTranscripts } from '../../src/shared/transcripts/store.ts';
import { type Answer, refuse, send, useProvider } from '../media/provider.ts';
import { useAzurite } from '../support/azurite.ts';
import { openAsProcess } from '../support/tombstones.ts';

const azurite = useAzurite();
const provider = useProvider();
const key = { channel: 'whatsapp', id: '75476a19-a68d-4e10-806c-3680f099e069:US.134' };
const order: MediaOrder = {
  ...key,
  messageId: 'wamid.1',
  at: '2026-11-23T09:00:00.000Z',
  attachment: { id: 'media-1', type: 'image/jpeg' },
};
const photo = Buffer.from('ffd8ffe000', 'hex');

function open() {
  const blobs = { media: azurite.newContainer(), transcripts: azurite.newContainer() };
  const tombstones = openAsProcess(azurite.newContainer());
  const fetcher = createMediaFetcher({
    channels: [createWhatsApp(provider.parts())],
    transcripts: guardTranscripts(
      openTranscripts(blobs.transcripts, { segmentBytes: 1024 ** 2 }),
      tombstones,
    ),
    media: openMedia(blobs.media, { mediaBytes: 1024 ** 2 }),
    tombstones,
    clock: () => new Date('2026-11-25T00:00:00Z'),
  });
  const options = () => ({ signal: AbortSignal.timeout(20_000) });
  return {
    fetch: (of: MediaOrder = order) => fetcher.fetch(of, options()),
    giveUp: (of: MediaOrder = order) => fetcher.giveUp(of, options()),
    bury: () => tombstones.buryConversation(key, '2026-11-23T12:00:00.000Z'),
    left: async () => [...(await namesIn(blobs.media)), ...(await namesIn(blobs.transcripts))],
  };
}

async function namesIn(container: Container): Promise<string[]> {
  const names: string[] = [];
  for await (const { blobs } of container.pages()) names.push(...blobs.map(({ name }) => name));
  return names;
}

/** What happens before the provider answers. */
function after(happens: () => Promise<void>, answer: Answer): Answer {
  return (response) => void happens().then(() => answer(response));
}

describe('an attachment that was ordered before its conversation was erased', () => {
  test('is neither fetched nor told of, however late the order comes, nor when it was tried in vain', async () => {
    const { fetch, giveUp, bury, left } = open();
    await bury();
    provider.answer(send(photo), send(photo));
    const { at: _, ...old } = order;
    for (const late of [order, mediaOrder.parse(old)]) {
      assert.equal(await fetch(late), 'forgotten');
      await giveUp(late);
    }
    assert.deepEqual(provider.asked, []);
    assert.deepEqual(await left(), []);
  });

  test('goes again where the erasure came while it was fetched, or while the provider refused it', async () => {
    for (const answer of [send(photo), refuse(404)]) {
      const { fetch, bury, left } = open();
      provider.answer(after(bury, answer));
      assert.equal(await fetch(), 'forgotten');
      assert.equal(provider.asked.length, 1);
      assert.deepEqual(await left(), []);
    }
  });
});

test('an attachment of a later message, or of an old order in another conversation, is kept', async () => {
  const { fetch, bury, left } = open();
  await bury();
  const { at: _, ...old } = order;
  for (const late of [
    { ...order, at: '2026-11-24T09:00:00.000Z' },
    { ...old, id: `${key.id}5` },
  ]) {
    provider.answer(send(photo));
    assert.equal(await fetch(late), 'kept');
  }
  assert.equal((await left()).length, 4);
});
