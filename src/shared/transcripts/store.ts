import type { Container } from '../storage/container.ts';
import { type Append, createAppend } from './append.ts';
import { conversationPath } from './conversation-path.ts';
import type { ConversationKey, TranscriptEntry } from './entry.ts';
import { listConversations } from './list.ts';
import { type ReadOptions, readEntries, readTranscript, type Transcript } from './read.ts';
import { lastSegment, type Segment } from './segments.ts';

/** The transcripts of all conversations. Errors are those of the storage client. */
export interface TranscriptStore {
  append: Append;
  /** Whether anything of a conversation is stored. */
  has(key: ConversationKey, options?: { signal?: AbortSignal }): Promise<boolean>;
  /** By the path of `conversationPath`. */
  read(path: string, options?: ReadOptions): Promise<Transcript | undefined>;
  /** Every entry as it was stored, by the same path. Returns the segments as they were read. */
  readEntries(
    path: string,
    take: (entry: TranscriptEntry) => void,
    options?: ReadOptions,
  ): Promise<Segment[]>;
  list(options?: Parameters<typeof listConversations>[1]): ReturnType<typeof listConversations>;
}

export function openTranscripts(
  container: Container,
  options: Parameters<typeof createAppend>[1],
): TranscriptStore {
  return {
    append: createAppend(container, options),
    has: async (key, { signal } = {}) => (await lastSegment(container, conversationPath(key), signal)) > 0,
    read: (path, readOptions) => readTranscript(container, path, readOptions),
    readEntries: (path, take, readOptions) => readEntries(container, path, take, readOptions),
    list: (listOptions) => listConversations(container, listOptions),
  };
}
