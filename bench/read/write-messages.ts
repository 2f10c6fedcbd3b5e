import pMap from 'p-map';
import type { Container } from '../../src/shared/storage/container.ts';
import { conversationPath } from '../../src/shared/transcripts/conversation-path.ts';
import type { TranscriptEntry } from '../../src/shared/transcripts/entry.ts';
import type { TranscriptStore } from '../../src/shared/transcripts/store.ts';
import { messageEvent, threadOf } from '../setup/conversations.ts';
import { readEntries } from '../setup/read-entries.ts';

export const conversations = 50;
/** In each conversation. */
export const messages = 20;

const all = Array.from({ length: conversations }, (_, conversation) => conversation);
const concurrency = 16;

/** Writes the messages as Parley keeps them, `messagesAtOnce` of a conversation with one append. */
export async function writeSegments(
  transcripts: TranscriptStore,
  { messagesAtOnce }: { messagesAtOnce: number },
): Promise<void> {
  const write = async (conversation: number): Promise<void> => {
    const entries = entriesOf(conversation);
    for (let start = 0; start < entries.length; start += messagesAtOnce) {
      await transcripts.append(keyOf(conversation), entries.slice(start, start + messagesAtOnce));
    }
  };
  await pMap(all, write, { concurrency });
}

/** Writes the same messages as one blob each. */
export async function writeSingleBlobs(container: Container): Promise<void> {
  const write = async (conversation: number): Promise<void> => {
    for (const [index, entry] of entriesOf(conversation).entries()) {
      const name = `${conversationPath(keyOf(conversation))}/${index}.json`;
      await container.write(name, JSON.stringify(entry), { contentType: 'application/json' });
    }
  };
  await pMap(all, write, { concurrency });
}

function keyOf(conversation: number) {
  return { channel: 'chat', id: threadOf(conversation) };
}

function entriesOf(conversation: number): TranscriptEntry[] {
  return Array.from({ length: messages }, (_, index) => messageEvent(conversation, index)).flatMap(
    readEntries,
  );
}
