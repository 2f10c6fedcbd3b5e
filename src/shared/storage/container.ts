import type { BlobItem, BlobServiceClient, ContainerClient } from '@azure/storage-blob';
import pMap from 'p-map';
import { isConflict, isContainerMissing, isMissing } from './storage-errors.ts';

export interface BlobText {
  text: string;
  /** Without quotes, as in listings. */
  etag: string;
  metadata: Record<string, string>;
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
  /** Runs a write, and once more after creating the container where that was missing. */
  creating<T>(write: () => Promise<T>): Promise<T>;
  read(name: string, options?: { signal?: AbortSignal }): Promise<BlobText | undefined>;
  /** False where `replaces` did not hold. */
  write(name: string, text: string, options: WriteOptions): Promise<boolean>;
  /** False where the blob was not there, or `etag` no longer holds. */
  remove(name: string, options?: { etag?: string }): Promise<boolean>;
  removeAll(prefix: string): Promise<void>;
  pages(options?: ListOptions): AsyncGenerator<BlobPage>;
}

export interface ListOptions {
  prefix?: string;
  from?: string;
  pageSize?: number;
}

export function openContainer(service: BlobServiceClient, name: string): Container {
  const client = service.getContainerClient(name);

  const creating = async <T>(write: () => Promise<T>): Promise<T> => {
    try {
      return await write();
    } catch (error) {
      if (!isContainerMissing(error)) throw error;
      await client.createIfNotExists();
      return write();
    }
  };

  async function* pages({ prefix, from, pageSize = 5_000 }: ListOptions = {}): AsyncGenerator<BlobPage> {
    const iterator = client
      .listBlobsFlat({ includeMetadata: true, ...(prefix === undefined ? {} : { prefix }) })
      .byPage({ maxPageSize: pageSize, ...(from === undefined ? {} : { continuationToken: from }) });
    try {
      for await (const page of iterator) {
        const next = page.continuationToken;
        yield { blobs: page.segment.blobItems, ...(next ? { next } : {}) };
      }
    } catch (error) {
      if (!isContainerMissing(error)) throw error;
    }
  }

  const remove = async (blob: string, { etag }: { etag?: string } = {}): Promise<boolean> => {
    try {
      await client.deleteBlob(blob, etag ? { conditions: { ifMatch: quote(etag) } } : {});
      return true;
    } catch (error) {
      if (isMissing(error) || isConflict(error)) return false;
      throw error;
    }
  };

  return {
    client,
    creating,
    pages,
    remove,
    async read(blob, { signal } = {}) {
      try {
        const response = await client.getBlobClient(blob).download(0, undefined, { abortSignal: signal });
        const text = await readText(response.readableStreamBody);
        return { text, etag: unquote(response.etag ?? ''), metadata: response.metadata ?? {} };
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
        await creating(() =>
          client.getBlockBlobClient(blob).upload(body, body.length, {
            blobHTTPHeaders: { blobContentType: contentType },
            ...(metadata ? { metadata } : {}),
            conditions,
            abortSignal: signal,
          }),
        );
        return true;
      } catch (error) {
        if (replaces !== undefined && (isConflict(error) || isMissing(error))) return false;
        throw error;
      }
    },
    async removeAll(prefix) {
      for await (const { blobs } of pages({ prefix })) {
        await pMap(blobs, ({ name: blob }) => remove(blob), { concurrency: 16 });
      }
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
