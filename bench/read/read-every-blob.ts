import pMap from 'p-map';
import type { Container } from '../../src/shared/storage/container.ts';
import { type TranscriptEntry, transcriptEntry } from '../../src/shared/transcripts/entry.ts';
import { createFold } from '../../src/shared/transcripts/fold.ts';

/**
 * Lists a container once, reads each blob with one GET, and folds the entries of each folder, one entry a line: the same
 * code for segments and for blobs of one message. Returns how many messages it found.
 */
export async function readEveryBlob(
  container: Container,
  { concurrency }: { concurrency: number },
): Promise<number> {
  const entries = new Map<string, TranscriptEntry[]>();
  const readBlob = async (name: string): Promise<void> => {
    const blob = await container.read(name);
    const folder = name.slice(0, name.lastIndexOf('/'));
    const found = (blob?.text ?? '').split('\n').filter((line) => line !== '');
    const list = entries.get(folder) ?? [];
    list.push(...found.map((line) => transcriptEntry.parse(JSON.parse(line))));
    entries.set(folder, list);
  };
  await pMap(namesIn(container), readBlob, { concurrency });
  return [...entries.values()].reduce((sum, list) => sum + countMessages(list), 0);
}

/** Reading begins with the first page of names. */
async function* namesIn(container: Container): AsyncGenerator<string> {
  for await (const { blobs } of container.pages()) for (const { name } of blobs) yield name;
}

function countMessages(entries: readonly TranscriptEntry[]): number {
  const fold = createFold({ channel: 'chat', id: entries[0]?.conversation ?? '' });
  for (const entry of entries) fold.add(entry);
  return fold.result().messages.length;
}
