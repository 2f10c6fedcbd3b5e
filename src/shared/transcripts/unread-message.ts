import type { FoundAnalyses } from './analyses.ts';
import type { Analysis, ContentEntry } from './entry.ts';
import { compareText } from './newer.ts';

/** What Parley has still to analyse of a conversation. */
export interface Unread {
  /** The oldest first. */
  messages: UnreadMessage[];
  /** The language, ISO 639-1, of most of what was analysed; undefined where nothing was. */
  language?: string;
}

/** A message, in the version that stands, that Parley has not analysed. */
export interface UnreadMessage {
  id: string;
  version: string;
  /** When this version was written, ISO 8601 UTC. */
  at: string;
  text: string;
  /** The display name of who wrote it. */
  senderName?: string;
  /** Other identities of the sender that it shows. */
  alsoKnownAs: string[];
  /** What the provider's analysis came to, where it is there already. */
  provider?: Analysis;
}

/** What channels write where there is nothing to read, such as `[image]`. */
const placeholder = /^\[[\w-]{1,40}\]$/;

/** Undefined for what was read, and for what has nothing to read. */
export function toUnread(
  { messageId: id, version, text, sender, alsoKnownAs = [] }: ContentEntry,
  at: string,
  found: FoundAnalyses | undefined,
): UnreadMessage | undefined {
  if (found?.parley || text.trim() === '' || placeholder.test(text)) return undefined;
  return {
    id,
    version,
    at,
    text,
    ...(sender.name === undefined ? {} : { senderName: sender.name }),
    alsoKnownAs,
    ...(found?.provider ? { provider: found.provider } : {}),
  };
}

/** The oldest first. */
export function byWriting(a: UnreadMessage, b: UnreadMessage): number {
  return compareText(a.at, b.at) || compareText(a.id, b.id);
}
