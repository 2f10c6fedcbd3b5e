import { createHash } from 'node:crypto';
import type { Container } from '../storage/container.ts';

/** One append blob of a conversation as a listing or a read shows it. */
export interface Segment {
  /** Six digits, from `000001`. */
  name: string;
  /** Without quotes. */
  etag: string;
  /** Bytes. */
  length: number;
}

/** The name of the segment that a blob of a conversation's folder is; undefined for a stray blob. */
export function segmentOf(path: string, blob: string): string | undefined {
  return /^(\d{6,})\.jsonl$/.exec(blob.slice(path.length + 1))?.[1];
}

export function segmentName(number: number): string {
  return String(number).padStart(6, '0');
}

/** The number of the last segment of a conversation, 0 where there is none. */
export async function lastSegment(
  transcripts: Container,
  path: string,
  signal?: AbortSignal,
): Promise<number> {
  return (await listSegments(transcripts, path, signal)).reduce(
    (last, name) => Math.max(last, Number(name)),
    0,
  );
}

/** The names of a conversation's segments in order. */
export async function listSegments(
  transcripts: Container,
  path: string,
  signal?: AbortSignal,
): Promise<string[]> {
  const names: string[] = [];
  for await (const { blobs } of transcripts.pages({ prefix: `${path}/`, signal })) {
    names.push(...blobs.flatMap(({ name }) => segmentOf(path, name) ?? []));
  }
  return names.sort();
}

/** Names what a transcript held: equal exactly while no segment was appended to, made or removed. */
export function transcriptVersion(segments: readonly Segment[]): string {
  const lines = [...segments]
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .map(({ name, etag, length }) => `${name} ${etag} ${length}\n`);
  return createHash('sha256').update(lines.join('')).digest('hex');
}
