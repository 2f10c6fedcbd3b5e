import type { Container } from '../../src/shared/storage/container.ts';
import type { TranscriptEntry } from '../../src/shared/transcripts/entry.ts';
import { openTranscripts } from '../../src/shared/transcripts/store.ts';
import { textOf } from '../setup/conversations.ts';

export const longConversation = { channel: 'chat', id: '19:long@thread.v2' };

const messagesAtOnce = 500;
const start = Date.parse('2026-01-05T08:00:00.000Z');
const resource = '8:acs:00000000-0000-4000-8000-000000000000';
const people = ['Ada', 'Grace', 'Joe', 'Kim', 'Lin'];
/** Small enough that 100,000 messages need two segments. */
const segmentBytes = 32 * 1024 ** 2;

/** Writes one conversation of `messages` messages of about 120 characters each. */
export async function writeConversation(container: Container, messages: number): Promise<void> {
  const transcripts = openTranscripts(container, { segmentBytes });
  for (let first = 0; first < messages; first += messagesAtOnce) {
    const length = Math.min(messagesAtOnce, messages - first);
    const entries = Array.from({ length }, (_, index) => messageEntry(first + index));
    await transcripts.append(longConversation, entries);
  }
}

function messageEntry(index: number): TranscriptEntry {
  const time = start + index * 60_000;
  const at = new Date(time).toISOString();
  const name = people[index % people.length] ?? 'Ada';
  return {
    kind: 'message',
    id: `message:${time}:${time}`,
    conversation: longConversation.id,
    version: String(time),
    at,
    messageId: String(time),
    sender: { id: `${resource}_${name}`, name },
    text: textOf(0, index),
    composedAt: at,
  };
}
