import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { MalformedEvent } from '../../src/shared/channels/channel.ts';
import type { ThreadMessage } from '../../src/shared/channels/chat/chat-reader.ts';
import { createPacing } from '../../src/shared/channels/chat/pace-requests.ts';
import { toEntries } from '../../src/shared/channels/chat/read-chat-message.ts';

const thread = '19:453dafb77b26481ea2e73bcada0324af@thread.v2';
const jane = '8:acs:8540c0de-899f-5cce-acb5-3ec493af3800_0e59221d-0c1d-46ae-9544-c963ce56c10b';
const said: ThreadMessage = {
  id: '1593107077690',
  type: 'text',
  version: '1593107077683',
  text: 'So where should we get lunch from today?',
  sender: jane,
  senderName: 'Jane',
  createdOn: '2020-06-25T17:44:37.683Z',
};

describe('a message of a thread', () => {
  test('is the message entry of its event, with its own version', () => {
    assert.deepEqual(toEntries(thread, said), [
      {
        kind: 'message',
        id: 'message:1593107077690:1593107077683',
        conversation: thread,
        version: '1593107077683',
        at: '2020-06-25T17:44:37.683Z',
        messageId: '1593107077690',
        sender: { id: jane, name: 'Jane' },
        text: 'So where should we get lunch from today?',
        composedAt: '2020-06-25T17:44:37.683Z',
      },
    ]);
  });

  test('that was deleted is a delete, whatever else it still says', () => {
    const deletedOn = '2020-06-26T08:00:00.000Z';
    const [entry] = toEntries(thread, { ...said, deletedOn, editedOn: deletedOn, version: '1593158400000' });
    assert.deepEqual(
      [entry?.kind, entry?.id, entry?.at],
      ['delete', 'delete:1593107077690:1593158400000', deletedOn],
    );
    assert.doesNotMatch(JSON.stringify(entry), /lunch/);
  });

  test('of the system makes an entry for each person, or the topic', () => {
    const participants = [{ id: jane }, { id: '4:+15551230001', name: 'Joe' }];
    const system = { id: '7', version: '7', createdOn: said.createdOn };
    const added = toEntries(thread, { ...system, type: 'participantAdded', participants });
    assert.deepEqual(
      added.map((entry) => entry.kind === 'participant' && [entry.id, entry.change, entry.participant]),
      participants.map((one) => [`participant:${one.id}:7`, 'added', one]),
    );
    const [removed] = toEntries(thread, { ...system, type: 'participantRemoved', participants });
    assert.equal(removed?.kind === 'participant' && removed.change, 'removed');
    const [topic] = toEntries(thread, { ...system, type: 'topicUpdated', topic: 'Lunch' });
    assert.deepEqual([topic?.id, topic?.kind === 'topic' && topic.topic], ['topic:topic:7', 'Lunch']);
    assert.deepEqual(toEntries(thread, { ...system, type: 'participantAdded' }), []);
  });

  test('that says nothing we know, or nobody sent, is malformed', () => {
    assert.throws(() => toEntries(thread, { ...said, type: 'hologram', text: undefined }), MalformedEvent);
    assert.throws(() => toEntries(thread, { ...said, sender: undefined }), MalformedEvent);
  });
});

test('requests keep to every limit of their key, and other keys go on', () => {
  let now = 0;
  const takePlace = createPacing({ clock: () => new Date(now) });
  const limits = [
    { most: 2, milliseconds: 1_000 },
    { most: 3, milliseconds: 60_000 },
  ];
  assert.deepEqual([takePlace('a', limits), takePlace('a', limits), takePlace('a', limits)], [0, 0, 1_000]);
  assert.equal(takePlace('b', limits), 0);
  now = 1_000;
  assert.equal(takePlace('a', limits), 0);
  now = 2_500;
  assert.equal(takePlace('a', limits), 57_500);
  now = 60_000;
  assert.equal(takePlace('a', limits), 0);
});
