import { createHash, randomUUID } from 'node:crypto';
import type { Container } from '../storage/container.ts';
import { isConflict, isMissing } from '../storage/storage-errors.ts';
import { conversationPath } from '../transcripts/conversation-path.ts';
import type { ConversationKey } from '../transcripts/entry.ts';
import { mediaType, signatureBytes, unknownType } from './media-type.ts';

/** What is kept of an attachment, beside its bytes. */
export interface KeptMedia {
  /** Name of the blob: the path of the conversation and the hash of the attachment's id. */
  blob: string;
  /** The one told where the bytes bear it out, else `application/octet-stream`. */
  type: string;
  /** What its sender called the file. */
  name?: string;
  /** Bytes. */
  size: number;
  /** When it was written, ISO 8601 UTC. */
  keptAt: string;
}

export interface NewMedia {
  /** A media type, as the sender told it. */
  type: string;
  name?: string;
  /** Bytes, where they are told beforehand. */
  size?: number;
  content: AsyncIterable<Uint8Array> | Iterable<Uint8Array>;
}

interface Options {
  signal?: AbortSignal;
}

/** The attachments of all conversations. Errors are those of the storage client. */
export interface MediaStore {
  find(
    conversation: ConversationKey,
    attachmentId: string,
    options?: Options,
  ): Promise<KeptMedia | undefined>;
  /**
   * Keeps an attachment as it streams in; the first one stays. Throws `TooLargeError` above the limit, and what reading
   * the content throws: then nothing is kept.
   */
  keep(
    conversation: ConversationKey,
    attachmentId: string,
    media: NewMedia,
    options?: Options,
  ): Promise<KeptMedia>;
  /** By the name of the blob. */
  read(blob: string, options?: Options): Promise<(KeptMedia & { content: Buffer }) | undefined>;
  /** Removes one attachment, by the name of its blob. */
  forget(blob: string): Promise<void>;
}

export class TooLargeError extends Error {
  override readonly name = 'TooLargeError';
}

/** What one request carries, and what an attachment takes of memory while it streams. */
const blockBytes = 4 * 1024 ** 2;
const longestName = 255;

/** `mediaBytes` is the most that one attachment may have. */
export function openMedia(container: Container, { mediaBytes }: { mediaBytes: number }): MediaStore {
  const { client, limit, creating } = container;

  async function properties(blob: string, signal?: AbortSignal): Promise<KeptMedia | undefined> {
    try {
      const found = await client.getBlobClient(blob).getProperties({ abortSignal: limit(signal) });
      return toKept(blob, found);
    } catch (error) {
      if (isMissing(error)) return undefined;
      throw error;
    }
  }

  /** Sends the content in blocks, which are nothing until they are committed. */
  async function stage(blob: string, media: NewMedia, signal?: AbortSignal) {
    const upload = randomUUID();
    const blocks: string[] = [];
    let start: Uint8Array = Buffer.alloc(0);
    let size = 0;
    for await (const block of inBlocks(media, mediaBytes)) {
      const id = Buffer.from(`${upload}-${String(blocks.length).padStart(5, '0')}`).toString('base64');
      const send = () =>
        client.getBlockBlobClient(blob).stageBlock(id, block, block.length, { abortSignal: limit(signal) });
      await creating(send, signal);
      if (blocks.length === 0) start = block.subarray(0, signatureBytes);
      blocks.push(id);
      size += block.length;
    }
    return { blocks, start, size };
  }

  return {
    find: (conversation, attachmentId, { signal } = {}) =>
      properties(mediaBlob(conversation, attachmentId), signal),
    async keep(conversation, attachmentId, media, { signal } = {}) {
      const blob = mediaBlob(conversation, attachmentId);
      const { blocks, start, size } = await stage(blob, media, signal);
      const contentType = mediaType(media.type, start);
      const metadata = media.name ? { name: encodeName(media.name) } : undefined;
      const commit = () =>
        client.getBlockBlobClient(blob).commitBlockList(blocks, {
          blobHTTPHeaders: { blobContentType: contentType },
          metadata,
          conditions: { ifNoneMatch: '*' },
          abortSignal: limit(signal),
        });
      try {
        const { lastModified } = await creating(commit, signal);
        return toKept(blob, { contentType, contentLength: size, metadata, lastModified });
      } catch (error) {
        const kept = isConflict(error) ? await properties(blob, signal) : undefined;
        if (!kept) throw error;
        return kept;
      }
    },
    async read(blob, { signal } = {}) {
      try {
        const found = await client.getBlobClient(blob).download(0, undefined, { abortSignal: limit(signal) });
        return { ...toKept(blob, found), content: await readBytes(found.readableStreamBody) };
      } catch (error) {
        if (isMissing(error)) return undefined;
        throw error;
      }
    },
    forget: async (blob) => {
      await container.remove(blob);
    },
  };
}

/** The ids of providers may be any text: none becomes part of a name. */
export function mediaBlob(conversation: ConversationKey, attachmentId: string): string {
  return `${conversationPath(conversation)}/${createHash('sha256').update(attachmentId).digest('hex')}`;
}

interface BlobFacts {
  contentType?: string;
  contentLength?: number;
  metadata?: Record<string, string>;
  lastModified?: Date;
}

function toKept(blob: string, facts: BlobFacts): KeptMedia {
  const { contentType = unknownType, contentLength = 0, metadata, lastModified = new Date(0) } = facts;
  const name = metadata?.name;
  return {
    blob,
    type: contentType,
    ...(name ? { name: decodeName(name) } : {}),
    size: contentLength,
    keptAt: lastModified.toISOString(),
  };
}

/** Metadata are headers: ASCII only, and 8 KiB together. */
export function encodeName(name: string): string {
  return encodeURIComponent(name.slice(0, longestName).toWellFormed());
}

export function decodeName(name: string): string {
  try {
    return decodeURIComponent(name);
  } catch {
    return name;
  }
}

/** What is too large is known with the first bytes where its size was told, else once it has arrived. */
async function* inBlocks({ content, size = 0 }: NewMedia, most: number): AsyncGenerator<Buffer> {
  let open: Uint8Array[] = [];
  let length = 0;
  let total = 0;
  for await (const chunk of content) {
    total += chunk.length;
    if (Math.max(total, size) > most) {
      throw new TooLargeError(`is larger than MEDIA_MAX_BYTES allows, ${most} bytes`);
    }
    open.push(chunk);
    length += chunk.length;
    if (length < blockBytes) continue;
    yield Buffer.concat(open);
    open = [];
    length = 0;
  }
  if (length > 0) yield Buffer.concat(open);
}

async function readBytes(stream: NodeJS.ReadableStream | undefined): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream ?? []) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks);
}
