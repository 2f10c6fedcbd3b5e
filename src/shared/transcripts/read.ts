import type { Container } from '../storage/container.ts';
import { unquote } from '../storage/container.ts';
import { isMissing } from '../storage/storage-errors.ts';
import type { Conversation } from './conversation.ts';
import { parseConversationPath } from './conversation-path.ts';
import type { TranscriptEntry } from './entry.ts';
import { transcriptEntry } from './entry.ts';
import { createFold, type Fold } from './fold.ts';
import { listSegments, type Segment, transcriptVersion } from './segments.ts';

/** A whole transcript, folded, and the version of what was read. */
export interface Transcript {
  conversation: Conversation;
  version: string;
  segments: number;
  /** Bytes. */
  length: number;
}

export interface ReadOptions {
  /** Names from a listing just made, which saves making another; one that is gone means that all are listed anew. */
  segments?: readonly string[];
  signal?: AbortSignal;
}

/**
 * Reads all segments of a conversation, one request each, streaming: memory grows with the messages, not with the
 * bytes. Undefined where there is none. Lines of a kind this version does not know are passed over.
 */
export async function readTranscript(
  transcripts: Container,
  path: string,
  { segments = [], signal }: ReadOptions = {},
): Promise<Transcript | undefined> {
  const told = segments.length > 0 ? await readSegments(transcripts, path, segments, signal) : undefined;
  return told ?? (await readSegments(transcripts, path, await listSegments(transcripts, path), signal));
}

/** Undefined where there are no segments, or one is gone. */
async function readSegments(
  transcripts: Container,
  path: string,
  names: readonly string[],
  signal: AbortSignal | undefined,
): Promise<Transcript | undefined> {
  let fold: Fold | undefined;
  const segments: Segment[] = [];
  const add = (entry: TranscriptEntry): void => {
    fold ??= createFold(keyOf(path, entry.conversation));
    fold.add(entry);
  };
  for (const name of names) {
    const segment = await readSegment(transcripts, path, name, add, signal);
    if (!segment) return undefined;
    segments.push(segment);
  }
  if (segments.length === 0) return undefined;
  return {
    conversation: (fold ?? createFold(keyOf(path, ''))).result(),
    version: transcriptVersion(segments),
    segments: segments.length,
    length: segments.reduce((sum, { length }) => sum + length, 0),
  };
}

/** The version and length come from the answer that carried the lines: a listing may be older. */
async function readSegment(
  transcripts: Container,
  path: string,
  name: string,
  add: (entry: TranscriptEntry) => void,
  signal: AbortSignal | undefined,
): Promise<Segment | undefined> {
  const blob = transcripts.client.getBlobClient(`${path}/${name}.jsonl`);
  try {
    const response = await blob.download(0, undefined, { abortSignal: signal });
    if (response.readableStreamBody) await readLines(response.readableStreamBody, add);
    return { name, etag: unquote(response.etag ?? ''), length: response.contentLength ?? 0 };
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

/** Splits on line feeds alone: JSON leaves U+2028, which line readers take for an end of line, as it is. */
async function readLines(
  stream: NodeJS.ReadableStream,
  add: (entry: TranscriptEntry) => void,
): Promise<void> {
  let open: Buffer[] = [];
  const close = (): void => {
    const entry = parseLine(Buffer.concat(open).toString('utf8'));
    if (entry) add(entry);
    open = [];
  };
  for await (const part of stream) {
    const chunk = Buffer.from(part);
    let start = 0;
    for (let end = chunk.indexOf(10); end >= 0; end = chunk.indexOf(10, start)) {
      open.push(chunk.subarray(start, end));
      close();
      start = end + 1;
    }
    open.push(chunk.subarray(start));
  }
  close();
}

function parseLine(line: string): TranscriptEntry | undefined {
  try {
    return transcriptEntry.safeParse(JSON.parse(line)).data;
  } catch {
    return undefined;
  }
}

function keyOf(path: string, id: string) {
  return parseConversationPath(path) ?? { channel: path.slice(0, path.indexOf('/')), id };
}
