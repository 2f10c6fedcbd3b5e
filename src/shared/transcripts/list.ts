import type { BlobItem } from '@azure/storage-blob';
import { type Container, unquote } from '../storage/container.ts';
import { type ListingPosition, listFolders } from '../storage/list-folders.ts';
import { parseConversationPath } from './conversation-path.ts';
import type { ConversationKey } from './entry.ts';
import { type Segment, segmentOf, transcriptVersion } from './segments.ts';

/** A conversation as the listing of transcripts shows it, without reading it. */
export interface ListedConversation {
  path: string;
  key: ConversationKey;
  /** The last append, ISO 8601 UTC. */
  lastChangedAt: string;
  /** Names of its segments, in order. */
  segments: string[];
  /** Bytes of all segments. */
  length: number;
  /** Equal to the version of a read that saw the same segments. */
  version: string;
  position: ListingPosition;
}

interface Options {
  channel?: string;
  /** Only the conversation of this path. */
  path?: string;
  after?: ListingPosition;
  pageSize?: number;
}

/** Streams all conversations in key order. */
export async function* listConversations(
  transcripts: Container,
  { channel, path: only, after, pageSize }: Options = {},
): AsyncGenerator<ListedConversation> {
  const folder = only ?? channel;
  const prefix = folder === undefined ? undefined : `${folder}/`;
  for await (const { path, blobs, position } of listFolders(transcripts, { prefix, after, pageSize })) {
    const segments = blobs.flatMap((blob) => toSegment(path, blob) ?? []);
    if (segments.length === 0) continue;
    yield {
      path,
      key: keyOf(path, blobs),
      lastChangedAt: lastChange(blobs),
      segments: segments.map(({ name }) => name),
      length: segments.reduce((sum, { length }) => sum + length, 0),
      version: transcriptVersion(segments),
      position,
    };
  }
}

function keyOf(path: string, blobs: readonly BlobItem[]): ConversationKey {
  const id = blobs.find(({ metadata }) => metadata?.conversation)?.metadata?.conversation;
  const [channel = '', name = ''] = path.split('/');
  return parseConversationPath(path) ?? { channel, id: decode(id) ?? name };
}

function lastChange(blobs: readonly BlobItem[]): string {
  return new Date(
    Math.max(...blobs.map(({ properties }) => properties.lastModified.getTime())),
  ).toISOString();
}

function toSegment(path: string, { name, properties }: BlobItem): Segment | undefined {
  const segment = segmentOf(path, name);
  return segment === undefined
    ? undefined
    : { name: segment, etag: unquote(properties.etag), length: properties.contentLength ?? 0 };
}

function decode(text: string | undefined): string | undefined {
  try {
    return text === undefined ? undefined : decodeURIComponent(text);
  } catch {
    return undefined;
  }
}
