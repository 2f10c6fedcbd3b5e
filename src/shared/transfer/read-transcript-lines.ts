import type { Container } from '../storage/container.ts';
import { isMissing } from '../storage/storage-errors.ts';
import { listSegments } from '../transcripts/segments.ts';
import { splitLines } from './split-lines.ts';

interface Options {
  /** Names from a listing just made. */
  segments?: readonly string[];
  signal: AbortSignal;
}

/** Streams the lines of all segments of a conversation as they are, without their line feeds; nothing where there is none. */
export async function* readTranscriptLines(
  transcripts: Container,
  path: string,
  { segments, signal }: Options,
): AsyncGenerator<Buffer> {
  for (const name of segments ?? (await listSegments(transcripts, path, signal))) {
    const blob = transcripts.client.getBlobClient(`${path}/${name}.jsonl`);
    try {
      const { readableStreamBody } = await blob.download(0, undefined, { abortSignal: signal });
      if (readableStreamBody) yield* splitLines(readableStreamBody);
    } catch (error) {
      // Erased meanwhile: what was to stay of it stands in a later segment.
      if (!isMissing(error)) throw error;
    }
  }
}
