import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { ToAnalyse } from '../../src/shared/analysis/to-analyse.ts';
import type { Channel } from '../../src/shared/channels/channel.ts';
import { chat } from '../../src/shared/channels/chat/read-chat-event.ts';
import { acceptEvents } from '../../src/shared/events/accept-events.ts';
import { createResumeMemory } from '../../src/shared/events/resume-memory.ts';
import { createServices } from '../../src/shared/services.ts';
import { readSettings } from '../../src/shared/settings.ts';
import { storageUnavailable } from '../../src/shared/storage/storage-errors.ts';
import type { TranscriptEntry } from '../../src/shared/transcripts/entry.ts';
import type { TranscriptStore } from '../../src/shared/transcripts/store.ts';
import { useAzurite } from '../support/azurite.ts';
import { chatEvent, deleted, edited, joined, smallTalk, topicChanged } from '../support/chat-events.ts';
import { nothingBuried } from '../support/tombstones.ts';

const azurite = useAzurite();

interface Options {
  isAnalysing?: boolean;
  append?: TranscriptStore['append'];
  channels?: Channel[];
}

/** What a batch of events orders, once it is stored. */
async function ordersOf(events: readonly unknown[], options: Options = {}): Promise<ToAnalyse[]> {
  const { isAnalysing = true, append = async () => {}, channels = [chat] } = options;
  const orders: ToAnalyse[] = [];
  const dependencies = {
    channels,
    transcripts: { append },
    deadLetters: { put: async () => {} },
    memory: createResumeMemory({ clock: () => new Date() }),
    people: { note: async () => {} },
    tombstones: nothingBuried,
    isAnalysing,
  };
  await acceptEvents(events, dependencies, { orderAnalysis: (more) => orders.push(...more) });
  return orders;
}

const one = '19:one@thread.v2';
const two = '19:two@thread.v2';
const ada = { id: '1', from: 'Ada', text: 'Hello', second: 1 };

/** A channel on which an event is the entry that it brings. */
const plain: Channel = {
  name: 'plain',
  read: ({ data }) => ({
    conversation: { channel: 'plain', id: 'x' },
    entries: [Object(data)],
  }),
};

describe('a batch of events orders the analysis', () => {
  test('of each conversation that it adds messages or edits to, once', async () => {
    const talk = [...smallTalk(one, 5), ...smallTalk(two, 3), ...smallTalk(one, 5)];
    assert.deepEqual(await ordersOf(talk), [
      { channel: 'chat', id: one },
      { channel: 'chat', id: two },
    ]);
    assert.deepEqual(await ordersOf([edited(one, ada, 10)]), [{ channel: 'chat', id: one }]);
  });

  test('not for who comes and goes, topics, deletions, what is malformed, or what we sent', async () => {
    const bad = chatEvent('ChatMessageReceivedInThread', one, { messageId: 7.5 });
    const events = [joined(one, 'Ada', 1), topicChanged(one, 'T', 2), deleted(one, ada, 3), bad, 'nonsense'];
    assert.deepEqual(await ordersOf(events), []);
    const message: TranscriptEntry = {
      kind: 'message',
      id: 'message:1:1',
      conversation: 'x',
      version: '1',
      at: '2026-11-23T09:00:00.000Z',
      messageId: '1',
      sender: { id: 'us' },
      text: 'From us',
    };
    const eventOf = (data: TranscriptEntry) => ({ eventType: 'plain', data });
    const options = { channels: [plain] };
    assert.deepEqual(await ordersOf([eventOf({ ...message, sentBy: 'desk' })], options), []);
    assert.deepEqual(await ordersOf([eventOf(message)], options), [{ channel: 'plain', id: 'x' }]);
  });

  test('not where messages are not to be analysed', async () => {
    assert.deepEqual(await ordersOf(smallTalk(one, 2), { isAnalysing: false }), []);
  });

  test('only once all of it is durable', async () => {
    const { promise, resolve } = Promise.withResolvers<void>();
    let hasOrdered = false;
    const ordering = ordersOf(smallTalk(one, 2), { append: () => promise }).then(() => {
      hasOrdered = true;
    });
    await new Promise((done) => setTimeout(done, 50));
    assert.equal(hasOrdered, false);
    resolve();
    await ordering;
    const failing = { append: () => Promise.reject(storageUnavailable(new Error('down'))) };
    const orders: ToAnalyse[] = [];
    await assert.rejects(ordersOf(smallTalk(one, 2), failing).then((found) => orders.push(...found)));
    assert.deepEqual(orders, []);
  });
});

describe('a mail', () => {
  const raw = (id: string, text: string) =>
    Buffer.from(
      [
        'From: Joe <joe@example.com>',
        'To: desk@parley.example',
        'Date: Mon, 23 Nov 2026 09:00:00 +0000',
        `Message-ID: <${id}@example.com>`,
        '',
        text,
      ].join('\r\n'),
    );

  test('orders the analysis of its thread, unless messages are not to be analysed, or it could not be read', async () => {
    for (const ANALYSIS of ['on', 'off']) {
      const { takeMail, acceptAgain } = createServices(
        readSettings({ AzureWebJobsStorage: azurite.connectionString(), ANALYSIS }),
      );
      const orders: ToAnalyse[] = [];
      const orderAnalysis = (more: ToAnalyse[]) => orders.push(...more);
      await takeMail(raw(`m-${ANALYSIS}`, 'Where is my order?'), { orderAnalysis });
      const base64 = raw(`again-${ANALYSIS}`, 'And now?').toString('base64');
      await acceptAgain([{ contentType: 'message/rfc822', base64 }], { orderAnalysis });
      const unread = await takeMail(Buffer.from(''), { orderAnalysis });
      assert.ok('deadLettered' in unread, JSON.stringify(unread));
      const expected = [`m-${ANALYSIS}@example.com`, `again-${ANALYSIS}@example.com`];
      assert.deepEqual(orders, ANALYSIS === 'on' ? expected.map((id) => ({ channel: 'email', id })) : []);
    }
  });
});
