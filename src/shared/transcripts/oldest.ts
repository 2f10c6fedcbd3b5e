import type { TranscriptEntry } from './entry.ts';

/** Finds out, entry by entry and in any order, when that is due first which is kept for a time only. */
export interface OldestTime {
  add(entry: TranscriptEntry): void;
  /**
   * No message is older, deleted ones and those of which only a receipt is known included. Without any, the time of the
   * last change; undefined without entries.
   */
  result(): string | undefined;
}

export function createOldestTime(): OldestTime {
  let ofMessages: string | undefined;
  let lastChange: string | undefined;
  return {
    add(entry) {
      if (lastChange === undefined || entry.at > lastChange) lastChange = entry.at;
      const time = timeAboutMessage(entry);
      if (time !== undefined && (ofMessages === undefined || time < ofMessages)) ofMessages = time;
    },
    result: () => ofMessages ?? lastChange,
  };
}

/** What of an entry about a message may tell when that was sent, or the earliest that it can. */
function timeAboutMessage(entry: TranscriptEntry): string | undefined {
  switch (entry.kind) {
    case 'message':
    case 'edit':
      return entry.composedAt ?? entry.at;
    case 'analysis':
      // One that names no message goes with the one that it fits.
      return entry.messageId === undefined ? undefined : entry.at;
    case 'delete':
    case 'receipt':
    case 'reaction':
    case 'attachment':
      return entry.at;
    default:
      return undefined;
  }
}
