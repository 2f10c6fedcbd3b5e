import type { Container } from '../storage/container.ts';
import { isConflict, isMissing, isSegmentFull } from '../storage/storage-errors.ts';
import { conversationPath } from './conversation-path.ts';
import type { ConversationKey, TranscriptEntry } from './entry.ts';
import { lastSegment, segmentName } from './segments.ts';

/** What one append may carry on every version of the service. */
const largestBlock = 4 * 1024 ** 2;

/** The service allows 50,000; but every append costs the reader, and Azurite cannot read blobs of more than 10,000. */
const mostAppends = 5_000;

export type Append = (
  key: ConversationKey,
  entries: readonly TranscriptEntry[],
  options?: { signal?: AbortSignal },
) => Promise<void>;

interface AppendLimits {
  segmentBytes: number;
  appendsPerSegment?: number;
}

/**
 * Appends entries to the last segment of a conversation, one JSON line each. When it returns, they are durable; when
 * it throws, some may be: send all again, reading takes each once. A segment is left for the next one when it holds
 * `segmentBytes` or `appendsPerSegment`; two growing at once do no harm.
 */
export function createAppend(
  transcripts: Container,
  { segmentBytes, appendsPerSegment = mostAppends }: AppendLimits,
): Append {
  const block = Math.min(largestBlock, segmentBytes);
  /** Only conversations beyond their first segment, so that the others cost neither a listing nor memory. */
  const grown = new Map<string, number>();

  return async (key, entries, { signal } = {}) => {
    const path = conversationPath(key);
    for (const lines of packLines(entries, block)) {
      const { segment, appends } = await appendFrom(grown.get(path) ?? 1, lines);
      const next = appends < appendsPerSegment ? segment : segment + 1;
      if (next > 1) grown.set(path, next);
    }

    async function appendFrom(segment: number, lines: Buffer): Promise<{ segment: number; appends: number }> {
      try {
        return { segment, appends: await appendBlock(segment, lines) };
      } catch (error) {
        if (!isSegmentFull(error)) throw error;
        const last = await lastSegment(transcripts, path, signal);
        return appendFrom(last > segment ? last : segment + 1, lines);
      }
    }

    /** Returns how many appends the segment holds now. */
    async function appendBlock(segment: number, lines: Buffer): Promise<number> {
      const blob = transcripts.client.getAppendBlobClient(`${path}/${segmentName(segment)}.jsonl`);
      // A single line above the limit still fits an empty segment.
      const conditions = { maxSize: Math.max(segmentBytes, lines.length) };
      const append = async (): Promise<number> => {
        const options = { conditions, abortSignal: transcripts.limit(signal) };
        return (await blob.appendBlock(lines, lines.length, options)).blobCommittedBlockCount ?? 0;
      };
      try {
        return await append();
      } catch (error) {
        if (!isMissing(error)) throw error;
        await transcripts.creating(() => createSegment(blob), signal);
        return append();
      }
    }

    async function createSegment(
      blob: ReturnType<typeof transcripts.client.getAppendBlobClient>,
    ): Promise<void> {
      try {
        await blob.create({
          conditions: { ifNoneMatch: '*' },
          blobHTTPHeaders: { blobContentType: 'application/x-ndjson' },
          metadata: { conversation: encodeURIComponent(key.id) },
          abortSignal: transcripts.limit(signal),
        });
      } catch (error) {
        if (!isConflict(error)) throw error;
      }
    }
  };
}

/** Packs whole lines into blocks of at most `limit` bytes; a longer line stands alone. */
function packLines(entries: readonly TranscriptEntry[], limit: number): Buffer[] {
  const blocks: Buffer[] = [];
  let current: Buffer[] = [];
  let size = 0;
  const close = (): void => {
    if (current.length > 0) blocks.push(Buffer.concat(current));
    current = [];
    size = 0;
  };
  for (const entry of entries) {
    const line = Buffer.from(`${JSON.stringify(entry)}\n`, 'utf8');
    if (size + line.length > limit) close();
    current.push(line);
    size += line.length;
  }
  close();
  return blocks;
}
