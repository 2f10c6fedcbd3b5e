import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { chat } from '../../src/shared/channels/chat/read-chat-event.ts';
import { sentMessage } from '../../src/shared/channels/sent-message.ts';
import { openEnvelope } from '../../src/shared/events/envelope.ts';
import type { TranscriptEntry } from '../../src/shared/transcripts/entry.ts';
import { createFold } from '../../src/shared/transcripts/fold.ts';
import { deleted, edited, sent, user } from '../support/chat-events.ts';

const thread = '19:ours@thread.v2';
const told = { id: '7', from: 'Parley', text: 'On its way', second: 5 };
const at = new Date('2026-11-24T08:00:00Z');

const ours = sentMessage(
  { conversation: thread, messageId: '7', sender: { id: user('Parley') }, text: 'On its way', version: '0' },
  { content: { text: 'On its way' }, sentBy: 'clerk' },
  { id: 's', firstTriedAt: at, triedAt: at, isRepeated: false, signal: AbortSignal.timeout(1) },
);

function fold(entries: readonly TranscriptEntry[]) {
  const state = createFold({ channel: 'chat', id: thread });
  for (const entry of entries) state.add(entry);
  return state.result().messages;
}

function read(event: unknown): TranscriptEntry[] {
  return chat.read(openEnvelope(event))?.entries ?? [];
}

test('a message that we sent stays one, at the provider’s time, and ours through every edit', () => {
  const entries = [
    ours,
    ...read(sent(thread, told)),
    ...read(edited(thread, { ...told, text: 'It is here' }, 9)),
  ];
  const [expected, ...more] = fold(entries);
  assert.deepEqual(more, []);
  assert.deepEqual([expected?.text, expected?.sentBy], ['It is here', 'clerk']);
  assert.equal(expected?.at, fold(read(sent(thread, told)))[0]?.at);
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...entries), { maxLength: 8 }), (extra) => {
      const shuffled = [...extra, ...entries];
      assert.deepEqual(fold(shuffled), [expected]);
      assert.deepEqual(fold(shuffled.toReversed()), [expected]);
    }),
  );
  assert.deepEqual(fold([...read(deleted(thread, told, 11)), ...entries]), []);
});
