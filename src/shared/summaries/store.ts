import type { BlobItem } from '@azure/storage-blob';
import { parseJson } from '../json.ts';
import type { WritingState } from '../models/written/writing-state.ts';
import { type Container, unquote } from '../storage/container.ts';
import { isConflict, isMissing } from '../storage/storage-errors.ts';
import { renderSummary } from './render.ts';
import { type Summary, storedSummarySchema } from './summary.ts';

/** Changes with `summarySchema` or the rendering: summaries of another format are made again. */
const format = '2';

const files = ['summary.json', 'summary.md', 'empty'];

/** A summary as it lies in storage. */
export interface StoredSummary {
  /** Undefined where the blob holds something else: it is to be made again. */
  summary?: Summary;
  /** What the next one may go on from. */
  state?: WritingState;
  etag: string;
  /** Of what the summary read; see `contentDigest`. */
  contentDigest: string;
}

/** The latest summary of each conversation, by the path of `conversationPath`. */
export interface SummaryStore {
  get(path: string): Promise<StoredSummary | undefined>;
  /**
   * Writes `.md`, then `.json` where nobody else wrote since `replaces`; false where somebody did. `oldest` is that of the
   * transcript: see `listedOldest`.
   */
  put(
    path: string,
    summary: Summary,
    options: { contentDigest: string; oldest?: string; replaces?: StoredSummary; state?: WritingState },
  ): Promise<boolean>;
  /** Makes `.md` say what `.json` says. */
  mendMarkdown(path: string): Promise<void>;
  /** Removes both, the JSON only as it was read, and notes which version of the transcript has no messages. */
  remove(path: string, stored: StoredSummary | undefined, empty?: Emptiness): Promise<void>;
}

/** A transcript without messages, though perhaps not without deleted ones. */
export interface Emptiness {
  version: string;
  oldest?: string;
}

export function openSummaries(container: Container): SummaryStore {
  const get = async (path: string): Promise<StoredSummary | undefined> => {
    const blob = await container.read(`${path}/summary.json`);
    if (!blob) return undefined;
    const { format: written, contentdigest = '' } = blob.metadata;
    const stored = written === format ? storedSummarySchema.safeParse(parseJson(blob.text)).data : undefined;
    if (!stored) return { etag: blob.etag, contentDigest: contentdigest };
    const { state, ...summary } = stored;
    return { summary, state, etag: blob.etag, contentDigest: contentdigest };
  };

  const metadataOf = (version: string, oldest?: string): Record<string, string> => ({
    transcriptversion: version,
    format,
    ...(oldest === undefined ? {} : { oldest }),
  });

  const writeMarkdown = (path: string, summary: Summary) =>
    container.write(`${path}/summary.md`, renderSummary(summary), {
      contentType: 'text/markdown; charset=utf-8',
      metadata: metadataOf(summary.source.version),
    });

  return {
    get,
    async put(path, summary, { contentDigest, oldest, replaces, state }) {
      await writeMarkdown(path, summary);
      // Last, and conditional: whatever breaks before it is made again.
      return container.write(`${path}/summary.json`, `${JSON.stringify({ ...summary, state }, null, 2)}\n`, {
        contentType: 'application/json',
        metadata: { ...metadataOf(summary.source.version, oldest), contentdigest: contentDigest },
        replaces: replaces ?? 'none',
      });
    },
    async mendMarkdown(path) {
      const stored = await get(path);
      if (stored?.summary) await writeMarkdown(path, stored.summary);
    },
    async remove(path, stored, empty) {
      await container.remove(`${path}/summary.md`);
      if (stored) await container.remove(`${path}/summary.json`, { etag: stored.etag });
      if (!empty) await container.remove(`${path}/empty`);
      else {
        const metadata = metadataOf(empty.version, empty.oldest);
        await container.write(`${path}/empty`, '', { contentType: 'text/plain', metadata });
      }
    },
  };
}

/** False for a folder that somebody else made. */
export function isSummaryFolder(path: string, blobs: readonly BlobItem[]): boolean {
  return blobs.some(({ name }) => files.includes(name.slice(path.length + 1)));
}

/**
 * The version of the transcript that the summary in a folder is of, as its listing tells it: of `.json` and `.md` alike,
 * or of the note that there are no messages. Undefined where it is to be made again.
 */
export function summarizedVersion(path: string, blobs: readonly BlobItem[]): string | undefined {
  const version = (file: string): string | undefined => {
    const metadata = blobs.find(({ name }) => name === `${path}/${file}`)?.metadata;
    return metadata?.format === format ? metadata.transcriptversion : undefined;
  };
  const hasSummary = blobs.some(({ name }) => /\/summary\.(?:json|md)$/.test(name));
  if (!hasSummary) return version('empty');
  return version('summary.json') === version('summary.md') ? version('summary.json') : undefined;
}

/**
 * When the oldest line about messages of the transcript is of, as the listing of a folder tells it beside
 * `summarizedVersion`; undefined where an earlier version of the app wrote it. See `OldestTime`.
 */
export function listedOldest(path: string, blobs: readonly BlobItem[]): string | undefined {
  return carrierOf(path, blobs)?.metadata?.oldest;
}

/** Lets the listing of a folder tell `oldest`, unless the folder was written since it was listed. */
export async function noteOldest(
  container: Container,
  { path, blobs }: { path: string; blobs: readonly BlobItem[] },
  oldest: string,
): Promise<void> {
  const blob = carrierOf(path, blobs);
  if (!blob) return;
  try {
    await container.client
      .getBlobClient(blob.name)
      .setMetadata(
        { ...blob.metadata, oldest },
        { conditions: { ifMatch: `"${unquote(blob.properties.etag)}"` }, abortSignal: container.limit() },
      );
  } catch (error) {
    if (!isMissing(error) && !isConflict(error)) throw error;
  }
}

function carrierOf(path: string, blobs: readonly BlobItem[]): BlobItem | undefined {
  const named = (file: string): BlobItem | undefined => blobs.find(({ name }) => name === `${path}/${file}`);
  return named('summary.json') ?? named('empty');
}
