import type { Container } from '../storage/container.ts';
import { renderSummary } from './render.ts';
import { type Summary, summarySchema } from './summary.ts';

/** A summary as it lies in storage. */
export interface StoredSummary {
  /** Undefined where the blob holds something else: it is to be made again. */
  summary?: Summary;
  etag: string;
  /** Of what the summary read; see `contentDigest`. */
  contentDigest: string;
}

/** The latest summary of each conversation, by the path of `conversationPath`. */
export interface SummaryStore {
  get(path: string): Promise<StoredSummary | undefined>;
  /** Writes `.md`, then `.json` where nobody else wrote since `replaces`; false where somebody did. */
  put(
    path: string,
    summary: Summary,
    options: { contentDigest: string; replaces?: StoredSummary },
  ): Promise<boolean>;
  /** Writes only `.json`, for a summary that reads the same and comes from a newer version of the transcript. */
  moveOn(path: string, summary: Summary, replaces: StoredSummary): Promise<boolean>;
  /** Makes `.md` say what `.json` says. */
  mendMarkdown(path: string): Promise<void>;
  remove(path: string): Promise<void>;
}

export function openSummaries(container: Container): SummaryStore {
  const get = async (path: string): Promise<StoredSummary | undefined> => {
    const blob = await container.read(`${path}/summary.json`);
    if (!blob) return undefined;
    const summary = summarySchema.safeParse(parseJson(blob.text)).data;
    return { summary, etag: blob.etag, contentDigest: blob.metadata.contentdigest ?? '' };
  };

  const writeMarkdown = (path: string, summary: Summary) =>
    container.write(`${path}/summary.md`, renderSummary(summary), {
      contentType: 'text/markdown; charset=utf-8',
    });

  /** Only the JSON carries the version, and it comes last: whatever breaks before it is made again. */
  const writeJson = (
    path: string,
    summary: Summary,
    contentDigest: string,
    replaces: { etag: string } | 'none',
  ) =>
    container.write(`${path}/summary.json`, `${JSON.stringify(summary, null, 2)}\n`, {
      contentType: 'application/json',
      metadata: { transcriptversion: summary.source.version, contentdigest: contentDigest },
      replaces,
    });

  return {
    get,
    async put(path, summary, { contentDigest, replaces }) {
      await writeMarkdown(path, summary);
      return writeJson(path, summary, contentDigest, replaces ?? 'none');
    },
    moveOn: (path, summary, replaces) => writeJson(path, summary, replaces.contentDigest, replaces),
    async mendMarkdown(path) {
      const stored = await get(path);
      if (stored?.summary) await writeMarkdown(path, stored.summary);
    },
    async remove(path) {
      await container.remove(`${path}/summary.md`);
      await container.remove(`${path}/summary.json`);
    },
  };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
