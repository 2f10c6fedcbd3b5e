import { parseJson } from '../json.ts';
import { type Container, unquote } from '../storage/container.ts';
import { isMissing, storageUnavailable } from '../storage/storage-errors.ts';
import type { Conversation } from './conversation.ts';
import { parseConversationPath } from './conversation-path.ts';
import { type Person, type TranscriptEntry, transcriptEntry } from './entry.ts';
import { createFold, type Fold } from './fold.ts';
import { createOldestTime } from './oldest.ts';
import { listSegments, type Segment, transcriptVersion } from './segments.ts';

/** A whole transcript, folded, and the version of what was read. */
export interface Transcript {
  conversation: Conversation;
  version: string;
  segments: number;
  /** In order; of transcripts that were read as one with it, with their paths. */
  segmentNames: string[];
  /** Bytes. */
  length: number;
  /** See `OldestTime`. */
  oldest?: string;
}

export interface ReadOptions {
  /** Names from a listing just made, which saves making another; one that is gone means that all are listed anew. */
  segments?: readonly string[];
  /** Paths of transcripts that turned out to be of the same conversation: read as one with it. */
  also?: readonly string[];
  /** Is shown every entry as it was stored; all of them again where a segment goes meanwhile. */
  watch?: (entry: TranscriptEntry) => void;
  signal?: AbortSignal;
}

/** One segment of one of the transcripts that are read as one. */
interface Part {
  path: string;
  segment: string;
}

/**
 * Reads all segments of a conversation, one request each, streaming: memory grows with the messages, not with the
 * bytes. Undefined where there is none. Lines of a kind this version does not know are passed over.
 */
export async function readTranscript(
  transcripts: Container,
  path: string,
  { segments = [], also = [], watch, signal }: ReadOptions = {},
): Promise<Transcript | undefined> {
  const list = (): Promise<Part[]> => listParts(transcripts, [path, ...also], signal);
  let parts = segments.length > 0 ? segments.map((segment) => ({ path, segment })) : await list();
  for (let tries = 1; parts.length > 0; tries += 1) {
    const transcript = await readSegments(transcripts, path, parts, { watch, signal });
    if (transcript) return transcript;
    // Never taken for a conversation that is gone: what would follow is the removal of its summary.
    if (tries === 3) throw storageUnavailable(new Error('a listed segment stays missing'));
    parts = await list();
  }
  return undefined;
}

async function listParts(
  transcripts: Container,
  paths: readonly string[],
  signal: AbortSignal | undefined,
): Promise<Part[]> {
  const parts: Part[] = [];
  for (const path of paths) {
    for (const segment of await listSegments(transcripts, path, signal)) parts.push({ path, segment });
  }
  return parts;
}

/**
 * Hands every entry of a conversation to `take`, as it was stored; some of them twice where a segment goes meanwhile.
 * Returns the segments as they were read.
 */
export async function readEntries(
  transcripts: Container,
  path: string,
  take: (entry: TranscriptEntry) => void,
  { segments = [], signal }: ReadOptions = {},
): Promise<Segment[]> {
  const listed = segments.length > 0 ? segments : await listSegments(transcripts, path, signal);
  const read: Segment[] = [];
  for (const name of listed) {
    const segment = await readSegment(transcripts, path, name, take, signal);
    // Erased: what was to stay of it stands in another.
    if (!segment) return readEntries(transcripts, path, take, { signal });
    read.push(segment);
  }
  return read;
}

/** Undefined where one of the segments is gone. */
async function readSegments(
  transcripts: Container,
  path: string,
  parts: readonly Part[],
  { watch, signal }: Pick<ReadOptions, 'watch' | 'signal'>,
): Promise<Transcript | undefined> {
  let fold: Fold | undefined;
  const segments: Segment[] = [];
  const share = createSharing();
  const oldestTime = createOldestTime();
  const add = (entry: TranscriptEntry): void => {
    watch?.(entry);
    oldestTime.add(entry);
    fold ??= createFold(keyOf(path, entry.conversation));
    fold.add(share(entry));
  };
  for (const part of parts) {
    const segment = await readSegment(transcripts, part.path, part.segment, add, signal);
    if (!segment) return undefined;
    segments.push(part.path === path ? segment : { ...segment, name: `${part.path}/${segment.name}` });
  }
  const oldest = oldestTime.result();
  return {
    conversation: (fold ?? createFold(keyOf(path, ''))).result(),
    version: transcriptVersion(segments),
    segments: segments.length,
    segmentNames: segments.map(({ name }) => name),
    length: segments.reduce((sum, { length }) => sum + length, 0),
    ...(oldest === undefined ? {} : { oldest }),
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
    const response = await blob.download(0, undefined, { abortSignal: transcripts.limit(signal) });
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
  const take = (line: string): void => {
    const entry = parseLine(line);
    if (entry) add(entry);
  };
  for await (const part of stream) {
    const chunk = Buffer.isBuffer(part) ? part : Buffer.from(part);
    let start = 0;
    for (let end = chunk.indexOf(10); end >= 0; end = chunk.indexOf(10, start)) {
      // Copying only lines that two chunks share keeps the memory of a long read low.
      if (open.length === 0) take(chunk.toString('utf8', start, end));
      else take(Buffer.concat([...open, chunk.subarray(start, end)]).toString('utf8'));
      open = [];
      start = end + 1;
    }
    open.push(chunk.subarray(start));
  }
  take(Buffer.concat(open).toString('utf8'));
}

function parseLine(line: string): TranscriptEntry | undefined {
  return transcriptEntry.safeParse(parseJson(line)).data;
}

/** Lets entries share what nearly all of them repeat: the conversation's id and a few people. */
function createSharing(): (entry: TranscriptEntry) => TranscriptEntry {
  const ids = new Map<string, string>();
  const people = new Map<string, Person>();
  return (entry) => {
    entry.conversation = firstOf(ids, entry.conversation, entry.conversation);
    if ('sender' in entry) {
      entry.sender = firstOf(people, `${entry.sender.id}\n${entry.sender.name ?? ''}`, entry.sender);
    }
    if ('composedAt' in entry && entry.composedAt === entry.at) entry.composedAt = entry.at;
    return entry;
  };
}

function firstOf<Value>(known: Map<string, Value>, key: string, value: Value): Value {
  const first = known.get(key);
  if (first === undefined) known.set(key, value);
  return first ?? value;
}

function keyOf(path: string, id: string) {
  return parseConversationPath(path) ?? { channel: path.slice(0, path.indexOf('/')), id };
}
