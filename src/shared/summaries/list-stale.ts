import * as z from 'zod';
import type { Container } from '../storage/container.ts';
import type { TranscriptStore } from '../transcripts/store.ts';
import { type MergedPosition, mergeListings } from './merge-listings.ts';
import { summarizedVersion } from './store.ts';

export const staleConversation = z.object({
  path: z.string(),
  /** Names of its segments; none where the conversation is gone and its summary left, or where they are to be listed. */
  segments: z.array(z.string()),
  /** Bytes of all segments. */
  length: z.number(),
});
/** A conversation to be looked at, as it was listed. */
export type StaleConversation = z.infer<typeof staleConversation>;

/** One conversation that was compared. */
export interface Compared {
  /** Undefined where its summary is fresh. */
  stale?: StaleConversation;
  /** Go on here to compare all that follow. */
  position: MergedPosition;
}

/**
 * Compares every conversation with its summary: stale are those whose summary is not of their present version, and
 * summaries whose conversation is gone.
 */
export async function* listStale(
  transcripts: TranscriptStore,
  summaries: Container,
  from?: MergedPosition,
): AsyncGenerator<Compared> {
  for await (const { path, listed, folder, position } of mergeListings(transcripts, summaries, from)) {
    const { segments = [], length = 0, version } = listed ?? {};
    const summarized = folder ? summarizedVersion(path, folder.blobs) : undefined;
    const isFresh = version !== undefined && summarized === version;
    yield isFresh ? { position } : { stale: { path, segments, length }, position };
  }
}
