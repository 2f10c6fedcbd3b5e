import type { BlobItem } from '@azure/storage-blob';
import { pMapIterable } from 'p-map';
import type { Container } from '../storage/container.ts';
import { isConflict, isMissing, isSegmentFull } from '../storage/storage-errors.ts';
import { bucketOf, namesOf, readBucket, rewriteBucket } from './catalogue-bucket.ts';
import type { CatalogueEntry, CatalogueLine } from './catalogue-entry.ts';

/**
 * What all summaries are about, in a few blobs, so that action items and words are found among any number of them. It may
 * be a step ahead of the summaries, or behind: whoever is told something from it looks at the summary first.
 */
export interface Catalogue {
  /** One request. When it returns, the line is durable; done twice, it changes nothing. */
  note(line: CatalogueLine, options?: { signal?: AbortSignal }): Promise<void>;
  /** All entries, in groups of no order. */
  read(options?: { signal?: AbortSignal }): AsyncIterable<readonly CatalogueEntry[]>;
  /** Sorts in what was noted, so that reading stays quick, and what counts no more is gone. */
  tidy(options?: { signal?: AbortSignal }): Promise<void>;
}

interface Limits {
  /** Reading keeps what it read, up to so many characters, for as long as it does not change. */
  cacheCharacters?: number;
}

/** The service allows 50,000; but every append costs the reader. */
const mostAppends = 5_000;
const concurrency = 4;

export function openCatalogue(
  container: Container,
  { cacheCharacters = 32 * 1024 ** 2 }: Limits = {},
): Catalogue {
  const cached = new Map<string, { version: string; entries: readonly CatalogueEntry[]; cost: number }>();
  let spent = 0;

  async function* read({ signal }: { signal?: AbortSignal } = {}): AsyncGenerator<readonly CatalogueEntry[]> {
    const buckets = await listBuckets(container, signal);
    yield* pMapIterable(buckets, (bucket) => readOne(bucket, signal), { concurrency });
  }

  async function readOne(
    { bucket, version, cost }: Listed,
    signal?: AbortSignal,
  ): Promise<readonly CatalogueEntry[]> {
    const known = cached.get(bucket);
    if (known?.version === version) return known.entries;
    const entries = await readBucket(container, bucket, { signal });
    spent -= known?.cost ?? 0;
    cached.delete(bucket);
    // Whoever reads all from first to last is helped by what stays, not by what came last.
    if (spent + cost <= cacheCharacters) {
      cached.set(bucket, { version, entries, cost });
      spent += cost;
    }
    return entries;
  }

  async function note(line: CatalogueLine, { signal }: { signal?: AbortSignal } = {}): Promise<void> {
    const bucket = bucketOf(line.path);
    const appends = await append(container, bucket, line, signal).catch(async (error: unknown) => {
      if (!isSegmentFull(error)) throw error;
      await rewriteBucket(container, bucket, { signal });
      return append(container, bucket, line, signal);
    });
    if (appends >= mostAppends) await rewriteBucket(container, bucket, { signal });
  }

  return {
    note,
    read,
    async tidy({ signal } = {}) {
      const buckets = (await listBuckets(container, signal)).filter(({ hasNew }) => hasNew);
      for await (const _ of pMapIterable(
        buckets,
        ({ bucket }) => rewriteBucket(container, bucket, { signal }),
        {
          concurrency,
        },
      )) {
        // Each is done by being asked for.
      }
    },
  };
}

interface Listed {
  bucket: string;
  /** Another one whenever a blob of it has changed. */
  version: string;
  /** Characters, about. */
  cost: number;
  hasNew: boolean;
}

async function listBuckets(container: Container, signal?: AbortSignal): Promise<Listed[]> {
  const found = new Map<string, BlobItem[]>();
  for await (const { blobs } of container.pages({ signal })) {
    for (const blob of blobs) {
      const bucket = blob.name.slice(0, blob.name.indexOf('/'));
      found.set(bucket, [...(found.get(bucket) ?? []), blob]);
    }
  }
  return [...found].map(([bucket, blobs]) => ({
    bucket,
    version: JSON.stringify(blobs.map(({ name, properties }) => [name, properties.etag])),
    cost: blobs.reduce((sum, { properties }) => sum + (properties.contentLength ?? 0), 0),
    hasNew: blobs.some(({ name }) => name === namesOf(bucket).fresh),
  }));
}

/** Returns how many appends the blob holds now. */
async function append(
  container: Container,
  bucket: string,
  line: CatalogueLine,
  signal: AbortSignal | undefined,
): Promise<number> {
  const blob = container.client.getAppendBlobClient(namesOf(bucket).fresh);
  const bytes = Buffer.from(`${JSON.stringify(line)}\n`, 'utf8');
  const appendIt = async (): Promise<number> =>
    (await blob.appendBlock(bytes, bytes.length, { abortSignal: container.limit(signal) }))
      .blobCommittedBlockCount ?? 0;
  for (let tries = 0; ; tries += 1) {
    try {
      return await appendIt();
    } catch (error) {
      // Whoever sorts removes it, perhaps once more before we come.
      if (!isMissing(error) || tries === 3) throw error;
      await container.creating(() => create(blob, container.limit(signal)), signal);
    }
  }
}

async function create(
  blob: ReturnType<Container['client']['getAppendBlobClient']>,
  abortSignal: AbortSignal,
): Promise<void> {
  try {
    await blob.create({
      conditions: { ifNoneMatch: '*' },
      blobHTTPHeaders: { blobContentType: 'application/x-ndjson' },
      abortSignal,
    });
  } catch (error) {
    if (!isConflict(error)) throw error;
  }
}
