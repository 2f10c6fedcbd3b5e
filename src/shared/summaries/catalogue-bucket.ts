import { createHash } from 'node:crypto';
import { parseJson } from '../json.ts';
import { type Container, unquote } from '../storage/container.ts';
import { isMissing, storageUnavailable } from '../storage/storage-errors.ts';
import { type CatalogueEntry, type CatalogueLine, catalogueLine } from './catalogue-entry.ts';

/** Few enough to read all of them at once, enough to rewrite one of them quickly. */
const bucketCount = 64;

/** The bucket of a conversation, by its path. */
export function bucketOf(path: string): string {
  const [first = 0] = createHash('sha256').update(path).digest();
  return (first % bucketCount).toString(16).padStart(2, '0');
}

/** What stands sorted, a block blob; and what was noted since, an append blob. */
export function namesOf(bucket: string): { all: string; fresh: string } {
  return { all: `${bucket}/all.jsonl`, fresh: `${bucket}/new.jsonl` };
}

interface Options {
  signal?: AbortSignal;
}

/** What a bucket says now. */
export async function readBucket(
  container: Container,
  bucket: string,
  options: Options = {},
): Promise<CatalogueEntry[]> {
  const { all, fresh } = namesOf(bucket);
  // In this order: whoever sorts writes the one before they remove the other.
  const noted = await container.read(fresh, options);
  const sorted = await container.read(all, options);
  return entriesIn([sorted?.text, noted?.text]);
}

export interface BucketChange extends Options {
  /** What is to become of the entries; the same object where all stay. */
  change?: (entries: CatalogueEntry[]) => Promise<CatalogueEntry[]> | CatalogueEntry[];
  /** Whether the blobs of the bucket have something that must go, if only in lines that count no more. */
  isConcerned?: (text: string) => boolean;
}

/** Others write to it so often that it is no race. */
const mostTries = 8;

/**
 * Writes a bucket anew: what was noted is sorted in, and lines that count no more go. Whoever notes meanwhile loses nothing.
 * False where there was nothing to do. Done in part, it does no harm.
 */
export async function rewriteBucket(
  container: Container,
  bucket: string,
  { change = (entries) => entries, isConcerned, signal }: BucketChange = {},
): Promise<boolean> {
  const { all, fresh } = namesOf(bucket);
  for (let tries = 0; tries < mostTries; tries += 1) {
    const etag = await etagOf(container, fresh, signal);
    const noted = etag === undefined ? undefined : await container.read(fresh, { signal });
    const sorted = await container.read(all, { signal });
    const texts = [sorted?.text, noted?.text];
    if (isConcerned ? !texts.some((text) => text && isConcerned(text)) : !noted) return tries > 0;
    const entries = await change(entriesIn(texts));
    const isSorted = await container.write(all, toLines(entries), {
      contentType: 'application/x-ndjson',
      replaces: sorted ?? 'none',
      signal,
    });
    if (!isSorted) continue;
    if (!noted || (await container.remove(fresh, { etag, signal }))) return true;
  }
  throw storageUnavailable(new Error('the catalogue changes faster than it is rewritten'));
}

/**
 * Asked for before the blob is read, so that what is read has all that was appended by then: the ETag that Azurite answers
 * with a blob may be of an append that came while it was read.
 */
async function etagOf(
  container: Container,
  name: string,
  signal: AbortSignal | undefined,
): Promise<string | undefined> {
  try {
    const { etag = '' } = await container.client
      .getBlobClient(name)
      .getProperties({ abortSignal: container.limit(signal) });
    return unquote(etag);
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

/** What cannot be read is of another version of the app: the next night notes it anew. */
export function parseLine(line: string): CatalogueLine | undefined {
  return catalogueLine.safeParse(parseJson(line)).data;
}

function entriesIn(texts: readonly (string | undefined)[]): CatalogueEntry[] {
  const latest = new Map<string, CatalogueLine>();
  for (const text of texts) {
    for (const line of text?.split('\n') ?? []) {
      const read = line === '' ? undefined : parseLine(line);
      if (read && read.at >= (latest.get(read.path)?.at ?? '')) latest.set(read.path, read);
    }
  }
  return [...latest.values()].filter((line): line is CatalogueEntry => !('isGone' in line));
}

function toLines(entries: readonly CatalogueEntry[]): string {
  return entries.map((entry) => `${JSON.stringify(entry)}\n`).join('');
}
