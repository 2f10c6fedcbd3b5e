import type { AnalysisEntry, TranscriptEntry } from '../transcripts/entry.ts';

/** Finds, among the entries of one conversation in any order, analyses of messages that cannot be in it. */
export interface StrayFinder {
  add(entry: TranscriptEntry): void;
  /** Those of people who wrote nothing here. */
  found(): AnalysisEntry[];
}

export function createStrayFinder(): StrayFinder {
  const unnamed: AnalysisEntry[] = [];
  const writers = new Set<string>();
  return {
    add(entry) {
      if (isUnnamed(entry)) unnamed.push(entry);
      else if (entry.kind === 'message' || entry.kind === 'edit') writers.add(entry.sender.id);
    },
    found: () => unnamed.filter(({ matches }) => matches !== undefined && !writers.has(matches.sender)),
  };
}

/** Whether an entry says what was read in a message that it cannot name. */
export function isUnnamed(entry: TranscriptEntry): entry is AnalysisEntry {
  return entry.kind === 'analysis' && entry.messageId === undefined;
}
