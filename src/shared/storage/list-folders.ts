import type { BlobItem } from '@azure/storage-blob';
import * as z from 'zod';
import type { Container } from './container.ts';

/** Where a listing can go on: the token of the page that holds what comes after the folder `after`. */
export const listingPosition = z.object({ page: z.string().optional(), after: z.string() });
export type ListingPosition = z.infer<typeof listingPosition>;

/** The blobs of one `<channel>/<name>` folder. */
export interface Folder {
  path: string;
  blobs: BlobItem[];
  /** Go on here to see every folder after this one. */
  position: ListingPosition;
}

interface Options {
  prefix?: string;
  after?: ListingPosition;
  pageSize?: number;
}

/**
 * Streams a container's two-level folders in the order of the listing, one at a time. Throws when that order is not
 * ascending: whoever merges two listings would otherwise lose conversations in silence.
 */
export async function* listFolders(container: Container, options: Options = {}): AsyncGenerator<Folder> {
  const { prefix, after, pageSize } = options;
  let page = after?.page;
  let folder: Folder | undefined;
  for await (const { blobs, next } of container.pages({ prefix, from: page, pageSize })) {
    for (const blob of blobs) {
      const path = folderOf(blob.name);
      if (!path || (after && !isAfter(path, after.after))) continue;
      if (folder?.path === path) {
        folder.blobs.push(blob);
        continue;
      }
      if (folder) {
        if (!isAfter(path, folder.path)) throw outOfOrder(container.client.containerName);
        yield { ...folder, position: position(page, folder.path) };
      }
      folder = { path, blobs: [blob], position: position(page, path) };
    }
    page = next;
  }
  if (folder) yield folder;
}

/** Compares as the listing does, where every name goes on with a slash. */
export function isAfter(path: string, other: string): boolean {
  return `${path}/` > `${other}/`;
}

function position(page: string | undefined, after: string): ListingPosition {
  return page === undefined ? { after } : { page, after };
}

function folderOf(name: string): string | undefined {
  const parts = name.split('/');
  return parts.length === 3 ? `${parts[0]}/${parts[1]}` : undefined;
}

/** Without the names, which hold numbers: it is logged, and kept in the history of orchestrations. */
function outOfOrder(container: string): Error {
  return new Error(
    `The listing of container "${container}" is not in ascending order. ` +
      'Accounts with a hierarchical namespace are not supported: use an account without it.',
  );
}
