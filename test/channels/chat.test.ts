import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { MalformedEvent } from '../../src/shared/channels/channel.ts';
import { chat } from '../../src/shared/channels/chat/read-chat-event.ts';
import { openEnvelope } from '../../src/shared/events/envelope.ts';
import type { TranscriptEntry } from '../../src/shared/transcripts/entry.ts';
import { chatEvent, sent, timeAt, user } from '../support/chat-events.ts';

const thread = '19:chat@thread.v2';

function read(event: unknown): TranscriptEntry[] | undefined {
  return chat.read(openEnvelope(event))?.entries;
}

function readOne(event: unknown): TranscriptEntry {
  const [entry] = read(event) ?? [];
  assert.ok(entry);
  return entry;
}

const content = {
  messageId: '1613694357917',
  messageBody: "Let's Chat about new communication services.",
  senderCommunicationIdentifier: { rawId: user('bob') },
  senderDisplayName: 'Bob(Admin)',
  composeTime: '2021-02-19T00:25:57.917Z',
  type: 'Text',
};

describe('chat events', () => {
  test('both event families of one happening make the same entry', () => {
    const pairs = [
      ['ChatMessageReceivedInThread', 'ChatMessageReceived', { version: '1613694357917' }],
      [
        'ChatMessageEditedInThread',
        'ChatMessageEdited',
        { version: 1613694500784, editTime: '2021-02-19T00:28:20.784Z' },
      ],
      [
        'ChatMessageDeletedInThread',
        'ChatMessageDeleted',
        { version: 1613694500785, deleteTime: '2021-02-19T00:28:21Z' },
      ],
    ] as const;
    for (const [inThread, perUser, more] of pairs) {
      const one = readOne(chatEvent(inThread, thread, { ...content, ...more }));
      const recipientCommunicationIdentifier = { rawId: user('ann') };
      const other = chatEvent(perUser, thread, { ...content, ...more, recipientCommunicationIdentifier });
      assert.deepEqual(readOne(other), one);
    }
  });

  test('a version counts as number or as text, and where it is missing or bad the time stands for it', () => {
    const version = (value: unknown): string =>
      readOne(chatEvent('ChatMessageReceivedInThread', thread, { ...content, version: value })).version;
    assert.equal(version(1613694357917), '1613694357917');
    assert.equal(version('0001613694357917'), '1613694357917');
    assert.equal(version('123456789012345678901234567890'), '123456789012345678901234567890');
    for (const bad of [undefined, null, '', 'abc', -1, 1.5, 1e300, {}, [7]]) {
      assert.equal(version(bad), '1613694357917', JSON.stringify(bad));
    }
  });

  test('times of any offset and precision become UTC with milliseconds', () => {
    const at = (composeTime: string): string =>
      readOne(chatEvent('ChatMessageReceivedInThread', thread, { ...content, composeTime, version: 1 })).at;
    assert.equal(at('2021-02-20T01:07:10.064+00:00'), '2021-02-20T01:07:10.064Z');
    assert.equal(at('2021-02-20T03:07:10.0649999+02:00'), '2021-02-20T01:07:10.064Z');
    assert.equal(at('2021-02-20T01:07:10'), '2021-02-20T01:07:10.000Z');
  });

  test('a thread that is created sets its topic and its participants at its own version', () => {
    const entries = read(
      chatEvent('ChatThreadCreated', thread, {
        createTime: '2021-02-20T00:31:54.365+00:00',
        version: 1613781114365,
        properties: { topic: 'Thread events' },
        participants: [
          { displayName: 'Bob', participantCommunicationIdentifier: { rawId: user('bob') } },
          { participantCommunicationIdentifier: { communicationUser: { id: user('ann') } } },
        ],
      }),
    );
    assert.deepEqual(
      entries?.map(({ id }) => id),
      [
        'thread:created:1613781114365',
        'topic:topic:1613781114365',
        `participant:${user('bob')}:1613781114365`,
        `participant:${user('ann')}:1613781114365`,
      ],
    );
  });

  test('an HTML message keeps its original and reads as plain text', () => {
    const html =
      '<p>Hello <b>Ada</b> &amp; all <img alt="🙂" src="https://example.org/e.png"></p><p><a href="https://example.org">here</a></p>';
    const entry = readOne(
      chatEvent('ChatMessageReceivedInThread', thread, {
        ...content,
        messageBody: html,
        type: 'RichText/Html',
      }),
    );
    assert.ok(entry.kind === 'message');
    assert.equal(entry.html, html);
    assert.equal(entry.text, 'Hello Ada & all 🙂\n\nhere');
  });

  test('numbers in HTML cost nothing', () => {
    const html = [
      '<table><tr><td colspan="100000000" rowspan="100000000">x</td></tr></table>',
      '<ol type="i" start="900000000"><li>x</li></ol>',
      '<hr width="100000000">x',
    ];
    for (const messageBody of html) {
      const event = chatEvent('ChatMessageReceivedInThread', thread, {
        ...content,
        messageBody,
        type: 'Html',
      });
      const entry = readOne(event);
      assert.ok(entry.kind === 'message' && entry.text.length < 60, messageBody);
    }
  });

  test('an edit that tells neither version nor time counts after its message', () => {
    const message = readOne(chatEvent('ChatMessageReceivedInThread', thread, content));
    const edit = readOne(chatEvent('ChatMessageEditedInThread', thread, content));
    assert.ok(BigInt(edit.version) > BigInt(message.version));
  });

  test('HTML nested a thousand deep does no harm', () => {
    const event = chatEvent('ChatMessageReceivedInThread', thread, {
      ...content,
      messageBody: `${'<b>'.repeat(9_000)}deep`,
      type: 'Html',
    });
    assert.ok(readOne(event));
  });

  test('senders of phones and Teams have an identity too', () => {
    const sender = (senderCommunicationIdentifier: unknown): string | undefined => {
      const entry = readOne(
        chatEvent('ChatMessageReceivedInThread', thread, { ...content, senderCommunicationIdentifier }),
      );
      return entry.kind === 'message' ? entry.sender.id : undefined;
    };
    assert.equal(sender({ phoneNumber: { value: '+15550100' } }), '4:+15550100');
    assert.equal(sender({ microsoftTeamsUser: { userId: 'oid' } }), '8:orgid:oid');
  });

  test('members that are null count as absent', () => {
    const nulls = { communicationUser: null, phoneNumber: null, microsoftTeamsUser: null };
    const senderCommunicationIdentifier = { rawId: user('bob'), ...nulls };
    const entry = readOne(
      chatEvent('ChatMessageReceivedInThread', thread, {
        ...content,
        senderCommunicationIdentifier,
        metadata: null,
      }),
    );
    assert.ok(entry.kind === 'message');
    assert.equal(entry.sender.id, user('bob'));
    const properties = { topic: null };
    assert.deepEqual(read(chatEvent('ChatThreadPropertiesUpdated', thread, { version: 1, properties })), []);
  });

  test('CloudEvents carry the same as Event Grid events', () => {
    const event = sent(thread, { id: '1', from: 'Ada', text: 'Hi', second: 1 });
    const cloud = {
      id: event.id,
      source: event.topic,
      type: event.eventType,
      specVersion: '1.0',
      time: timeAt(0),
      data: event.data,
    };
    assert.deepEqual(read(cloud), read(event));
  });

  test('other types are nobody of chat', () => {
    assert.equal(read(chatEvent('SMSReceived', thread, {})), undefined);
    assert.equal(read({ eventType: 'ChatMessageReceivedInThread', data: {} }), undefined);
  });

  test('what cannot be understood says which field is wrong', () => {
    const bad: [Record<string, unknown>, RegExp][] = [
      [{ ...content, messageId: null }, /data\.messageId/],
      [{ ...content, threadId: '' }, /data\.threadId/],
      [{ ...content, threadId: 'x'.repeat(600) }, /data\.threadId/],
      [{ ...content, threadId: '\ud800' }, /Unicode/],
      [{ ...content, messageBody: 7 }, /data\.messageBody/],
      [{ ...content, senderCommunicationIdentifier: undefined }, /senderCommunicationIdentifier/],
    ];
    for (const [data, reason] of bad) {
      assert.throws(
        () => read(chatEvent('ChatMessageReceivedInThread', thread, data)),
        (error: Error) => error instanceof MalformedEvent && reason.test(error.message),
      );
    }
    for (const envelope of [null, 7, 'text', [], {}, { eventType: '' }]) {
      assert.throws(() => openEnvelope(envelope), MalformedEvent);
    }
  });
});
