import pMap from 'p-map';
import type { Container } from './container.ts';
import { isOfOtherType } from './storage-errors.ts';

const concurrency = 16;

interface Options {
  signal: AbortSignal;
  pageSize?: number;
}

/**
 * Removes every block blob whose name begins so, and what was uploaded of it and never brought to its end: that would stay
 * for a week. Returns how many there were.
 */
export async function removeFolder(container: Container, prefix: string, options: Options): Promise<number> {
  let removed = 0;
  for await (const count of removeInParts(container, prefix, options)) removed += count;
  return removed;
}

/** Does so page by page, for whoever may have no time for all of a large folder, and tells how many there were in each. */
export async function* removeInParts(
  container: Container,
  prefix: string,
  { signal, pageSize = 1_000 }: Options,
): AsyncGenerator<number> {
  for await (const { blobs } of container.pages({ prefix, includeUncommitted: true, pageSize, signal })) {
    const done = await pMap(blobs, ({ name }) => removeBlob(container, name, signal), { concurrency });
    yield done.filter(Boolean).length;
  }
}

/** Deleting a blob leaves blocks that nobody committed; committing none of them does away with them. */
async function removeBlob(container: Container, name: string, signal: AbortSignal): Promise<boolean> {
  try {
    await container.client
      .getBlockBlobClient(name)
      .commitBlockList([], { abortSignal: container.limit(signal) });
  } catch (error) {
    if (!isOfOtherType(error)) throw error;
  }
  return container.remove(name, { signal });
}
