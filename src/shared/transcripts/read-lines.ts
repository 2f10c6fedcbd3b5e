import type { Container } from '../storage/container.ts';
import { splitLines } from '../storage/split-lines.ts';
import { isMissing, storageUnavailable } from '../storage/storage-errors.ts';
import { listSegments } from './segments.ts';

interface Options {
  /** Names from a listing just made. */
  segments?: readonly string[];
  signal: AbortSignal;
}

const mostListings = 10;

/**
 * Streams the lines of all segments of a conversation as they are, without their line feeds; nothing where there is none.
 * Some of them come twice where a segment is rewritten meanwhile: what stays of it stands in another.
 */
export async function* readTranscriptLines(
  transcripts: Container,
  path: string,
  { segments, signal }: Options,
): AsyncGenerator<Buffer> {
  const read = new Set<string>();
  let names = segments ?? (await listSegments(transcripts, path, signal));
  for (let listings = 0; listings < mostListings; listings += 1) {
    let isMoved = false;
    for (const name of names) {
      read.add(name);
      try {
        const blob = transcripts.client.getBlobClient(`${path}/${name}.jsonl`);
        const { readableStreamBody } = await blob.download(0, undefined, { abortSignal: signal });
        if (readableStreamBody) yield* splitLines(readableStreamBody);
      } catch (error) {
        if (!isMissing(error)) throw error;
        isMoved = true;
      }
    }
    if (!isMoved) return;
    names = (await listSegments(transcripts, path, signal)).filter((name) => !read.has(name));
  }
  throw storageUnavailable(new Error('a transcript is rewritten faster than it is read'));
}
