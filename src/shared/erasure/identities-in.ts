import { toStaff } from '../people/sent-by.ts';
import type { TranscriptEntry } from '../transcripts/entry.ts';

/** Everybody whom an entry names, whether or not it makes them a participant: also senders whom nobody vouches for. */
export function identitiesIn(entry: TranscriptEntry): string[] {
  switch (entry.kind) {
    case 'message':
    case 'edit':
      return [entry.sender.id, ...(entry.alsoKnownAs ?? []), ...(entry.to ?? []).map(({ id }) => id)];
    case 'participant':
      return [entry.participant.id];
    case 'reaction':
      return [entry.sender.id];
    case 'receipt':
      return entry.recipient === undefined ? [] : [entry.recipient];
    case 'analysis':
      return entry.matches ? [entry.matches.sender] : [];
    default:
      return [];
  }
}

/** Who of ours had a message sent, in whose name it does not stand. */
export function staffIn(entry: TranscriptEntry): string[] {
  const { sentBy } = entry.kind === 'message' || entry.kind === 'edit' ? entry : {};
  const staff = sentBy === undefined ? undefined : toStaff(sentBy);
  return staff ? [staff.id] : [];
}
