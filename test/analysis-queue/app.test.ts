import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { QueueClient } from '@azure/storage-queue';
import * as z from 'zod';
import { createBlobService } from '../../src/shared/storage/blob-service.ts';
import { openContainer } from '../../src/shared/storage/container.ts';
import { acsEvent } from '../support/acs-events.ts';
import { useAzurite } from '../support/azurite.ts';
import { edited, sent, smallTalk } from '../support/chat-events.ts';
import { ask, askUntil, newFolder, type Parley, post, startParley } from '../support/parley.ts';

const azurite = useAzurite();

const conversation = z.object({
  messages: z.array(
    z.object({
      text: z.string(),
      analysis: z
        .object({
          by: z.enum(['provider', 'parley']),
          act: z.string().optional(),
          language: z.object({ code: z.string() }).optional(),
          intent: z.string().optional(),
          keyPhrases: z.array(z.string()).optional(),
        })
        .optional(),
    }),
  ),
});

function addressOf(url: string, channel: string, id: string): string {
  return `${url}/api/conversations/${channel}/${encodeURIComponent(id)}`;
}

function messagesOf(json: unknown): z.infer<typeof conversation>['messages'] {
  return conversation.safeParse(json).data?.messages ?? [];
}

/** The messages of a conversation, once as many of them have been analysed. */
async function analysed(address: string, count: number) {
  const answer = await askUntil(
    address,
    ({ json }) => messagesOf(json).filter(({ analysis }) => analysis).length >= count,
  );
  return messagesOf(answer.json);
}

function sms(number: number, text: string) {
  return acsEvent(
    'SMSReceived',
    {
      MessageId: `Incoming_${number}`,
      From: '15551230001',
      To: '18005550100',
      Message: text,
      ReceivedTimestamp: `2026-11-23T09:00:0${number}.00Z`,
    },
    { id: `sms-${number}` },
  );
}

const mail = [
  'From: Joe <joe@example.com>',
  'To: desk@parley.example',
  'Subject: Rent',
  'Date: Mon, 23 Nov 2026 09:00:00 +0000',
  'Message-ID: <rent-1@example.com>',
  '',
  'When will you repair the heating in our flat?',
].join('\r\n');

describe('messages that come in', () => {
  let parley: Parley;
  let remove: () => Promise<void>;
  before(async () => {
    const folder = await newFolder();
    remove = folder.remove;
    parley = await startParley(folder.folder, {
      ANALYSIS: 'on',
      AzureWebJobsStorage: azurite.connectionString(),
    });
  });
  after(async () => {
    await parley.stop();
    await remove();
  });

  test('by events, one trigger for each channel, by mail and by replay, are analysed', async () => {
    const thread = '19:analysed@thread.v2';
    await post(`${parley.url}/api/events`, smallTalk(thread, 3));
    await analysed(addressOf(parley.url, 'chat', thread), 3);
    await post(`${parley.url}/api/events`, [
      edited(
        thread,
        { id: 'new', from: 'Ada', text: 'Shall we meet at the station tomorrow?', second: 9 },
        10,
      ),
    ]);
    const chat = await analysed(addressOf(parley.url, 'chat', thread), 4);
    assert.ok(chat.every(({ analysis }) => analysis?.by === 'parley' && analysis.act && analysis.language));

    const trigger = `${parley.url}/runtime/webhooks/eventgrid?functionName=smsEvents`;
    await post(trigger, [sms(1, 'Where is my order?')], { 'aeg-event-type': 'Notification' });
    await analysed(addressOf(parley.url, 'sms', '+18005550100:+15551230001'), 1);

    const headers = { 'content-type': 'message/rfc822' };
    const taken = await post(`${parley.url}/api/email/inbound`, mail, headers);
    assert.equal(taken.status, 200, taken.text);
    await analysed(addressOf(parley.url, 'email', 'rent-1@example.com'), 1);

    const original = sent('19:replayed@thread.v2', {
      id: '1',
      from: 'Ada',
      text: 'Hello, are you there?',
      second: 1,
    });
    const letters = openContainer(
      createBlobService({ connectionString: azurite.connectionString() }, { maxTries: 2 }),
      'dead-letters',
    );
    const letter = { reason: 'test', receivedAt: '2026-11-23T09:00:00.000Z', original };
    const name = `2026-11-23/${'0'.repeat(64)}.json`;
    await letters.write(name, JSON.stringify(letter), { contentType: 'application/json' });
    assert.deepEqual((await post(`${parley.url}/api/dead-letters/replay`, '')).json, {
      replayed: 1,
      left: 0,
    });
    await analysed(addressOf(parley.url, 'chat', '19:replayed@thread.v2'), 1);
  });

  test('show nothing of it where people read them as text', async () => {
    const address = addressOf(parley.url, 'sms', '+18005550100:+15551230001');
    const { text } = await ask(address, { headers: { accept: 'text/plain' } });
    assert.match(text, /Where is my order\?\n$/);
  });

  test('that were imported are analysed when somebody orders it', async () => {
    const thread = '19:ordered@thread.v2';
    const address = `${parley.url}/api/analysis/chat/${encodeURIComponent(thread)}`;
    assert.equal((await post(address, '')).status, 404);
    const transcripts = openContainer(
      createBlobService({ connectionString: azurite.connectionString() }, { maxTries: 2 }),
      'transcripts',
    );
    const entries = smallTalk('x', 2).map(({ data }, index) => ({
      kind: 'message',
      id: `message:${index}:${index}`,
      conversation: thread,
      version: String(index),
      at: '2026-11-23T09:00:00.000Z',
      messageId: String(index),
      sender: { id: 'ada' },
      text: data.messageBody ?? 'Hello there',
    }));
    const lines = Buffer.from(entries.map((entry) => `${JSON.stringify(entry)}\n`).join(''));
    const blob = transcripts.client.getAppendBlobClient(
      `chat/${thread.replaceAll(/[^\w-]/g, (c) => `~${c.charCodeAt(0).toString(16)}`)}/000001.jsonl`,
    );
    await blob.create();
    await blob.appendBlock(lines, lines.length);
    const ordered = await post(address, '');
    assert.deepEqual([ordered.status, ordered.json], [202, { ordered: 2 }]);
    await analysed(addressOf(parley.url, 'chat', thread), 2);
    assert.deepEqual((await post(address, '')).json, { ordered: 0 });
  });

  test('of which an order failed every time are left, in words in the log, and the poison queue is emptied', async () => {
    const poison = new QueueClient(azurite.connectionString(), 'analysis-poison');
    const order = { channel: 'chat', id: '19:given-up@thread.v2', at: '2026-11-23T09:00:00.000Z' };
    await poison.sendMessage(Buffer.from(JSON.stringify(order)).toString('base64'));
    await poison.sendMessage(Buffer.from('{"no":"order"}').toString('base64'));
    const told = () =>
      parley.lines.filter((line) => /could not be analysed in several tries|no order/.test(line));
    for (const end = performance.now() + 30_000; told().length < 2 && performance.now() < end; ) {
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    assert.equal(told().length, 2);
    assert.equal((await poison.getProperties()).approximateMessagesCount, 0);
  });

  test('leave nothing that people wrote in the log', () => {
    assert.ok(parley.lines.some((line) => line.includes('analyseMessages')));
    assert.doesNotMatch(parley.lines.join('\n'), /Where is my order|repair the heating|station|\+1555/);
  });
});
