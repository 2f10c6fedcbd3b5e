import type { ContentEntry, ConversationKey, Person, TranscriptEntry } from '../transcripts/entry.ts';
import { joinParticipations, type Participation } from './participation.ts';

/** Longer ones are cut: a name travels in the metadata of a blob. */
const longestName = 200;

type Shown = Partial<Pick<Participation, 'changes' | 'wroteFrom' | 'addressedFrom'>>;

/**
 * Whom entries of one conversation show to take part: who is added and removed, who writes, whom a message names as the
 * ones it is for, and whom one has reached. A message whose sender nobody vouches for shows nothing, neither of its
 * sender nor of others.
 */
export function peopleIn(
  { channel, id }: ConversationKey,
  entries: readonly TranscriptEntry[],
): Participation[] {
  const found = new Map<string, [Participation, ...Participation[]]>();

  const add = (person: Person, at: string, shown: Shown): void => {
    const name = person.name?.slice(0, longestName).toWellFormed();
    const one: Participation = {
      identity: person.id,
      channel,
      conversation: id,
      changes: [],
      ...shown,
      names: name ? [{ name, from: at }] : [],
    };
    const others = found.get(person.id);
    if (others) others.push(one);
    else found.set(person.id, [one]);
  };

  const addContent = ({ sender, to, marks, composedAt, at: changedAt, alsoKnownAs }: ContentEntry): void => {
    if (marks?.includes('unverified-sender')) return;
    const at = composedAt ?? changedAt;
    const senders = [sender, ...(alsoKnownAs ?? []).map((id) => ({ ...sender, id }))];
    if (to === undefined) for (const person of senders) add(person, at, { wroteFrom: at });
    else for (const person of [...senders, ...to]) add(person, at, { addressedFrom: at });
  };

  for (const entry of entries) {
    switch (entry.kind) {
      case 'message':
      case 'edit':
        addContent(entry);
        break;
      case 'receipt':
        if (entry.recipient !== undefined && entry.status !== 'failed') {
          add({ id: entry.recipient }, entry.at, { addressedFrom: entry.at });
        }
        break;
      case 'reaction':
        add(entry.sender, entry.at, { wroteFrom: entry.at });
        break;
      case 'participant': {
        const { participant, version, at, change, shareHistoryTime } = entry;
        const from =
          shareHistoryTime !== undefined && shareHistoryTime < at ? { from: shareHistoryTime } : {};
        add(participant, at, { changes: [{ version, at, change, ...from }] });
      }
    }
  }
  return [...found.values()].map(joinParticipations);
}
