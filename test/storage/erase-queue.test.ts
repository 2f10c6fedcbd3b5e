import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { type QueueClient, QueueServiceClient } from '@azure/storage-queue';
import type { ErasureScope } from '../../src/shared/erasers/eraser.ts';
import { createQueueEraser } from '../../src/shared/storage/erase-queue.ts';
import { createQueueOpener } from '../../src/shared/storage/queue-client.ts';
import { sweepAll } from '../erasers/run-eraser.ts';
import { simpleMatcher } from '../erasers/simple-matcher.ts';
import { useAzurite } from '../support/azurite.ts';

const azurite = useAzurite();
const number = '+15551230009';
const scope: ErasureScope = {
  person: { identities: [`4:${number}`], matcher: simpleMatcher(number, 'zebra quince') },
  conversations: [
    { channel: 'chat', id: '19:gone@thread.v2', isWhole: true },
    { channel: 'chat', id: '19:crowd@thread.v2', isWhole: false },
  ],
};

let queues = 0;

async function open({ exists = true } = {}) {
  queues += 1;
  const name = `queue-${queues}`;
  const queue = QueueServiceClient.fromConnectionString(azurite.connectionString()).getQueueClient(name);
  if (exists) await queue.create();
  const ahead = { milliseconds: 0 };
  const eraser = createQueueEraser(name, {
    open: createQueueOpener({ connectionString: azurite.connectionString() }),
    clock: () => new Date(Date.now() + ahead.milliseconds),
  });
  const between = (waitMilliseconds: number): void => {
    ahead.milliseconds += waitMilliseconds;
  };
  return { queue, eraser, ahead, sweep: (pieces?: number) => sweepAll(eraser, scope, { pieces, between }) };
}

const put = (queue: QueueClient, message: unknown) => {
  const text = typeof message === 'string' ? message : JSON.stringify(message);
  return queue.sendMessage(Buffer.from(text).toString('base64'));
};

/** What is in a queue, hidden messages excepted, in order. */
async function messagesOf(queue: QueueClient): Promise<{ text: string; tries: number }[]> {
  const found: { text: string; tries: number }[] = [];
  for (;;) {
    const { receivedMessageItems } = await queue.receiveMessages({
      numberOfMessages: 32,
      visibilityTimeout: 60,
    });
    if (receivedMessageItems.length === 0) return found.sort((a, b) => (a.text < b.text ? -1 : 1));
    for (const { messageText, dequeueCount } of receivedMessageItems)
      found.push({ text: Buffer.from(messageText, 'base64').toString(), tries: dequeueCount });
  }
}

const order = (id: string, messageId = 'm') => ({ channel: 'chat', id, messageId });

describe('a queue', () => {
  test('loses the messages that are theirs or of a conversation that is gone; no other loses one of its tries', async () => {
    const { queue, sweep } = await open();
    await put(queue, order('19:gone@thread.v2'));
    await put(queue, order('19:crowd@thread.v2'));
    await put(queue, { channel: 'sms', id: `+18005550100:${number}` });
    await put(queue, { ...order('19:calm@thread.v2'), attachment: { name: 'zebra quince.png' } });
    await put(queue, '{"half of a zebra quince');
    await put(queue, '{"half');
    await queue.sendMessage('not base64: zebra quince');
    const { removed } = await sweep();
    assert.equal(removed, 5);
    assert.deepEqual(await messagesOf(queue), [
      { text: JSON.stringify(order('19:crowd@thread.v2')), tries: 1 },
      { text: '{"half', tries: 1 },
    ]);
  });

  test('of hundreds of messages loses exactly theirs, whenever the time was up, and none of the others', async () => {
    const { queue, sweep } = await open();
    const all = Array.from({ length: 150 }, (_, at) =>
      order(at % 3 ? '19:calm@thread.v2' : '19:gone@thread.v2', `m${at}`),
    );
    await Promise.all(all.map((one) => put(queue, one)));
    const { removed, calls } = await sweep(1);
    assert.equal(removed, 50);
    assert.ok(calls > 5, `${calls} calls`);
    const left = await messagesOf(queue);
    const ids = left.map(({ text }) => JSON.parse(text).messageId);
    assert.deepEqual(
      [...new Set(ids)].sort(),
      all
        .filter(({ id }) => id.includes('calm'))
        .map(({ messageId }) => messageId)
        .sort(),
    );
    assert.equal(ids.length, 100);
    assert.ok(
      left.every(({ tries }) => tries <= 2),
      JSON.stringify(left.filter(({ tries }) => tries > 2)),
    );
  });

  test('is looked at a second time for what somebody was working on', async () => {
    const { queue, eraser, ahead } = await open();
    await put(queue, order('19:gone@thread.v2'));
    const { receivedMessageItems } = await queue.receiveMessages({ visibilityTimeout: 60 });
    const [held] = receivedMessageItems;
    assert.ok(held);
    const { removed } = await sweepAll(eraser, scope, {
      between: async (waitMilliseconds) => {
        assert.ok(waitMilliseconds > 30_000);
        // It failed, and is there again.
        await queue.updateMessage(held.messageId, held.popReceipt, held.messageText, 0);
        ahead.milliseconds += waitMilliseconds;
      },
    });
    assert.equal(removed, 1);
    assert.deepEqual(await messagesOf(queue), []);
  });

  test('that somebody reads at the same time loses nothing but theirs', async () => {
    const { queue, sweep } = await open();
    const all = Array.from({ length: 60 }, (_, at) =>
      order(at % 2 ? '19:calm@thread.v2' : '19:gone@thread.v2', `m${at}`),
    );
    for (const one of all) await put(queue, one);
    const read: string[] = [];
    let isOver = false;
    const reading = (async () => {
      while (!isOver) {
        const { receivedMessageItems } = await queue.receiveMessages({
          numberOfMessages: 5,
          visibilityTimeout: 60,
        });
        for (const { messageId, popReceipt, messageText } of receivedMessageItems) {
          read.push(JSON.parse(Buffer.from(messageText, 'base64').toString()).messageId);
          await queue.deleteMessage(messageId, popReceipt);
        }
      }
    })();
    await sweep();
    isOver = true;
    await reading;
    const left = (await messagesOf(queue)).map(({ text }) => JSON.parse(text));
    assert.ok(left.every(({ id }) => id.includes('calm')));
    const seen = new Set([...read, ...left.map(({ messageId }) => messageId)]);
    for (const { id, messageId } of all) if (id.includes('calm')) assert.ok(seen.has(messageId), messageId);
  });

  test('what comes while it is swept is left as it is', async () => {
    const { queue, eraser } = await open();
    for (let at = 0; at < 40; at += 1) await put(queue, order('19:calm@thread.v2', `m${at}`));
    let calls = 0;
    const swept = await eraser.sweep?.(scope, {
      isTimeUp: () => {
        calls += 1;
        // Each look would find a new one, for ever.
        if (calls > 200) throw new Error('the sweep never ends');
        void put(queue, order('19:calm@thread.v2', `late ${calls}`));
        return false;
      },
      signal: AbortSignal.timeout(60_000),
    });
    assert.equal(swept?.removed, 0);
    assert.ok(calls < 10, `${calls} looks`);
  });

  test('keeps how long a message is kept', async () => {
    const { queue, sweep } = await open();
    const text = Buffer.from('calm').toString('base64');
    await queue.sendMessage(text, { messageTimeToLive: 3_600 });
    await queue.sendMessage(text, { messageTimeToLive: -1 });
    await sweep();
    const { receivedMessageItems } = await queue.receiveMessages({ numberOfMessages: 5 });
    const times = receivedMessageItems
      .map(({ expiresOn }) => expiresOn.getTime() - Date.now())
      .sort((a, b) => a - b);
    assert.equal(times.length, 2);
    assert.ok((times[0] ?? 0) > 3_500_000 && (times[0] ?? 0) < 3_700_000, `${times}`);
    assert.ok((times[1] ?? 0) > 1e12, `${times}`);
  });

  test('that is not there, or empty, has nothing to lose', async () => {
    const missing = await open({ exists: false });
    assert.deepEqual(await missing.sweep(), { removed: 0, calls: 1 });
    const empty = await open();
    assert.deepEqual(await empty.sweep(), { removed: 0, calls: 1 });
  });
});
