import assert from 'node:assert/strict';
import { test } from 'node:test';
import { z } from 'zod';
import { exampleThreadId } from '../../examples/describe-thread.ts';
import { readExampleConversations } from '../../examples/read-conversations.ts';
import { toEventGridEvents } from '../../examples/to-event-grid-events.ts';

const identifier = z.object({
  rawId: z.string().regex(/^8:acs:[\da-f-]{36}_[\da-f-]{36}$/),
  communicationUser: z.object({ id: z.string() }),
});
const participant = z.object({ displayName: z.string(), participantCommunicationIdentifier: identifier });
const offsetTime = z.iso.datetime({ offset: true });
const ofThread = {
  threadId: z.string().regex(/^19:[\da-f]{32}@thread\.v2$/),
  transactionId: z.string(),
};
const threadChange = { ...ofThread, createTime: offsetTime, version: z.number() };
const message = {
  ...ofThread,
  messageId: z.string().regex(/^\d{13}$/),
  version: z.string().regex(/^\d{13}$/),
  type: z.enum(['Text', 'Html']),
  senderDisplayName: z.string(),
  senderCommunicationIdentifier: identifier,
  composeTime: offsetTime,
};
const properties = z.object({ topic: z.string() });
const messageBody = z.string().min(1);

const dataOf: Record<string, z.ZodType> = {
  ChatThreadCreated: z.object({
    ...threadChange,
    createdByCommunicationIdentifier: identifier,
    properties,
    participants: z.array(participant).min(2),
  }),
  ChatThreadPropertiesUpdated: z.object({
    ...threadChange,
    editedByCommunicationIdentifier: identifier,
    editTime: offsetTime,
    properties,
  }),
  ChatThreadParticipantAdded: z.object({
    ...threadChange,
    time: offsetTime,
    addedByCommunicationIdentifier: identifier,
    participantAdded: participant,
  }),
  ChatThreadParticipantRemoved: z.object({
    ...threadChange,
    time: offsetTime,
    removedByCommunicationIdentifier: identifier,
    participantRemoved: participant,
  }),
  ChatMessageReceivedInThread: z.object({ ...message, messageBody }),
  ChatMessageEditedInThread: z.object({ ...message, messageBody, editTime: offsetTime }),
  ChatMessageDeletedInThread: z.object({ ...message, deleteTime: offsetTime }),
};

const conversations = await readExampleConversations();

test('there are at least eight sample conversations, a long and a very short one among them', () => {
  assert(conversations.length >= 8);
  const lengths = conversations.map(({ messages }) => messages.length);
  assert(Math.max(...lengths) >= 80);
  assert(Math.min(...lengths) <= 3);
});

for (const conversation of conversations) {
  test(`${conversation.name} becomes the events that Azure Communication Services sends`, () => {
    for (const event of toEventGridEvents(conversation)) {
      const kind = event.eventType.replace('Microsoft.Communication.', '');
      const schema = dataOf[kind];
      assert(schema, `${kind} is a known event`);
      schema.parse(event.data);
    }
  });

  test(`${conversation.name} happens in order, each thing once`, () => {
    const events = toEventGridEvents(conversation);
    const edits = conversation.messages.flatMap(({ edits }) => edits);
    const deletes = conversation.messages.filter(({ deletedAt }) => deletedAt !== undefined);
    const { changes, messages } = conversation;
    assert.equal(events.length, 1 + changes.length + messages.length + edits.length + deletes.length);
    assert.equal(events[0]?.eventType, 'Microsoft.Communication.ChatThreadCreated');

    const times = events.map(({ eventTime }) => eventTime);
    assert.deepEqual(times, times.toSorted());
    assert.equal(new Set(times).size, times.length, 'no two things happen at once');
    assert.equal(new Set(messages.map(({ at }) => at)).size, messages.length, 'message ids are unique');
  });
}

test('all events and threads have ids of their own', () => {
  const events = conversations.flatMap(toEventGridEvents);
  assert.equal(new Set(events.map(({ id }) => id)).size, events.length);
  assert.equal(new Set(conversations.map(({ name }) => exampleThreadId(name))).size, conversations.length);
});

test('the examples show every kind of event', () => {
  const kinds = new Set(conversations.flatMap(toEventGridEvents).map(({ eventType }) => eventType));
  assert.deepEqual(
    [...kinds].toSorted(),
    Object.keys(dataOf)
      .map((kind) => `Microsoft.Communication.${kind}`)
      .toSorted(),
  );
});

test('whoever writes takes part at that time', () => {
  for (const { name, participants, changes, messages } of conversations) {
    for (const { id } of participants) {
      const added = changes.find((change) => 'added' in change && change.added === id)?.at ?? '';
      const removed = changes.find((change) => 'removed' in change && change.removed === id)?.at ?? '9999';
      const outside = messages.filter(({ from, at }) => from === id && (at < added || at > removed));
      assert.deepEqual(outside, [], `${name}: ${id}`);
    }
  }
});
