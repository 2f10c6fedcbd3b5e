import type { AppendBlobClient } from '@azure/storage-blob';
import { parseJson } from '../json.ts';
import type { Container } from '../storage/container.ts';
import { splitLines } from '../storage/split-lines.ts';
import { isMissing, storageUnavailable } from '../storage/storage-errors.ts';
import { type TranscriptEntry, transcriptEntry } from './entry.ts';
import { openSegmentCopy, type SegmentCopy } from './segment-copy.ts';
import { leaseSegment, type SegmentLease } from './segment-lease.ts';
import { listSegments } from './segments.ts';

/** What an entry is to become: itself where it stays as it is, another one, or nothing. */
export type ChangeEntry = (entry: TranscriptEntry) => TranscriptEntry | undefined;

export interface RewriteOptions {
  /** Whoever rewrites: the same, when it goes on after it broke off. Two never rewrite one segment at once. */
  holder: string;
  /** Whether a line that this version cannot read has to go. Without it, all of them stay. */
  isTraced?: (line: string) => boolean;
  signal?: AbortSignal;
}

/** Of the entries that were there: lines that are stored twice count twice. */
export interface Rewritten {
  dropped: number;
  changed: number;
  /** Ids of entries that now stand there in another form. */
  changedIds: string[];
}

/** A segment that keeps changing under our hands: the lease did not hold. */
const mostTries = 5;
const longestReading = 5 * 60_000;

/**
 * Takes entries out of a conversation, or puts others in their place, segment by segment. What stays is copied to a new
 * segment, then the old one is removed; a segment in which nothing changes is left alone. While it is copied, appends go
 * to another segment. It can break off anywhere and be done again: nothing is lost, and what is double, reading takes
 * once. Throws storage faults, also where somebody else is rewriting the conversation: try again within a minute.
 */
export async function rewriteTranscript(
  transcripts: Container,
  path: string,
  change: ChangeEntry,
  options: RewriteOptions,
): Promise<Rewritten> {
  const total: Rewritten = { dropped: 0, changed: 0, changedIds: [] };
  for (const name of await listSegments(transcripts, path, options.signal)) {
    const segment = await rewriteSegment(transcripts, { path, name }, change, options);
    total.dropped += segment?.dropped ?? 0;
    total.changed += segment?.changed ?? 0;
    total.changedIds.push(...(segment?.changedIds ?? []));
  }
  return total;
}

interface Place {
  path: string;
  name: string;
}

/** Undefined where the segment stays, or is gone. */
async function rewriteSegment(
  transcripts: Container,
  place: Place,
  change: ChangeEntry,
  options: RewriteOptions,
): Promise<Rewritten | undefined> {
  const blob = transcripts.client.getAppendBlobClient(`${place.path}/${place.name}.jsonl`);
  const judge = judgeWith(change, options.isTraced);
  if (!(await isAffected(blob, judge, options.signal))) return undefined;
  for (let tries = 0; tries < mostTries; tries += 1) {
    const lease = await leaseSegment(transcripts, blob, options);
    if (!lease) return undefined;
    const source = { blob, lease, judge, signal: options.signal };
    const copied = await copyWhatStays(transcripts, place, source).catch(async (error: unknown) => {
      await lease.release();
      throw error;
    });
    if (!copied) return undefined;
    const removal = await lease.remove(copied.etag);
    if (removal === 'removed') return copied.rewritten;
    // What the copy holds stands elsewhere: in the old segment, or in what somebody else made of it.
    await copied.copy.discard();
    if (removal === 'missing') return undefined;
  }
  throw storageUnavailable(new Error('a segment of a transcript changes faster than it is rewritten'));
}

interface Judged {
  /** Undefined where the line goes. */
  line?: Buffer;
  /** Set where another entry takes its place. */
  changedId?: string;
}
type Judge = (line: Buffer) => Judged;

function judgeWith(change: ChangeEntry, isTraced: RewriteOptions['isTraced']): Judge {
  return (line) => {
    const text = line.toString('utf8');
    const entry = transcriptEntry.safeParse(parseJson(text)).data;
    if (!entry) return isTraced?.(text) ? {} : { line };
    const changed = change(entry);
    // What stays, stays to the letter: a later version may have told more than this one reads.
    if (changed === entry) return { line };
    return changed ? { line: Buffer.from(JSON.stringify(changed), 'utf8'), changedId: entry.id } : {};
  };
}

/** It comes as fast as its lines are judged. */
function whileReading(signal: AbortSignal | undefined): AbortSignal {
  const patience = AbortSignal.timeout(longestReading);
  return signal ? AbortSignal.any([signal, patience]) : patience;
}

/** Reads until the first line that does not stay as it is. */
async function isAffected(
  blob: AppendBlobClient,
  judge: Judge,
  signal: AbortSignal | undefined,
): Promise<boolean> {
  const reading = new AbortController();
  try {
    const { readableStreamBody } = await blob.download(0, undefined, {
      abortSignal: AbortSignal.any([whileReading(signal), reading.signal]),
    });
    for await (const line of splitLines(readableStreamBody ?? [])) {
      if (judge(line).line !== line) return true;
    }
    return false;
  } catch (error) {
    if (isMissing(error)) return false;
    throw error;
  } finally {
    reading.abort();
  }
}

interface Source {
  blob: AppendBlobClient;
  lease: SegmentLease;
  judge: Judge;
  signal?: AbortSignal;
}

interface Copied {
  /** Of the segment as it was copied. */
  etag: string;
  rewritten: Rewritten;
  copy: SegmentCopy;
}

/** Undefined where the segment is gone. */
async function copyWhatStays(
  transcripts: Container,
  place: Place,
  { blob, lease, judge, signal }: Source,
): Promise<Copied | undefined> {
  const rewritten: Rewritten = { dropped: 0, changed: 0, changedIds: [] };
  try {
    const response = await blob.download(0, undefined, { abortSignal: whileReading(signal) });
    const copy = openSegmentCopy(transcripts, place, { metadata: response.metadata, signal });
    for await (const line of splitLines(response.readableStreamBody ?? [])) {
      await lease.keep();
      const judged = judge(line);
      if (judged.changedId !== undefined) rewritten.changedIds.push(judged.changedId);
      if (judged.line) await copy.add(judged.line);
      else rewritten.dropped += 1;
    }
    await copy.close();
    rewritten.changed = rewritten.changedIds.length;
    return { etag: response.etag ?? '', rewritten, copy };
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}
