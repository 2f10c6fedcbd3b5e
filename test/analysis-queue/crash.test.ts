import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import * as z from 'zod';
import { createBlobService } from '../../src/shared/storage/blob-service.ts';
import { openContainer } from '../../src/shared/storage/container.ts';
import { conversationPath } from '../../src/shared/transcripts/conversation-path.ts';
import { openTranscripts } from '../../src/shared/transcripts/store.ts';
import { useAzurite } from '../support/azurite.ts';
import { smallTalk } from '../support/chat-events.ts';
import { ask, newFolder, post, startParley } from '../support/parley.ts';

const azurite = useAzurite();
const key = { channel: 'chat', id: '19:killed@thread.v2' };
const count = 900;
const batch = 100;

/** What the log says of it. */
function told(lines: readonly string[]): string {
  return lines.filter((line) => /analy|warning|error/i.test(line)).join('\n');
}

const page = z.object({ messages: z.array(z.object({ analysis: z.unknown().optional() })) });

describe('everything killed while messages are analysed', () => {
  test('no message is lost, and none analysed twice but those of the batch under way', async () => {
    const { folder, remove } = await newFolder();
    const environment = { ANALYSIS: 'on', AzureWebJobsStorage: azurite.connectionString() };
    let parley = await startParley(folder, environment);
    const analysed = async (): Promise<number> => {
      const { json } = await ask(
        `${parley.url}/api/conversations/chat/${encodeURIComponent(key.id)}?limit=1000`,
      );
      return page.safeParse(json).data?.messages.filter(({ analysis }) => analysis).length ?? 0;
    };
    try {
      const { status, text } = await post(`${parley.url}/api/events`, smallTalk(key.id, count));
      assert.equal(status, 200, text);
      for (const end = performance.now() + 60_000; (await analysed()) === 0; ) {
        assert.ok(performance.now() < end, 'nothing was analysed within a minute');
      }
      await parley.kill();
      parley = await startParley(folder, environment);
      const before = await analysed();
      assert.ok(before < count, 'it was killed too late to show anything');
      // The host gives the message to its next life after a minute at most.
      for (const end = performance.now() + 150_000; (await analysed()) < count; ) {
        assert.ok(performance.now() < end, `only ${await analysed()} of ${count}; ${told(parley.lines)}`);
        await new Promise((resolve) => setTimeout(resolve, 200));
      }
      const blobs = openContainer(
        createBlobService({ connectionString: azurite.connectionString() }, { maxTries: 2 }),
        'transcripts',
      );
      const times = new Map<string, number>();
      await openTranscripts(blobs, { segmentBytes: 1024 ** 2 }).readEntries(
        conversationPath(key),
        (entry) => {
          if (entry.kind !== 'analysis' || entry.messageId === undefined) return;
          times.set(entry.messageId, (times.get(entry.messageId) ?? 0) + 1);
        },
      );
      assert.equal(times.size, count);
      const twice = [...times.values()].filter((each) => each > 1).length;
      assert.ok(twice <= batch, `${twice} were analysed twice`);
    } finally {
      await parley.stop();
      await remove();
    }
  });
});
