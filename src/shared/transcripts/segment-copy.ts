import type { AppendBlobClient } from '@azure/storage-blob';
import { type Container, unquote } from '../storage/container.ts';
import { isConflict } from '../storage/storage-errors.ts';
import { lastSegment, segmentName } from './segments.ts';

/** Lines that are written to a new segment, which is made with the first of them. */
export interface SegmentCopy {
  /** A line without its line feed. */
  add(line: Buffer): Promise<void>;
  /** When it returns, all lines are durable. */
  close(): Promise<void>;
  /** Removes the new segment, unless somebody has appended to it. */
  discard(): Promise<void>;
}

interface Options {
  metadata?: Record<string, string>;
  signal?: AbortSignal;
}

const blockBytes = 4 * 1024 ** 2;
const lineFeed = Buffer.from('\n');

export function openSegmentCopy(
  transcripts: Container,
  { path, name }: { path: string; name: string },
  { metadata, signal }: Options,
): SegmentCopy {
  let target: AppendBlobClient | undefined;
  let etag: string | undefined;
  let open: Buffer[] = [];
  let size = 0;

  const write = async (): Promise<void> => {
    if (size === 0) return;
    target ??= await create();
    const block = Buffer.concat(open);
    const written = await target.appendBlock(block, block.length, { abortSignal: transcripts.limit(signal) });
    etag = written.etag;
    open = [];
    size = 0;
  };

  /** The next number that is free, whoever else takes one at the same time. */
  async function create(): Promise<AppendBlobClient> {
    for (let number = Number(name); ; ) {
      number = Math.max(number, await lastSegment(transcripts, path, signal)) + 1;
      const blob = transcripts.client.getAppendBlobClient(`${path}/${segmentName(number)}.jsonl`);
      try {
        await blob.create({
          conditions: { ifNoneMatch: '*' },
          blobHTTPHeaders: { blobContentType: 'application/x-ndjson' },
          metadata,
          abortSignal: transcripts.limit(signal),
        });
        return blob;
      } catch (error) {
        if (!isConflict(error)) throw error;
      }
    }
  }

  return {
    async add(line) {
      if (size > 0 && size + line.length + 1 > blockBytes) await write();
      open.push(line, lineFeed);
      size += line.length + 1;
    },
    close: write,
    async discard() {
      if (target && etag) await transcripts.remove(target.name, { etag: unquote(etag) });
    },
  };
}
