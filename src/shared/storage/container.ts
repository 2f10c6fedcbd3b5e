import type { BlobItem, BlobServiceClient, ContainerClient } from '@azure/storage-blob';
import pMap from 'p-map';
import { isConflict, isContainerMissing, isMissing } from './storage-errors.ts';

export interface BlobText {
  text: string;
  /** Without quotes, as in listings. */
  etag: string;
  metadata: Record<string, string>;
  /** ISO 8601 UTC. */
  lastModified: string;
}

export interface WriteOptions {
  contentType: string;
  metadata?: Record<string, string>;
  /** Write only over this version; `none` writes only where nothing is. Without it the write always happens. */
  replaces?: { etag: string } | 'none';
  signal?: AbortSignal;
}

/** A page of a listing: `next` is the continuation token of the page after it. */
export interface BlobPage {
  blobs: BlobItem[];
  next?: string;
}

/** One blob container, created by the first write that finds it missing. Errors are those of the storage client. */
export interface Container {
  readonly client: ContainerClient;
  /** Ends a request that takes too long, or when `signal` says so: the SDK's own limit does not end a hung connection. */
  limit(signal?: AbortSignal): AbortSignal;
  /** Runs a write, and once more after creating the container where that was missing. */
  creating<T>(write: () => Promise<T>, signal?: AbortSignal): Promise<T>;
  read(name: string, options?: { signal?: AbortSignal }): Promise<BlobText | undefined>;
  /** False where `replaces` did not hold. */
  write(name: string, text: string, options: WriteOptions): Promise<boolean>;
  /** False where the blob was not there, or `etag` no longer holds. */
  remove(name: string, options?: { etag?: string; signal?: AbortSignal }): Promise<boolean>;
  /** Returns how many there were. */
  removeAll(prefix: string, options?: { signal?: AbortSignal }): Promise<number>;
  pages(options?: ListOptions): AsyncGenerator<BlobPage>;
}

export interface ListOptions {
  prefix?: string;
  from?: string;
  pageSize?: number;
  /** Also those whose upload was never brought to its end. */
  includeUncommitted?: boolean;
  signal?: AbortSignal;
}

/** `requestMilliseconds` is what one request may take, with its body and its retries. */
export function openContainer(
  service: BlobServiceClient,
  name: string,
  { requestMilliseconds = 20_000 }: { requestMilliseconds?: number } = {},
): Container {
  const client = service.getContainerClient(name);

  const limit = (signal?: AbortSignal): AbortSignal => {
    const patience = AbortSignal.timeout(requestMilliseconds);
    return signal ? AbortSignal.any([signal, patience]) : patience;
  };

  const creating = async <T>(write: () => Promise<T>, signal?: AbortSignal): Promise<T> => {
    try {
      return await write();
    } catch (error) {
      if (!isContainerMissing(error)) throw error;
      await client.createIfNotExists({ abortSignal: limit(signal) });
      return write();
    }
  };

  async function* pages(options: ListOptions = {}): AsyncGenerator<BlobPage> {
    for (let from = options.from, isFirst = true; isFirst || from; isFirst = false) {
      const page = await listPage({ ...options, from });
      if (!page) return;
      from = page.continuationToken || undefined;
      yield { blobs: page.segment.blobItems, ...(from ? { next: from } : {}) };
    }
  }

  /** One request, so that each has its own time limit; undefined where there is no container. */
  async function listPage({ prefix = '', from, pageSize = 5_000, includeUncommitted, signal }: ListOptions) {
    try {
      const page = await client
        .listBlobsFlat({
          includeMetadata: true,
          includeUncommitedBlobs: includeUncommitted,
          prefix,
          abortSignal: limit(signal),
        })
        .byPage({ maxPageSize: pageSize, ...(from === undefined ? {} : { continuationToken: from }) })
        .next();
      return page.done ? undefined : page.value;
    } catch (error) {
      if (!isContainerMissing(error)) throw error;
      return undefined;
    }
  }

  const remove: Container['remove'] = async (blob, { etag, signal } = {}) => {
    try {
      await client.deleteBlob(blob, {
        abortSignal: limit(signal),
        ...(etag ? { conditions: { ifMatch: quote(etag) } } : {}),
      });
      return true;
    } catch (error) {
      if (isMissing(error) || isConflict(error)) return false;
      throw error;
    }
  };

  return {
    client,
    limit,
    creating,
    pages,
    remove,
    async read(blob, { signal } = {}) {
      try {
        const response = await client
          .getBlobClient(blob)
          .download(0, undefined, { abortSignal: limit(signal) });
        const text = await readText(response.readableStreamBody);
        const { etag = '', metadata = {}, lastModified = new Date(0) } = response;
        return { text, etag: unquote(etag), metadata, lastModified: lastModified.toISOString() };
      } catch (error) {
        if (isMissing(error)) return undefined;
        throw error;
      }
    },
    async write(blob, text, { contentType, metadata, replaces, signal }) {
      const body = Buffer.from(text, 'utf8');
      const conditions =
        replaces === undefined
          ? {}
          : replaces === 'none'
            ? { ifNoneMatch: '*' }
            : { ifMatch: quote(replaces.etag) };
      try {
        const upload = () =>
          client.getBlockBlobClient(blob).upload(body, body.length, {
            blobHTTPHeaders: { blobContentType: contentType },
            ...(metadata ? { metadata } : {}),
            conditions,
            abortSignal: limit(signal),
          });
        await creating(upload, signal);
        return true;
      } catch (error) {
        if (replaces !== undefined && (isConflict(error) || isMissing(error))) return false;
        throw error;
      }
    },
    async removeAll(prefix, { signal } = {}) {
      let removed = 0;
      for await (const { blobs } of pages({ prefix, signal })) {
        const done = await pMap(blobs, ({ name: blob }) => remove(blob, { signal }), { concurrency: 16 });
        removed += done.filter(Boolean).length;
      }
      return removed;
    },
  };
}

/** Headers carry ETags in quotes, listings without: inside, they have none. */
export function unquote(etag: string): string {
  return etag.replace(/^(?:W\/)?"(.*)"$/, '$1');
}

function quote(etag: string): string {
  return `"${etag}"`;
}

async function readText(stream: NodeJS.ReadableStream | undefined): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream ?? []) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks).toString('utf8');
}
