import type { Folder } from '../storage/list-folders.ts';
import type { Merged } from '../summaries/merge-listings.ts';
import { listedOldest, summarizedVersion } from '../summaries/store.ts';
import type { ListedConversation } from '../transcripts/list.ts';
import type { RetentionPeriods } from './retention-periods.ts';

/** A conversation that has to be read, because its listing does not tell that nothing of it is too old. */
export interface Due extends ListedConversation {
  /** What was sent before this time goes. */
  keepFrom: string;
  /** The folder of its summary, where that is of this very version and does not tell what is the oldest. */
  untold?: Folder;
}

/** Undefined where nothing is to go: `startedAt` is the time by which the age is told. */
export function toDue(
  { path, listed, folder }: Merged,
  periods: RetentionPeriods,
  startedAt: string,
): Due | undefined {
  const keepFrom = listed && periods.keepFrom(listed.key.channel, startedAt);
  if (!listed || keepFrom === undefined) return undefined;
  const isFresh = folder !== undefined && summarizedVersion(path, folder.blobs) === listed.version;
  if (!isFresh) return { ...listed, keepFrom };
  const oldest = listedOldest(path, folder.blobs);
  if (oldest === undefined) return { ...listed, keepFrom, untold: folder };
  return oldest < keepFrom ? { ...listed, keepFrom } : undefined;
}
