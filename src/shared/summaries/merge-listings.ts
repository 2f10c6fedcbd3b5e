import * as z from 'zod';
import type { Container } from '../storage/container.ts';
import { type Folder, isAfter, type ListingPosition, listFolders } from '../storage/list-folders.ts';
import type { ListedConversation } from '../transcripts/list.ts';
import type { TranscriptStore } from '../transcripts/store.ts';
import { isSummaryFolder } from './store.ts';

/** Where both listings can be taken up again, to see what comes after the conversation `after`. */
export const mergedPosition = z.object({
  after: z.string(),
  transcriptsPage: z.string().optional(),
  summariesPage: z.string().optional(),
});
export type MergedPosition = z.infer<typeof mergedPosition>;

/** A conversation as both listings show it. */
export interface Merged {
  path: string;
  /** Its transcript; absent where the conversation is gone and its summary left. */
  listed?: ListedConversation;
  /** The folder of its summary, if it has one. */
  folder?: Folder;
  /** Go on here to see all that follow. */
  position: MergedPosition;
}

/** Streams the listings of transcripts and summaries once, merged in key order, in constant memory. */
export async function* mergeListings(
  transcripts: Pick<TranscriptStore, 'list'>,
  summaries: Container,
  from?: MergedPosition,
): AsyncGenerator<Merged> {
  let transcriptsSeen: ListingPosition | undefined = from && {
    after: from.after,
    page: from.transcriptsPage,
  };
  let summariesSeen: ListingPosition | undefined = from && { after: from.after, page: from.summariesPage };
  const folders = listFolders(summaries, { after: summariesSeen });
  let next = await nextOf(folders);

  const position = (after: string): MergedPosition => ({
    after,
    transcriptsPage: transcriptsSeen?.page,
    summariesPage: summariesSeen?.page,
  });
  const takeFolder = async (folder: Folder): Promise<Folder> => {
    summariesSeen = folder.position;
    next = await nextOf(folders);
    return folder;
  };

  for await (const listed of transcripts.list({ after: transcriptsSeen })) {
    const { path } = listed;
    while (next && isAfter(path, next.path)) {
      const folder = await takeFolder(next);
      yield { path: folder.path, folder, position: position(folder.path) };
    }
    const folder = next?.path === path ? await takeFolder(next) : undefined;
    transcriptsSeen = listed.position;
    yield { path, listed, ...(folder ? { folder } : {}), position: position(path) };
  }
  while (next) {
    const folder = await takeFolder(next);
    yield { path: folder.path, folder, position: position(folder.path) };
  }
}

async function nextOf(folders: AsyncGenerator<Folder>): Promise<Folder | undefined> {
  for (;;) {
    const { value, done } = await folders.next();
    if (done) return undefined;
    if (isSummaryFolder(value.path, value.blobs)) return value;
  }
}
