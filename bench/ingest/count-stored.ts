import type { Container } from '../../src/shared/storage/container.ts';
import type { TranscriptStore } from '../../src/shared/transcripts/store.ts';

/** What is there after all batches. */
export interface Found {
  conversations: number;
  /** Different messages. */
  messages: number;
  /** Messages that a reader sees more than once. */
  duplicates: number;
}

/** What reading all transcripts shows. */
export async function countMessages(transcripts: TranscriptStore): Promise<Found> {
  const found = { conversations: 0, messages: 0, duplicates: 0 };
  for await (const { path } of transcripts.list()) {
    const ids = (await transcripts.read(path))?.conversation.messages.map(({ id }) => id) ?? [];
    const different = new Set(ids).size;
    found.conversations += 1;
    found.messages += different;
    found.duplicates += ids.length - different;
  }
  return found;
}

/** What a listing of one blob per message shows: a name is there once. */
export async function countBlobs(container: Container): Promise<Found> {
  const folders = new Set<string>();
  let messages = 0;
  for await (const { blobs } of container.pages()) {
    messages += blobs.length;
    for (const { name } of blobs) folders.add(name.slice(0, name.lastIndexOf('/')));
  }
  return { conversations: folders.size, messages, duplicates: 0 };
}
