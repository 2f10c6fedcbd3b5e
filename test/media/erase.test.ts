import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { createMediaEraser } from '../../src/shared/media/erase.ts';
import { openMedia } from '../../src/shared/media/store.ts';
import { removeFolder } from '../../src/shared/storage/remove-folder.ts';
import { conversationPath } from '../../src/shared/transcripts/conversation-path.ts';
import { namesIn } from '../erasers/run-eraser.ts';
import { useAzurite } from '../support/azurite.ts';
import { openMortalStorage } from '../support/mortal-storage.ts';

const azurite = useAzurite();
const { signal } = new AbortController();
const options = { identities: [], signal };
const theirs = { channel: 'whatsapp', id: 'c4a77e10:+15551230009' };
const others = { channel: 'whatsapp', id: 'c4a77e10:+155512300090' };

const picture = { type: 'image/png', name: 'Plan.png', content: [Buffer.from('a picture')] };

describe('the attachments of a conversation', () => {
  test('go with it, also what of them was never uploaded whole, and no others', async () => {
    const container = azurite.newContainer();
    const media = openMedia(container, { mediaBytes: 1_000 });
    await media.keep(theirs, 'one', picture);
    await media.keep(theirs, 'two', picture);
    // Twice: what was uploaded for the second time is left there.
    await media.keep(theirs, 'two', picture);
    const kept = await media.keep(others, 'one', picture);
    const path = conversationPath(theirs);
    const begun = container.client.getBlockBlobClient(`${path}/begun`);
    const block = Buffer.from('1').toString('base64');
    await begun.stageBlock(block, 'half of it', 10);
    const eraser = createMediaEraser(container);
    assert.equal(await eraser.eraseConversation?.(theirs, options), 3);
    assert.deepEqual(await namesIn(container), [kept.blob]);
    await assert.rejects(begun.commitBlockList([block]), 'what was begun could be brought to its end');
    assert.equal(await eraser.eraseConversation?.(theirs, options), 0);
  });

  test('go page by page, and after a kill at any request with the next try', async () => {
    for (let at = 1; at <= 12; at += 1) {
      const container = azurite.newContainer();
      for (let number = 0; number < 5; number += 1) {
        await container.write(`chat/a/${number}`, 'x', { contentType: 'text/plain' });
        await container.write(`chat/ab/${number}`, 'x', { contentType: 'text/plain' });
      }
      const storage = openMortalStorage(azurite.connectionString(), {
        at,
        when: at % 2 ? 'before' : 'after',
      });
      const mortal = storage.open(container.client.containerName);
      await Promise.race([removeFolder(mortal, 'chat/a/', { signal, pageSize: 2 }), storage.reaper.death]);
      await removeFolder(container, 'chat/a/', { signal, pageSize: 2 });
      assert.deepEqual(
        await namesIn(container),
        ['0', '1', '2', '3', '4'].map((name) => `chat/ab/${name}`),
      );
    }
  });

  test('of which there are none, in no container, are nothing to do', async () => {
    const eraser = createMediaEraser(azurite.newContainer());
    assert.equal(await eraser.eraseConversation?.(theirs, options), 0);
  });
});
