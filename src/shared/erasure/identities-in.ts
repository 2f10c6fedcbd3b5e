import { toStaff } from '../people/sent-by.ts';
import { peopleOf } from '../tombstones/about-entry.ts';
import type { TranscriptEntry } from '../transcripts/entry.ts';

/** Everybody whom an entry names, whether or not it makes them a participant: also senders whom nobody vouches for. */
export function identitiesIn(entry: TranscriptEntry): string[] {
  const addressed = entry.kind === 'message' || entry.kind === 'edit' ? entry.to : undefined;
  return [...peopleOf(entry), ...(addressed ?? []).map(({ id }) => id)];
}

/** Who of ours had a message sent, in whose name it does not stand. */
export function staffIn(entry: TranscriptEntry): string[] {
  const { sentBy } = entry.kind === 'message' || entry.kind === 'edit' ? entry : {};
  const staff = sentBy === undefined ? undefined : toStaff(sentBy);
  return staff ? [staff.id] : [];
}
