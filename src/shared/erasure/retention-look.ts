import { mediaBlob } from '../media/store.ts';
import { conversationPath } from '../transcripts/conversation-path.ts';
import type { AnalysisEntry, Attachment, ConversationKey, TranscriptEntry } from '../transcripts/entry.ts';
import { createOldestTime } from '../transcripts/oldest.ts';
import type { Segment } from '../transcripts/segments.ts';
import type { TranscriptStore } from '../transcripts/store.ts';
import { identitiesIn, staffIn } from './identities-in.ts';
import { createInventory, type Judgement } from './retention-inventory.ts';

/** A conversation as it was read. */
export interface AgeLook {
  /** Undefined where nothing is old enough. */
  judgement?: Judgement;
  /** See `OldestTime`. */
  oldest?: string;
  segments: Segment[];
  /** Analyses that name no message. */
  unnamed: AnalysisEntry[];
}

export interface LookOptions {
  /** What was sent before this time goes. */
  keepFrom: string;
  /** Their names, from a listing just made. */
  segments?: readonly string[];
  signal: AbortSignal;
}

/** Reads a conversation for what of it is too old, and changes nothing. */
export async function lookAtAge(
  key: ConversationKey,
  { transcripts }: { transcripts: Pick<TranscriptStore, 'readEntries'> },
  { keepFrom, ...options }: LookOptions,
): Promise<AgeLook> {
  const namedIn = (entry: TranscriptEntry): string[] => [...identitiesIn(entry), ...staffIn(entry)];
  const blobOf = ({ blob, id }: Attachment): string => blob ?? mediaBlob(key, id);
  const inventory = createInventory({ namedIn, blobOf });
  const oldestTime = createOldestTime();
  const take = (entry: TranscriptEntry): void => {
    inventory.add(entry);
    oldestTime.add(entry);
  };
  const segments = await transcripts.readEntries(conversationPath(key), take, options);
  return {
    judgement: inventory.judge(keepFrom),
    oldest: oldestTime.result(),
    segments,
    unnamed: inventory.unnamed(),
  };
}
