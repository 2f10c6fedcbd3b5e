import type { TranscriptEntry } from '../transcripts/entry.ts';

/** Who did what an entry tells, or whom it was done to. People that a message is only addressed to are not among them. */
export function peopleOf(entry: TranscriptEntry): string[] {
  switch (entry.kind) {
    case 'message':
    case 'edit':
      return [entry.sender.id, ...(entry.alsoKnownAs ?? [])];
    case 'reaction':
      return [entry.sender.id];
    case 'participant':
      return [entry.participant.id];
    case 'receipt':
      return entry.recipient === undefined ? [] : [entry.recipient];
    case 'analysis':
      return entry.matches ? [entry.matches.sender] : [];
    default:
      return [];
  }
}

/** The time that counts, ISO 8601: of an edit and an analysis that of the message, where they tell it. */
export function timeOf(entry: TranscriptEntry): string {
  switch (entry.kind) {
    case 'message':
    case 'edit':
      return entry.composedAt ?? entry.at;
    case 'analysis':
      return entry.matches?.at ?? entry.at;
    default:
      return entry.at;
  }
}
