import pMap from 'p-map';
import { mediaBlob } from '../media/store.ts';
import type { Container } from '../storage/container.ts';
import type { Attachment, ConversationKey } from '../transcripts/entry.ts';
import { isBinaryType } from './redact-media.ts';

interface Attachments {
  theirs: readonly Attachment[];
  others: readonly Attachment[];
}

export interface ForgottenAttachments {
  /** Blobs that went. */
  removed: number;
  /** Attachments of others of which nobody can tell whether they are about them. */
  unread: number;
}

const concurrency = 4;

/**
 * Removes what somebody attached to messages of a conversation. What another attached, too, is one blob with theirs, and
 * stays. Texts that others attached are looked into by `sweepMedia`.
 */
export async function forgetAttachments(
  key: ConversationKey,
  { theirs, others }: Attachments,
  media: Container,
  { signal }: { signal: AbortSignal },
): Promise<ForgottenAttachments> {
  const blobOf = ({ blob, id }: Attachment): string => blob ?? mediaBlob(key, id);
  const kept = new Map(others.map((attachment) => [blobOf(attachment), attachment]));
  const gone = new Set(theirs.map(blobOf).filter((blob) => !kept.has(blob)));
  const removals = await pMap(gone, (blob) => media.remove(blob, { signal }), { concurrency });
  return {
    removed: removals.filter(Boolean).length,
    unread: [...kept.values()].filter(({ type }) => isBinaryType(type)).length,
  };
}
