import { conversationPath } from './conversation-path.ts';
import type { ConversationKey } from './entry.ts';
import type { Transcript } from './read.ts';
import type { TranscriptStore } from './store.ts';

/** A conversation that may have begun as several, read as one. */
export interface WholeTranscript extends Transcript {
  /** Ids under which its other parts are stored. */
  alsoAs: string[];
}

export type ReadTogether = (
  key: ConversationKey,
  options?: { signal?: AbortSignal },
) => Promise<WholeTranscript | undefined>;

/** Tells under which ids a conversation is stored, the one that it goes on under first. */
export type Together = (
  key: ConversationKey,
  options: { signal?: AbortSignal },
) => Promise<[string, ...string[]]>;

export function createReadTogether(
  transcripts: Pick<TranscriptStore, 'read'>,
  together: Together,
): ReadTogether {
  return async (key, options = {}) => {
    const { channel } = key;
    const [root, ...alsoAs] = await together(key, options);
    const also = alsoAs.map((id) => conversationPath({ channel, id }));
    const transcript = await transcripts.read(conversationPath({ channel, id: root }), { also, ...options });
    return transcript && { ...transcript, alsoAs };
  };
}
