import type { ConversationKey } from '../transcripts/entry.ts';
import type { Matcher } from './matcher.ts';

/** A conversation of which something was erased. */
export interface TouchedConversation extends ConversationKey {
  /** True where nothing of it stays. */
  isWhole: boolean;
}

/** What is to go from the stores that do not keep one folder for each conversation. */
export interface ErasureScope {
  /** Absent where only conversations go. */
  person?: { identities: readonly string[]; matcher: Matcher };
  conversations: readonly TouchedConversation[];
}

export interface SweepOptions {
  /** What `next` was: goes on there. */
  from?: unknown;
  /** True once no new piece of work is to be begun. */
  isTimeUp(): boolean;
  signal: AbortSignal;
}

export interface Swept {
  /** Blobs, messages or lines that went or were made anew. */
  removed: number;
  /** JSON: call again with it as `from`. Absent where the store is done. */
  next?: unknown;
  /** How long `next` has to wait before it is worth a call; calling earlier does no harm. */
  waitMilliseconds?: number;
}

/**
 * How one container or queue forgets. Each method can be done again, whatever broke off before, and throws storage faults
 * only. A store has one for each thing that its content can be about.
 */
export interface Eraser {
  /** Name of the container or queue. */
  readonly store: string;
  /** Removes all that the store has of one conversation; `identities` are those who took part. Returns how much. */
  eraseConversation?(
    conversation: ConversationKey,
    options: { identities: readonly string[]; signal: AbortSignal },
  ): Promise<number>;
  /** Removes or makes anew what is of a person or of conversations that were touched. */
  sweep?(scope: ErasureScope, options: SweepOptions): Promise<Swept>;
  /** Removes what is older than a time, ISO 8601 UTC, and belongs to no one conversation: digests, copies, dead letters. */
  expire?(before: string, options: SweepOptions): Promise<Swept>;
}
