import * as z from 'zod';
import type { Container } from '../storage/container.ts';
import { type Folder, isAfter, type ListingPosition, listFolders } from '../storage/list-folders.ts';
import type { TranscriptStore } from '../transcripts/store.ts';
import { isSummaryFolder, summarizedVersion } from './store.ts';

/** Where both listings can be taken up again, to see what comes after the conversation `after`. */
export const stalePosition = z.object({
  after: z.string(),
  transcriptsPage: z.string().optional(),
  summariesPage: z.string().optional(),
});
export type StalePosition = z.infer<typeof stalePosition>;

/** A conversation to be looked at, as it was listed. */
export interface StaleConversation {
  path: string;
  /** Names of its segments; none where the conversation is gone and its summary left. */
  segments: string[];
  /** Bytes of all segments. */
  length: number;
}

/** One conversation that was compared. */
export interface Compared {
  /** Undefined where its summary is fresh. */
  stale?: StaleConversation;
  /** Go on here to compare all that follow. */
  position: StalePosition;
}

/**
 * Compares every conversation with its summary: stale are those whose summary is not of their present version, and
 * summaries whose conversation is gone. Streams both listings once, merged, in constant memory.
 */
export async function* listStale(
  transcripts: TranscriptStore,
  summaries: Container,
  from?: StalePosition,
): AsyncGenerator<Compared> {
  let transcriptsSeen: ListingPosition | undefined = from && {
    after: from.after,
    page: from.transcriptsPage,
  };
  let summariesSeen: ListingPosition | undefined = from && { after: from.after, page: from.summariesPage };
  const folders = listFolders(summaries, { after: summariesSeen });
  let folder = await nextOf(folders);

  const compared = (path: string, stale?: StaleConversation): Compared => ({
    stale,
    position: {
      after: path,
      transcriptsPage: transcriptsSeen?.page,
      summariesPage: summariesSeen?.page,
    },
  });
  const passFolder = async ({ position }: Folder): Promise<void> => {
    summariesSeen = position;
    folder = await nextOf(folders);
  };

  for await (const { path, version, segments, length, position } of transcripts.list({
    after: transcriptsSeen,
  })) {
    while (folder && isAfter(path, folder.path)) {
      const orphan = folder.path;
      await passFolder(folder);
      yield compared(orphan, { path: orphan, segments: [], length: 0 });
    }
    const summarized = folder?.path === path ? summarizedVersion(path, folder.blobs) : undefined;
    if (folder?.path === path) await passFolder(folder);
    transcriptsSeen = position;
    yield compared(path, summarized === version ? undefined : { path, segments, length });
  }
  while (folder) {
    const orphan = folder.path;
    await passFolder(folder);
    yield compared(orphan, { path: orphan, segments: [], length: 0 });
  }
}

async function nextOf(folders: AsyncGenerator<Folder>): Promise<Folder | undefined> {
  for (;;) {
    const { value, done } = await folders.next();
    if (done) return undefined;
    if (isSummaryFolder(value.path, value.blobs)) return value;
  }
}
