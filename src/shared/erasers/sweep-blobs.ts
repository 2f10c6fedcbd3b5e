import type { BlobItem } from '@azure/storage-blob';
import pMap from 'p-map';
import * as z from 'zod';
import type { Container } from '../storage/container.ts';
import type { SweepOptions, Swept } from './eraser.ts';

export interface SweepBlobsOptions extends SweepOptions {
  prefix?: string;
  pageSize?: number;
  /** How many are taken at once. */
  concurrency?: number;
}

/** How much it removed; with `next` where it had no time for all of a large blob: it is called again with that. */
export type Taken = number | { removed: number; next: unknown };

const position = z.object({
  page: z.string().optional(),
  /** All before this one are done. */
  after: z.string().optional(),
  /** A blob that is done in part. */
  within: z.object({ name: z.string(), from: z.unknown() }).optional(),
});

/** A blob above this many bytes is taken alone: several at once would fill the memory. */
const largeBytes = 1024 ** 2;

/**
 * Hands each blob of a container to `take`; blobs that it removes do not disturb the rest. Goes on where an earlier call
 * had no more time; a few blobs may then be taken again.
 */
export async function sweepBlobs(
  container: Container,
  take: (blob: BlobItem, from: unknown) => Promise<Taken>,
  { from, isTimeUp, signal, prefix, pageSize, concurrency = 8 }: SweepBlobsOptions,
): Promise<Swept> {
  const begun = position.optional().parse(from) ?? {};
  let { page, after } = begun;
  let removed = 0;
  const takeOne = (blob: BlobItem) =>
    take(blob, begun.within?.name === blob.name ? begun.within.from : undefined);

  for await (const { blobs, next } of container.pages({ prefix, from: page, pageSize, signal })) {
    for (const group of inGroups(skipDone(blobs, after), concurrency)) {
      if (isTimeUp()) return { removed, next: { ...begun, page, after } };
      const all = await pMap(group, takeOne, { concurrency });
      removed += all.reduce<number>((sum, taken) => sum + countOf(taken), 0);
      const unfinished = all.findIndex((taken) => typeof taken !== 'number');
      const [taken, blob] = [all[unfinished], group[unfinished]];
      if (typeof taken === 'object' && blob) {
        return { removed, next: { page, after, within: { name: blob.name, from: taken.next } } };
      }
      // One that is gone could not be found again.
      after = group.findLast((_, place) => all[place] === 0)?.name ?? after;
    }
    page = next;
    after = undefined;
  }
  return { removed };
}

function countOf(taken: Taken): number {
  return typeof taken === 'number' ? taken : taken.removed;
}

/** Names are not compared: which of two comes first, only the service knows. */
function skipDone(blobs: readonly BlobItem[], after: string | undefined): readonly BlobItem[] {
  return blobs.slice(blobs.findLastIndex(({ name }) => name === after) + 1);
}

function* inGroups(blobs: readonly BlobItem[], size: number): Generator<BlobItem[]> {
  let group: BlobItem[] = [];
  for (const blob of blobs) {
    const isLarge = (blob.properties.contentLength ?? 0) > largeBytes;
    if (group.length > 0 && (isLarge || group.length === size)) {
      yield group;
      group = [];
    }
    group.push(blob);
    if (!isLarge) continue;
    yield group;
    group = [];
  }
  if (group.length > 0) yield group;
}
