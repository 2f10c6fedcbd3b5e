import { createHash } from 'node:crypto';
import type { AppendBlobClient } from '@azure/storage-blob';
import type { Container } from '../storage/container.ts';
import {
  isConflict,
  isLeaseLost,
  isLeaseTaken,
  isMissing,
  storageUnavailable,
} from '../storage/storage-errors.ts';

/** A segment that one process has to itself for a minute: appends go to another, and nobody else removes it. */
export interface SegmentLease {
  /** Call it again and again: makes it another minute where a part of it has passed. */
  keep(): Promise<void>;
  /** Lets others have it, as far as that can be told: else it lapses. */
  release(): Promise<void>;
  /** Removes the segment as it was read; otherwise tells that it has changed since, or is gone. */
  remove(etag: string): Promise<'removed' | 'changed' | 'missing'>;
}

const seconds = 60;
const renewedAfter = 20_000;

/** Undefined where the segment is gone. Throws `storage_unavailable` where another holder has it. */
export async function leaseSegment(
  transcripts: Container,
  blob: AppendBlobClient,
  { holder, signal }: { holder: string; signal?: AbortSignal },
): Promise<SegmentLease | undefined> {
  const lease = blob.getBlobLeaseClient(leaseIdOf(holder));
  try {
    await lease.acquireLease(seconds, { abortSignal: transcripts.limit(signal) });
  } catch (error) {
    if (isMissing(error)) return undefined;
    if (isLeaseTaken(error)) throw storageUnavailable(new Error('somebody else rewrites this transcript'));
    throw error;
  }
  let since = performance.now();
  return {
    async keep() {
      if (performance.now() - since < renewedAfter) return;
      since = performance.now();
      await lease.renewLease({ abortSignal: transcripts.limit(signal) });
    },
    async release() {
      await lease.releaseLease({ abortSignal: transcripts.limit() }).catch(() => {});
    },
    async remove(etag) {
      try {
        const conditions = { ifMatch: etag, leaseId: lease.leaseId };
        // Not the caller's signal: what is written already is to be finished.
        await blob.delete({ conditions, abortSignal: transcripts.limit() });
        return 'removed';
      } catch (error) {
        if (isMissing(error)) return 'missing';
        if (isConflict(error) || isLeaseLost(error)) return 'changed';
        throw error;
      }
    },
  };
}

/** The same for the same holder, who may take it again before it has lapsed. */
function leaseIdOf(holder: string): string {
  const hash = createHash('sha256').update(holder).digest('hex');
  return `${hash.slice(0, 8)}-${hash.slice(8, 12)}-4${hash.slice(13, 16)}-8${hash.slice(17, 20)}-${hash.slice(20, 32)}`;
}
