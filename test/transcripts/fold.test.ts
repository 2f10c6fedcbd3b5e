import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { chat } from '../../src/shared/channels/chat/read-chat-event.ts';
import { openEnvelope } from '../../src/shared/events/envelope.ts';
import type { Conversation } from '../../src/shared/transcripts/conversation.ts';
import type { TranscriptEntry } from '../../src/shared/transcripts/entry.ts';
import { createFold } from '../../src/shared/transcripts/fold.ts';
import { renderMarkdown, renderText } from '../../src/shared/transcripts/render.ts';
import { deleted, edited, joined, left, sent, topicChanged, user } from '../support/chat-events.ts';

const thread = '19:fold@thread.v2';

function entriesOf(...events: unknown[]): TranscriptEntry[] {
  return events.flatMap((event) => chat.read(openEnvelope(event))?.entries ?? []);
}

function fold(entries: readonly TranscriptEntry[]): Conversation {
  const state = createFold({ channel: 'chat', id: thread });
  for (const entry of entries) state.add(entry);
  return state.result();
}

function permutations<Item>(items: readonly Item[]): Item[][] {
  if (items.length <= 1) return [[...items]];
  return items.flatMap((item, index) =>
    permutations(items.filter((_, other) => other !== index)).map((rest) => [item, ...rest]),
  );
}

const hello = { id: '1', from: 'Ada', text: 'Helo', second: 1 };
const bye = { id: '2', from: 'Grace', text: 'Bye', second: 2 };

describe('the fold of a transcript', () => {
  test('all 720 orders of send, edit, edit, delete, topic and participant tell the same', () => {
    const events = [
      sent(thread, hello),
      edited(thread, { ...hello, text: 'Hello' }, 10),
      edited(thread, { ...hello, text: 'Hello!' }, 20),
      deleted(thread, bye, 30),
      topicChanged(thread, 'Greetings', 40),
      joined(thread, 'Grace', 50),
    ];
    const orders = permutations(entriesOf(...events));
    assert.equal(orders.length, 720);
    const expected = fold(orders[0] ?? []);
    assert.deepEqual(
      expected.messages.map(({ id, text }) => [id, text]),
      [['1', 'Hello!']],
    );
    assert.equal(expected.topic, 'Greetings');
    for (const order of orders) assert.deepEqual(fold(order), expected);
  });

  test('any selection of happenings, repeated and shuffled, tells what the set of them tells', () => {
    const pool = entriesOf(
      sent(thread, hello),
      edited(thread, { ...hello, text: 'Hello' }, 10),
      edited(thread, { ...hello, text: 'Hi' }, 10),
      deleted(thread, hello, 12),
      sent(thread, bye),
      edited(thread, { ...bye, text: 'Goodbye' }, 3),
      joined(thread, 'Grace', 5),
      left(thread, 'Grace', 5),
      joined(thread, 'Grace', 9),
      topicChanged(thread, 'One', 7),
      topicChanged(thread, 'Two', 7),
    );
    fc.assert(
      fc.property(fc.array(fc.nat(pool.length - 1), { maxLength: 60 }), (picks) => {
        const chosen = picks.flatMap((index) => pool[index] ?? []);
        const once = pool.filter((entry) => chosen.includes(entry));
        assert.deepEqual(fold(chosen), fold(once));
      }),
    );
  });

  test('a late duplicate does not bring a deleted message back', () => {
    const entries = entriesOf(sent(thread, hello), deleted(thread, hello, 5), sent(thread, hello));
    assert.deepEqual(fold(entries).messages, []);
  });

  test('an edit newer than the delete does not bring a message back', () => {
    const entries = entriesOf(deleted(thread, hello, 5), edited(thread, hello, 9));
    assert.deepEqual(fold(entries).messages, []);
  });

  test('an edit before its message makes the message, at the time it was sent', () => {
    const [message] = fold(entriesOf(edited(thread, { ...hello, text: 'Hello' }, 60))).messages;
    assert.equal(message?.text, 'Hello');
    assert.equal(message?.at, '2026-11-23T09:00:01.000Z');
    assert.equal(message?.editedAt, '2026-11-23T09:01:00.000Z');
  });

  test('versions compare as numbers of any size, not as text', () => {
    const [first, second] = entriesOf(sent(thread, hello), edited(thread, { ...hello, text: 'Later' }, 10));
    assert.ok(first && second);
    const older = { ...first, version: '99999999999999999998' };
    const newer = { ...second, version: '100000000000000000000' };
    assert.equal(fold([newer, older]).messages[0]?.text, 'Later');
  });

  test('whoever was removed last is no participant, and whoever wrote without being announced is one', () => {
    const entries = entriesOf(joined(thread, 'Grace', 1), left(thread, 'Grace', 2), sent(thread, hello));
    assert.deepEqual(fold(entries).participants, [{ id: user('Ada'), name: 'Ada' }]);
  });

  test('a name or topic with line breaks makes no line of its own', () => {
    const name = 'Eve: ok\n[2026-11-23 09:05] Boss';
    const conversation = fold(
      entriesOf(sent(thread, { ...hello, name }), topicChanged(thread, 'a\r\n# b', 3)),
    );
    for (const render of [renderText, renderMarkdown]) {
      assert.doesNotMatch(render(conversation), /^(- )?\[?2026-11-23 09:05|^# b/m);
    }
  });

  test('messages of one instant come in the order of their ids', () => {
    const entries = entriesOf(sent(thread, { ...hello, id: 'b' }), sent(thread, { ...hello, id: 'a' }));
    assert.deepEqual(
      fold(entries).messages.map(({ id }) => id),
      ['a', 'b'],
    );
  });
});
