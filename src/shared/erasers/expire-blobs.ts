import type { BlobItem } from '@azure/storage-blob';
import type { Container } from '../storage/container.ts';
import { unquote } from '../storage/container.ts';
import type { Swept } from './eraser.ts';
import { type SweepBlobsOptions, sweepBlobs } from './sweep-blobs.ts';

interface Options extends SweepBlobsOptions {
  /** When a blob counts as written, ISO 8601 UTC; without it, when it was. */
  timeOf?: (blob: BlobItem) => string;
}

/** Removes the blobs that were last written before a time, ISO 8601 UTC. One that is written meanwhile stays. */
export function expireBlobs(
  container: Container,
  before: string,
  { timeOf = lastModified, ...options }: Options,
): Promise<Swept> {
  return sweepBlobs(
    container,
    async (blob) => {
      if (timeOf(blob) >= before) return 0;
      const { etag } = blob.properties;
      const isRemoved = await container.remove(blob.name, { etag: unquote(etag), signal: options.signal });
      return isRemoved ? 1 : 0;
    },
    options,
  );
}

function lastModified({ properties }: BlobItem): string {
  return properties.lastModified.toISOString();
}
