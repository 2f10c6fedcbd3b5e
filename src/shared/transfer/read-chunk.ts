import { RestError } from '@azure/storage-blob';
import { ParleyError } from '../errors.ts';
import { type Container, unquote } from '../storage/container.ts';
import { isConflict, isMissing } from '../storage/storage-errors.ts';

/** A line above this many bytes is passed over. */
export const longestLine = 32 * 1024 ** 2;

/** Thousands of lines. */
const usualChunk = 4 * 1024 ** 2;

export interface FileFacts {
  etag: string;
  /** Bytes. */
  size: number;
}

/** Where reading a file of lines stands. */
export interface LinePosition {
  offset: number;
  /** The number of the line that begins at `offset`, from 1. */
  line: number;
  /** Inside a line that is passed over. */
  isTooLong?: boolean;
}

export interface Chunk {
  lines: { number: number; bytes: Buffer }[];
  /** Numbers of lines that are too long. */
  tooLong: number[];
  /** Absent at the end of the file. */
  next?: LinePosition;
}

/** Undefined where there is no such blob. */
export async function findFile(container: Container, blob: string): Promise<FileFacts | undefined> {
  try {
    const { etag = '', contentLength = 0 } = await container.client
      .getBlobClient(blob)
      .getProperties({ abortSignal: container.limit() });
    return { etag: unquote(etag), size: contentLength };
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

/**
 * Reads whole lines from a position on, about `chunkBytes` of them, or one longer line; memory does not grow with the
 * file. Throws `provider_refused` where the file changed or went since `etag`.
 */
export async function readChunk(
  container: Container,
  blob: string,
  { etag, size }: FileFacts,
  position: LinePosition,
  { signal, chunkBytes = usualChunk }: { signal: AbortSignal; chunkBytes?: number },
): Promise<Chunk> {
  const read = async (bytes: number): Promise<Chunk> => {
    const length = Math.min(bytes, size - position.offset);
    const range = { offset: position.offset, length, signal };
    const content = length > 0 ? await download(container, blob, etag, range) : Buffer.alloc(0);
    return cut(content, position, position.offset + content.length >= size);
  };
  const chunk = await read(chunkBytes);
  const isLonger = chunk.next?.isTooLong && !position.isTooLong && chunkBytes < longestLine;
  return isLonger ? read(longestLine) : chunk;
}

function cut(bytes: Buffer, { offset, line, isTooLong = false }: LinePosition, isLast: boolean): Chunk {
  const lines: Chunk['lines'] = [];
  const tooLong: number[] = [];
  let number = line;
  let start = 0;
  let passing = isTooLong;
  const take = (to: number): void => {
    if (passing) tooLong.push(number);
    else lines.push({ number, bytes: bytes.subarray(start, to) });
    passing = false;
    number += 1;
  };
  for (let to = bytes.indexOf(10); to >= 0; to = bytes.indexOf(10, start)) {
    take(to);
    start = to + 1;
  }
  if (isLast) {
    if (start < bytes.length || passing) take(bytes.length);
    return { lines, tooLong };
  }
  // Without a single line feed, the line is longer than a chunk.
  const isLong = start === 0;
  return {
    lines,
    tooLong,
    next: {
      offset: offset + (isLong ? bytes.length : start),
      line: number,
      ...(isLong ? { isTooLong: true } : {}),
    },
  };
}

async function download(
  container: Container,
  blob: string,
  etag: string,
  { offset, length, signal }: { offset: number; length: number; signal: AbortSignal },
): Promise<Buffer> {
  try {
    return await container.client.getBlobClient(blob).downloadToBuffer(offset, length, {
      conditions: { ifMatch: `"${etag}"` },
      abortSignal: AbortSignal.any([signal, AbortSignal.timeout(60_000)]),
    });
  } catch (error) {
    if (isMissing(error) || isConflict(error) || isOutOfRange(error)) {
      throw new ParleyError(
        'provider_refused',
        'The file was changed or removed while it was read. Import it again: what is there already is not added twice.',
        { cause: error },
      );
    }
    throw error;
  }
}

function isOutOfRange(error: unknown): boolean {
  return error instanceof RestError && error.statusCode === 416;
}
