import type { Container } from '../storage/container.ts';
import { type Append, createAppend } from './append.ts';
import { listConversations } from './list.ts';
import { type ReadOptions, readTranscript, type Transcript } from './read.ts';

/** The transcripts of all conversations. Errors are those of the storage client. */
export interface TranscriptStore {
  append: Append;
  /** By the path of `conversationPath`. */
  read(path: string, options?: ReadOptions): Promise<Transcript | undefined>;
  list(options?: Parameters<typeof listConversations>[1]): ReturnType<typeof listConversations>;
}

export function openTranscripts(
  container: Container,
  options: Parameters<typeof createAppend>[1],
): TranscriptStore {
  return {
    append: createAppend(container, options),
    read: (path, readOptions) => readTranscript(container, path, readOptions),
    list: (listOptions) => listConversations(container, listOptions),
  };
}
