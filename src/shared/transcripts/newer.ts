import type { TranscriptEntry } from './entry.ts';

/** The newer of two entries about one thing: by version, then time, then id. */
export function newer<Entry extends TranscriptEntry>(current: Entry | undefined, entry: Entry): Entry {
  return current && !isNewer(entry, current) ? current : entry;
}

/** The last comparison only makes the order total, whatever the entries hold. */
function isNewer(a: TranscriptEntry, b: TranscriptEntry): boolean {
  if (a.version !== b.version) return isGreaterVersion(a.version, b.version);
  if (a.at !== b.at) return a.at > b.at;
  if (a.id !== b.id) return a.id > b.id;
  return JSON.stringify(a) > JSON.stringify(b);
}

/** Decimal text without leading zeros: the longer is the greater, and of equal length the later in the alphabet. */
export function isGreaterVersion(a: string, b: string): boolean {
  return a.length === b.length ? a > b : a.length > b.length;
}

export function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
