import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { chat } from '../../src/shared/channels/chat/read-chat-event.ts';
import { createWhatsApp } from '../../src/shared/channels/whatsapp/whatsapp.ts';
import { acceptEvents } from '../../src/shared/events/accept-events.ts';
import { createResumeMemory } from '../../src/shared/events/resume-memory.ts';
import { replayDeadLetters } from '../../src/shared/events/serve-dead-letters.ts';
import type { MediaOrder } from '../../src/shared/media/order.ts';
import { openPeopleIndex } from '../../src/shared/people/people-index.ts';
import { createServices } from '../../src/shared/services.ts';
import { readSettings } from '../../src/shared/settings.ts';
import { createBlobService } from '../../src/shared/storage/blob-service.ts';
import { openContainer } from '../../src/shared/storage/container.ts';
import { guardPeople, guardTranscripts } from '../../src/shared/tombstones/guard.ts';
import { conversationPath } from '../../src/shared/transcripts/conversation-path.ts';
import { openTranscripts } from '../../src/shared/transcripts/store.ts';
import { acsEvent, asCloudEvent, partsWith } from '../support/acs-events.ts';
import { useAzurite } from '../support/azurite.ts';
import {
  chatEvent,
  deleted,
  type EventGridEvent,
  edited,
  joined,
  left,
  sent,
  timeAt,
  topicChanged,
  user,
  versionAt,
} from '../support/chat-events.ts';
import { fakeSecret, openAsProcess } from '../support/tombstones.ts';
import { failingContainer } from './containers.ts';
import { ada, doneBy, thread, topic } from './entries.ts';

const azurite = useAzurite();

/** The app as it is put together, each time with people and conversations that no other test knows. */
let apps = 0;
function openApp() {
  apps += 1;
  const settings = readSettings({
    AzureWebJobsStorage: azurite.connectionString(),
    ERASURE_SECRET: fakeSecret,
    ERASURE_SETTLE_SECONDS: '2',
    SMS_OPT_OUT_REPLY: 'You get no more messages.',
  });
  const services = createServices(settings);
  const { transcripts, people, accept } = services;
  return {
    ...services,
    person: (name: string) => `${name}-${apps}`,
    thread: `19:late-${apps}@thread.v2`,
    async take(events: readonly unknown[]) {
      const orders: MediaOrder[] = [];
      const accepted = await accept(events, { orderMedia: (all) => orders.push(...all) });
      return { ...accepted, orders };
    },
    read: async (channel: string, id: string) =>
      (await transcripts.read(conversationPath({ channel, id })))?.conversation,
    listed: async (identity: string) => Array.fromAsync(people.list(identity)),
  };
}

/** The same happening as each participant gets it. */
function perUser(event: EventGridEvent, name: string): EventGridEvent {
  const eventType = event.eventType
    .replace('ReceivedInThread', 'Received')
    .replace('EditedInThread', 'Edited')
    .replace('DeletedInThread', 'Deleted')
    .replace('ParticipantAdded', 'ParticipantAddedToThreadWithUser')
    .replace('ChatThreadParticipant', 'ChatParticipant')
    .replace(/(PropertiesUpdated)$/, '$1PerUser');
  return {
    ...event,
    id: `${event.id}-${name}`,
    eventType,
    data: { ...event.data, recipientCommunicationIdentifier: { rawId: user(name) } },
  };
}

describe('a late duplicate of what was erased', () => {
  test('is acknowledged and not stored, in both schemas and both families of chat events', async () => {
    const { take, read, listed, tombstones, person, thread } = openApp();
    const [ada, joe] = [person('Ada'), person('Joe')];
    const theirs = [
      sent(thread, { id: '1', from: ada, text: 'My number is 5.', second: 1 }),
      edited(thread, { id: '1', from: ada, text: 'My number is 6.', second: 1 }, 20),
      joined(thread, ada, 0),
    ];
    const others = [
      sent(thread, { id: '2', from: joe, text: 'Thank you.', second: 2 }),
      topicChanged(thread, 'Numbers', 3),
    ];
    await tombstones.buryIdentities([user(ada)], timeAt(10));
    const forms = [...theirs, ...theirs.map((event) => perUser(event, joe))];
    const late = [...forms, ...forms.map(asCloudEvent)];
    assert.deepEqual(await take([...late, ...others]), {
      received: 14,
      stored: 2,
      deadLettered: 0,
      forgotten: 12,
      ignored: {},
      orders: [],
    });
    const conversation = await read('chat', thread);
    assert.deepEqual(
      conversation?.messages.map(({ text }) => text),
      ['Thank you.'],
    );
    assert.deepEqual(
      conversation?.participants.map(({ id }) => id),
      [user(joe)],
    );
    assert.deepEqual(await listed(user(ada)), []);
    assert.equal((await listed(user(joe))).length, 1);
  });

  test('makes no conversation where all of it was erased, whatever the kind of event', async () => {
    const { take, read, listed, tombstones, person, thread } = openApp();
    const ada = person('Ada');
    await tombstones.buryConversation({ channel: 'chat', id: thread }, timeAt(100));
    const { stored, forgotten } = await take([
      sent(thread, { id: '1', from: ada, text: 'Hello.', second: 1 }),
      edited(thread, { id: '1', from: ada, text: 'Hello?', second: 1 }, 150),
      deleted(thread, { id: '1', from: ada, second: 1 }, 30),
      joined(thread, ada, 40),
      left(thread, ada, 50),
      topicChanged(thread, 'Secret', 60),
      chatEvent('ChatThreadDeleted', thread, { deleteTime: timeAt(70), version: versionAt(70) }),
    ]);
    assert.deepEqual([stored, forgotten], [0, 7]);
    assert.equal(await read('chat', thread), undefined);
    assert.deepEqual(await listed(user(ada)), []);
  });

  test('is left out of an event that tells of others, too, which counts as stored', async () => {
    const { take, read, tombstones, person, thread } = openApp();
    const members = [person('Ada'), person('Joe')].map((name) => ({
      displayName: name,
      participantCommunicationIdentifier: { rawId: user(name) },
    }));
    await tombstones.buryIdentities([user(person('Ada'))], timeAt(10));
    const created = chatEvent('ChatThreadCreated', thread, {
      createTime: timeAt(0),
      version: versionAt(0),
      properties: { topic: 'Numbers' },
      participants: members,
    });
    const accepted = await take([created]);
    assert.deepEqual([accepted.stored, accepted.forgotten], [1, undefined]);
    assert.deepEqual(
      (await read('chat', thread))?.participants.map(({ name }) => name),
      [person('Joe')],
    );
  });

  test('is no new message: what somebody writes who comes back is stored, and found under their name', async () => {
    const { take, read, listed, tombstones, person, thread } = openApp();
    const ada = person('Ada');
    await take([sent(thread, { id: '1', from: ada, text: 'Before.', second: 1 })]);
    await tombstones.buryIdentities([user(ada)], timeAt(10));
    const { stored } = await take([sent(thread, { id: '2', from: ada, text: 'After.', second: 11 })]);
    assert.equal(stored, 1);
    assert.ok((await read('chat', thread))?.messages.some(({ text }) => text === 'After.'));
    assert.equal((await listed(user(ada))).length, 1);
  });

  test('orders no attachment and owes no answer; of others the orders tell the time of the message', async () => {
    const { take, tombstones, sends } = openApp();
    const [erased, other] = [`+1555100${apps}001`, `+1555100${apps}002`];
    const photo = (from: string, id: string) =>
      acsEvent('AdvancedMessageReceived', {
        channelType: 'whatsapp',
        messageType: 'image',
        messageId: `wamid.${apps}.${id}`,
        from: from.slice(1),
        to: '75476a19-a68d-4e10-806c-3680f099e069',
        media: { mimeType: 'image/jpeg', id: `media-${apps}-${id}` },
        receivedTimestamp: timeAt(5),
      });
    const stop = (from: string) =>
      acsEvent('SMSReceived', {
        MessageId: `sms-${from}`,
        From: from,
        To: '+18005550100',
        Message: 'STOP',
        ReceivedTimestamp: timeAt(5),
      });
    await tombstones.buryIdentities([`4:${erased}`], timeAt(10));
    const { forgotten, orders } = await take([
      photo(erased, '1'),
      photo(other, '2'),
      stop(erased),
      stop(other),
    ]);
    assert.equal(forgotten, 2);
    assert.deepEqual(
      orders.map(({ messageId, at }) => [messageId, at]),
      [[`wamid.${apps}.2`, timeAt(5)]],
    );
    const owed: unknown[] = [];
    for await (const id of sends.outbox.due()) owed.push((await sends.outbox.read(id))?.conversation);
    assert.deepEqual(owed, [`+18005550100:${other}`]);
  });

  test('of a buried entry, which stands there in another form, does not bring the words back', async () => {
    const { take, read, tombstones, transcripts, person, thread } = openApp();
    const original = sent(thread, {
      id: '1',
      from: person('Joe'),
      text: 'Ada said: my number is 5.',
      second: 1,
    });
    const redacted = sent(thread, { id: '1', from: person('Joe'), text: '[erased]', second: 1 });
    await take([redacted]);
    const key = { channel: 'chat', id: thread };
    const ids: string[] = [];
    await transcripts.readEntries(conversationPath(key), ({ id }) => ids.push(id));
    await tombstones.buryEntries(key, ids);
    const { stored, forgotten } = await take([
      original,
      asCloudEvent(original),
      perUser(original, person('Eve')),
    ]);
    assert.deepEqual([stored, forgotten], [0, 3]);
    assert.deepEqual(
      (await read('chat', thread))?.messages.map(({ text }) => text),
      ['[erased]'],
    );
  });
});

describe('a dead letter', () => {
  test('of which all was erased is removed by the replay and not stored; another is replayed, a bad one stays', async () => {
    const { deadLetters, acceptAgain, read, tombstones, person, thread } = openApp();
    for await (const name of deadLetters.names()) await deadLetters.remove(name);
    const ada = person('Ada');
    await tombstones.buryIdentities([user(ada)], timeAt(10));
    await deadLetters.put(sent(thread, { id: '1', from: ada, text: 'Erased.', second: 1 }), 'mended');
    await deadLetters.put(sent(thread, { id: '2', from: person('Joe'), text: 'Kept.', second: 2 }), 'mended');
    await deadLetters.put({ eventType: 'no data' }, 'bad');
    await deadLetters.put('nonsense', 'bad');
    const { jsonBody } = await replayDeadLetters(deadLetters, acceptAgain)();
    assert.deepEqual(jsonBody, { replayed: 2, left: 1, forgotten: 1 });
    assert.equal((await Array.fromAsync(deadLetters.names())).length, 1);
    assert.deepEqual(
      (await read('chat', thread))?.messages.map(({ text }) => text),
      ['Kept.'],
    );
  });
});

describe('while the tombstones cannot be looked at', () => {
  test('nothing is stored, noted or kept as a dead letter: 503, and the same batch again is', async () => {
    let isDown = true;
    const tombstones = openAsProcess(failingContainer(azurite.newContainer(), { read: () => isDown }));
    const blobs = { transcripts: azurite.newContainer(), people: azurite.newContainer() };
    const stored: unknown[] = [];
    const parts = {
      channels: [chat, createWhatsApp(partsWith())],
      transcripts: guardTranscripts(
        openTranscripts(blobs.transcripts, { segmentBytes: 1024 ** 2 }),
        tombstones,
      ),
      people: guardPeople(openPeopleIndex(blobs.people), tombstones),
      deadLetters: { put: async (original: unknown) => void stored.push(original) },
      memory: createResumeMemory({ clock: () => new Date() }),
      tombstones,
    };
    const batch = [
      sent('19:down@thread.v2', { id: '1', from: 'Ada', text: 'Hello.', second: 1 }),
      'nonsense',
    ];
    const unavailable = { code: 'storage_unavailable', status: 503 };
    await assert.rejects(acceptEvents(batch, parts), unavailable);
    await assert.rejects(parts.transcripts.append(thread, [topic(1)]), unavailable);
    await assert.rejects(parts.people.note(thread, doneBy(ada, 1)), unavailable);
    for (const container of Object.values(blobs)) {
      for await (const page of container.pages()) assert.deepEqual(page.blobs, []);
    }
    assert.deepEqual(stored, []);
    isDown = false;
    const { stored: count, deadLettered } = await acceptEvents(batch, parts);
    assert.deepEqual([count, deadLettered], [1, 1]);
  });

  test('under a secret that is missing, events are refused and no dead letters made', async () => {
    const app = openApp();
    await app.tombstones.buryIdentities([user('nobody')], timeAt(10));
    const service = createBlobService({ connectionString: azurite.connectionString() }, { maxTries: 2 });
    const tombstones = openAsProcess(openContainer(service, 'tombstones'), {
      secrets: ['fake-secret-of-a-test-2'],
    });
    const refused = acceptEvents(
      [sent('19:secret@thread.v2', { id: '1', from: 'Ada', text: 'Hello.', second: 1 })],
      {
        channels: [chat],
        transcripts: app.transcripts,
        people: app.people,
        deadLetters: { put: async () => assert.fail('the event is not at fault') },
        memory: createResumeMemory({ clock: () => new Date() }),
        tombstones,
      },
    );
    await assert.rejects(refused, { code: 'not_configured' });
  });
});
