import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { ToAnalyse } from '../../src/shared/analysis/to-analyse.ts';
import { createServices } from '../../src/shared/services.ts';
import { readSettings } from '../../src/shared/settings.ts';
import { createBlobService } from '../../src/shared/storage/blob-service.ts';
import { openContainer } from '../../src/shared/storage/container.ts';
import { conversationPath } from '../../src/shared/transcripts/conversation-path.ts';
import type { ConversationKey } from '../../src/shared/transcripts/entry.ts';
import { acsEvent } from '../support/acs-events.ts';
import { useAzurite } from '../support/azurite.ts';

const azurite = useAzurite();
const channel = '75476a19-a68d-4e10-806c-3680f099e069';

function open(settings: Record<string, string> = {}) {
  const { accept, analyser, transcripts, night, clock } = createServices(
    readSettings({ AzureWebJobsStorage: azurite.connectionString(), ...settings }),
  );
  const queue: ToAnalyse[] = [];
  return {
    transcripts,
    night,
    queue,
    take: (...events: unknown[]) => accept(events, { orderAnalysis: (orders) => queue.push(...orders) }),
    /** Carries out what is in the queue, as the trigger does. */
    async work() {
      for (let next = queue.shift(); next; next = queue.shift()) {
        const order = { ...next, at: clock().toISOString() };
        await analyser.analyse(order, { signal: AbortSignal.timeout(30_000) });
      }
    },
    async conversations(digits: string) {
      const found: string[] = [];
      for await (const { key } of transcripts.list({ channel: 'whatsapp' })) {
        if (key.id.includes(digits)) found.push(key.id);
      }
      return found;
    },
    analysisBlobs: async () => {
      const container = openContainer(
        createBlobService({ connectionString: azurite.connectionString() }, { maxTries: 2 }),
        'analysis',
      );
      const names: string[] = [];
      for await (const { blobs } of container.pages()) names.push(...blobs.map(({ name }) => name));
      return names;
    },
  };
}

let people = 0;

/** Somebody whose number and BSUID end in the same digits, and what is told of one message of theirs. */
function newPerson() {
  people += 1;
  const digits = String(7_000_000 + people);
  const text = `I am ${digits}`;
  const base = { channelType: 'whatsapp', to: channel, from: `1555${digits}` };
  return {
    digits,
    home: { channel: 'whatsapp', id: `${channel}:US.${digits}` },
    place: { channel: 'whatsapp', id: `${channel}:+1555${digits}` },
    message: acsEvent('AdvancedMessageReceived', {
      ...base,
      fromBSUID: `US.${digits}`,
      messageType: 'text',
      messageId: `wamid.${digits}`,
      content: text,
      receivedTimestamp: '2026-11-23T09:00:19+00:00',
    }),
    analysed: acsEvent('AdvancedMessageAnalysisCompleted', {
      ...base,
      originalMessage: text,
      intentAnalysis: `says ${text}`,
      receivedTimestamp: '2026-11-23T09:00:21+00:00',
    }),
  };
}

async function intentOf({ transcripts }: ReturnType<typeof open>, key: ConversationKey) {
  const transcript = await transcripts.read(conversationPath(key));
  const [message, ...more] = transcript?.conversation.messages ?? [];
  assert.deepEqual(more, []);
  return message?.analysis?.intent;
}

describe('an analysis that tells a number, of somebody who writes under a BSUID', () => {
  for (const ANALYSIS of ['on', 'off']) {
    test(`in one batch with their first message comes to it, and leaves no second conversation (ANALYSIS=${ANALYSIS})`, async () => {
      const parley = open({ ANALYSIS });
      const { digits, home, place, message, analysed } = newPerson();
      await parley.take(analysed, message);
      assert.deepEqual((await parley.conversations(digits)).sort(), [place.id, home.id].sort());
      await parley.work();
      assert.deepEqual(await parley.conversations(digits), [home.id]);
      assert.equal(await intentOf(parley, home), `says I am ${digits}`);
      const left = (await parley.analysisBlobs()).filter((name) => name.includes(`1555${digits}`));
      assert.deepEqual(left, [], 'no blob is named by a conversation that is gone');
    });
  }

  test('long before their first message is brought to it when that comes', async () => {
    const parley = open();
    const { digits, home, place, message, analysed } = newPerson();
    await parley.take(analysed);
    await parley.work();
    assert.deepEqual(await parley.conversations(digits), [place.id]);
    await parley.take(message);
    await parley.work();
    assert.deepEqual(await parley.conversations(digits), [home.id]);
    assert.equal(await intentOf(parley, home), `says I am ${digits}`);
  });

  test('after it goes to it at once, and orders nothing', async () => {
    const parley = open();
    const { digits, home, message, analysed } = newPerson();
    await parley.take(message);
    await parley.work();
    await parley.take(analysed);
    assert.deepEqual(parley.queue, []);
    assert.deepEqual(await parley.conversations(digits), [home.id]);
    assert.equal(await intentOf(parley, home), `says I am ${digits}`);
  });

  test('delivered again and again, in any order, is there once', async () => {
    const parley = open();
    const { digits, home, message, analysed } = newPerson();
    for (const batch of [[analysed], [analysed, message], [message, analysed, analysed], [analysed]]) {
      await parley.take(...batch);
      await parley.work();
    }
    assert.deepEqual(await parley.conversations(digits), [home.id]);
    assert.equal(await intentOf(parley, home), `says I am ${digits}`);
  });

  test('whose message never comes makes no conversation with messages, and gets no summary', async () => {
    const parley = open();
    const { place, analysed } = newPerson();
    await parley.take(analysed);
    await parley.work();
    const path = conversationPath(place);
    const transcript = await parley.transcripts.read(path);
    assert.deepEqual(transcript?.conversation.messages, []);
    assert.deepEqual(transcript?.conversation.participants, []);
    const date = '2026-11-24';
    let run = await parley.night.plan({ night: date });
    while (!run.isPlanned) run = await parley.night.plan({ night: date, run });
    await parley.night.summarizeChunk({ night: date, plan: 0, chunk: 0 });
    const summaries = openContainer(
      createBlobService({ connectionString: azurite.connectionString() }, { maxTries: 2 }),
      'summaries',
    );
    assert.equal(await summaries.read(`${path}/summary.json`), undefined);
  });

  test('in a conversation that we began by number leaves our messages there', async () => {
    const parley = open();
    const { digits, home, place, message, analysed } = newPerson();
    await parley.transcripts.append(place, [
      {
        kind: 'message',
        id: 'message:ours:1',
        conversation: place.id,
        version: '1',
        at: '2026-11-23T09:00:10.000Z',
        messageId: 'ours',
        sender: { id: `whatsapp:${channel}` },
        text: 'Your parcel',
        sentBy: 'desk',
      },
    ]);
    await parley.take(analysed, message);
    await parley.work();
    assert.deepEqual((await parley.conversations(digits)).sort(), [place.id, home.id].sort());
    assert.equal(await intentOf(parley, home), `says I am ${digits}`);
    const { conversation } = (await parley.transcripts.read(conversationPath(place))) ?? assert.fail();
    assert.deepEqual(
      conversation.messages.map(({ text }) => text),
      ['Your parcel'],
    );
  });

  test('moved by two at once is moved whole', async () => {
    const one = open();
    const other = open();
    const { digits, home, message, analysed } = newPerson();
    await one.take(analysed, message);
    other.queue.push(...one.queue);
    await Promise.all([one.work(), other.work()]);
    assert.deepEqual(await one.conversations(digits), [home.id]);
    assert.equal(await intentOf(one, home), `says I am ${digits}`);
  });
});
