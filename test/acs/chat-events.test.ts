import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import type { AcsEvent } from '../../local/acs/emulator.ts';
import { chat } from '../../src/shared/channels/chat/read-chat-event.ts';
import { useAcs } from '../support/acs.ts';
import { acsEvent, entriesOf, officialSamples } from '../support/acs-events.ts';
import { newPerson } from './people.ts';

const events: AcsEvent[] = [];
const acs = useAcs({ onEvent: (event) => events.push(event) });
beforeEach(() => {
  events.length = 0;
});

/** Everything that can happen in a thread of three, by the genuine SDK. */
async function doEverything() {
  const [ana, ben, cleo] = [
    await newPerson(acs.emulator()),
    await newPerson(acs.emulator()),
    await newPerson(acs.emulator()),
  ];
  const named = (displayName: string, id: string) => ({
    id: { communicationUserId: id },
    displayName,
    metadata: { role: 'guest' },
  });
  const { chatThread } = await ana.chat.createChatThread(
    { topic: 'Everything' },
    { participants: [named('Ana', ana.id), named('Ben', ben.id)], metadata: { order: '4711' } },
  );
  const id = chatThread?.id ?? '';
  const thread = ana.chat.getChatThreadClient(id);
  const { id: messageId } = await thread.sendMessage(
    { content: 'Hello' },
    { senderDisplayName: 'Ana', metadata: { key: 'value' } },
  );
  await thread.updateMessage(messageId, { content: 'Hello, Ben' });
  await thread.deleteMessage(messageId);
  await thread.updateTopic('Everything else');
  await thread.addParticipants({ participants: [named('Cleo', cleo.id)] });
  await thread.sendTypingNotification({ senderDisplayName: 'Ana' });
  await thread.removeParticipant({ communicationUserId: ben.id });
  await ana.chat.deleteChatThread(id);
  return { id, ana, ben, cleo };
}

test('each change is told once for the thread and once for each participant', async () => {
  const { ana, ben, cleo } = await doEverything();
  const recipients = (type: string) =>
    events.filter((event) => event.type === type).map(({ data }) => data.recipientId);
  const told = events.map(({ type }) => type);
  assert.deepEqual(
    [...new Set(told)].map((type) => [type, told.filter((other) => other === type).length]),
    [
      ['ChatThreadCreated', 1],
      ['ChatThreadCreatedWithUser', 2],
      ['ChatMessageReceivedInThread', 1],
      ['ChatMessageReceived', 2],
      ['ChatMessageEditedInThread', 1],
      ['ChatMessageEdited', 2],
      ['ChatMessageDeletedInThread', 1],
      ['ChatMessageDeleted', 2],
      ['ChatThreadPropertiesUpdated', 1],
      ['ChatThreadPropertiesUpdatedPerUser', 2],
      ['ChatThreadParticipantAdded', 1],
      ['ChatParticipantAddedToThreadWithUser', 3],
      ['ChatTypingIndicatorReceivedInThread', 1],
      ['ChatThreadParticipantRemoved', 1],
      ['ChatParticipantRemovedFromThreadWithUser', 3],
      ['ChatThreadDeleted', 1],
      ['ChatThreadWithUserDeleted', 2],
    ],
  );
  assert.deepEqual(new Set(recipients('ChatMessageReceived')), new Set([ana.id, ben.id]));
  assert.deepEqual(new Set(recipients('ChatThreadWithUserDeleted')), new Set([ana.id, cleo.id]));
});

test('a change that is refused is not told', async () => {
  const [ana, ben] = [await newPerson(acs.emulator()), await newPerson(acs.emulator())];
  const { chatThread } = await ana.chat.createChatThread({ topic: 'Refusals' });
  events.length = 0;
  const thread = ben.chat.getChatThreadClient(chatThread?.id ?? '');
  await assert.rejects(thread.sendMessage({ content: 'let me in' }));
  await assert.rejects(thread.updateTopic('mine'));
  await ana.chat.getChatThreadClient(chatThread?.id ?? '').removeParticipant({ communicationUserId: ben.id });
  assert.deepEqual(events, []);
});

const samples = officialSamples(/\/chat_/);
test('events have the fields, forms of values and subjects of the official samples', {
  skip: samples ? false : '../shared/events is not on this machine',
}, async () => {
  await doEverything();
  const compared = [...(samples ?? [])].map(([file, sample]) => {
    assert.ok(isRecord(sample));
    const name = String(sample.eventType).replace('Microsoft.Communication.', '');
    const event = events.find(({ type }) => type === name);
    assert.ok(event, `${name} of ${file} is never emitted`);
    assert.deepEqual(formOf(event.data), formOf(sample.data), name);
    assert.equal(formOfSubject(event.subject), formOfSubject(String(sample.subject)));
    return name;
  });
  assert.equal(compared.length, 16);
});

test('both families make the same entries of a transcript', async () => {
  const { id } = await doEverything();
  const entries = new Map<string, unknown>();
  for (const { type, data, subject } of events) {
    assert.ok(subject.startsWith(`thread/${id}/`));
    for (const entry of await entriesOf(chat, acsEvent(type, data))) {
      assert.deepEqual(entries.get(entry.id) ?? entry, entry);
      entries.set(entry.id, entry);
    }
  }
  const kinds = [...entries.values()].map((entry) => (isRecord(entry) ? entry.kind : ''));
  assert.deepEqual(kinds, [
    'thread',
    'topic',
    'participant',
    'participant',
    'message',
    'edit',
    'delete',
    'topic',
    'participant',
    'participant',
    'thread',
  ]);
});

/** Names of fields and forms of values, without what only the occasion makes: which names a metadata has, how many members. */
function formOf(value: unknown, name = ''): unknown {
  // The samples write it as a number and as text.
  if (name === 'version') return 'version';
  if (name === 'metadata') return 'metadata';
  if (Array.isArray(value)) return [formOf(value[0])];
  if (isRecord(value)) {
    const fields = Object.entries(value).filter(([, field]) => field !== undefined);
    return Object.fromEntries(fields.map(([field, inner]) => [field, formOf(inner, field)]).toSorted());
  }
  const [time, zone] = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(Z|[+]00:00)$/.exec(String(value)) ?? [];
  return time === undefined ? typeof value : `time ${zone}`;
}

function formOfSubject(subject: string): string {
  return subject.replace(/19:[^/]+/, '{thread-id}').replaceAll(/8:acs:[^/]+|(?<=\/)rawId/g, '{rawId}');
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
