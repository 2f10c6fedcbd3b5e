import { type FileHandle, open } from 'node:fs/promises';
import { join } from 'node:path';
import { gapsBetween, inBoth, type Range } from './ranges.ts';

/** The part of LokiJS, Azurite's database, that holds what it stores in memory. */
export interface LokiDatabase {
  collections: { name: string; data: object[] }[];
}

export interface ExtentIndex {
  /** What is stored, with the places of its bytes. */
  stored: LokiDatabase;
  /** The files that hold the bytes of many blobs, or messages, each. */
  extents: LokiDatabase;
  /** The folder of these files. */
  folder: string;
}

interface Extent {
  id: string;
  /** Bytes that were appended; one that is being written has more. */
  size: number;
}

const blockBytes = 1024 ** 2;

/**
 * Makes what overwrites the bytes of blobs and messages that are not there any more. Azurite itself removes a file only
 * once nothing in it is used, which for most never comes. What was unused at the last call, too, is overwritten: between the
 * two, Azurite must have saved its index, so that no end of the process brings back what points to it.
 */
export function createExtentClearing({ stored, extents, folder }: ExtentIndex) {
  let unusedBefore = new Map<string, Range[]>();
  const cleared = new Map<string, Range[]>();

  /** Overwrites what is unused. With `isSaved`, what is unused now, because the index was saved. */
  return async function clearExtents({ isSaved = false } = {}): Promise<void> {
    // In this order: what is appended while the index is looked through lies behind these ends.
    const known = extentsIn(extents);
    const used = await usedRanges(stored);
    const unused = new Map(known.map(({ id, size }) => [id, gapsBetween(used.get(id) ?? [], size)]));
    for (const [id, gaps] of unused) {
      const lasting = isSaved ? gaps : inBoth(gaps, unusedBefore.get(id) ?? []);
      const done = cleared.get(id) ?? [];
      const end = gaps.at(-1)?.end ?? 0;
      const open = inBoth(lasting, gapsBetween(done, end));
      if (open.length === 0) continue;
      await overwrite(join(folder, id), open);
      cleared.set(id, gapsBetween(gapsBetween([...done, ...open], end), end));
    }
    unusedBefore = unused;
  };
}

/** The sizes as they are now. */
function extentsIn({ collections }: LokiDatabase): Extent[] {
  return collections.flatMap(({ data }) => data.filter(isExtent).map(({ id, size }) => ({ id, size })));
}

function isExtent(entry: object): entry is Extent {
  return 'id' in entry && 'size' in entry;
}

/** So many entries are looked at before requests are answered again. */
const entriesAtOnce = 2_000;

/** By the id of an extent. */
async function usedRanges({ collections }: LokiDatabase): Promise<Map<string, Range[]>> {
  const used = new Map<string, Range[]>();
  const all: Entry[] = collections.flatMap(({ data }) => data);
  for (const [number, entry] of all.entries()) {
    if (number % entriesAtOnce === 0) await new Promise(setImmediate);
    for (const place of placesOf(entry)) {
      const ranges = used.get(place.id) ?? [];
      used.set(place.id, ranges);
      ranges.push({ start: place.offset, end: place.offset + place.count });
    }
  }
  return used;
}

/** As Azurite reads them: a blob that was put in one piece and then written anew in blocks still names that piece. */
function placesOf({ persistency, committedBlocksInOrder = [], pageRangesInOrder = [] }: Entry): Place[] {
  const parts = [...committedBlocksInOrder, ...pageRangesInOrder].flatMap((part) => part.persistency ?? []);
  return committedBlocksInOrder.length > 0 || !persistency ? parts : [persistency, ...parts];
}

interface Place {
  id: string;
  offset: number;
  count: number;
}

interface Part {
  persistency?: Place;
}

/** What of a blob, a block that is not committed, or a message tells where its bytes are. */
interface Entry extends Part {
  committedBlocksInOrder?: Part[];
  pageRangesInOrder?: Part[];
}

async function overwrite(file: string, ranges: readonly Range[]): Promise<void> {
  const handle = await openThere(file);
  if (!handle) return;
  try {
    const zeros = Buffer.alloc(blockBytes);
    for (const { start, end } of ranges) {
      for (let at = start; at < end; at += blockBytes) {
        await handle.write(zeros, 0, Math.min(blockBytes, end - at), at);
      }
    }
    await handle.datasync();
  } finally {
    await handle.close();
  }
}

/** Undefined where Azurite has removed it. */
async function openThere(file: string): Promise<FileHandle | undefined> {
  try {
    return await open(file, 'r+');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}
