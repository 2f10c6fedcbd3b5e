import { maskSecrets } from '../redaction/mask-secrets.ts';
import type { ContentEntry, ConversationKey, Person, TranscriptEntry } from '../transcripts/entry.ts';
import { joinParticipations, type Participation } from './participation.ts';
import { toStaff } from './sent-by.ts';

/** Longer ones are cut: a name travels in the metadata of a blob. */
const longestName = 200;

type Shown = Partial<Pick<Participation, 'changes' | 'wroteFrom' | 'addressedFrom'>>;

/** Our own identity in a conversation where several of us write under one: a number, a channel. */
export type OurEnd = (conversation: ConversationKey) => string | undefined;

/**
 * Whom entries of one conversation show to take part: who is added and removed, who writes, who of ours has it written,
 * whom a message names as the ones it is for, whom one has reached, and from the first message on our own end, where
 * there is one. Names without what must not leave (`maskSecrets`). A message whose sender nobody vouches for shows nothing, neither of its sender nor of others.
 */
export function peopleIn(
  { channel, id }: ConversationKey,
  entries: readonly TranscriptEntry[],
  { ourEnd }: { ourEnd?: OurEnd } = {},
): Participation[] {
  const ours = ourEnd?.({ channel, id });
  const found = new Map<string, [Participation, ...Participation[]]>();

  const add = (person: Person, at: string, shown: Shown): void => {
    const name = person.name && maskSecrets(person.name).slice(0, longestName).toWellFormed();
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

  const addContent = ({
    sender,
    to,
    marks,
    composedAt,
    at: changedAt,
    alsoKnownAs,
    sentBy,
  }: ContentEntry) => {
    if (marks?.includes('unverified-sender')) return;
    const at = composedAt ?? changedAt;
    const staff = sentBy === undefined ? undefined : toStaff(sentBy);
    const others = (alsoKnownAs ?? []).map((id) => ({ ...sender, id }));
    const senders = [sender, ...others, ...(staff ? [staff] : [])];
    if (ours !== undefined) add({ id: ours }, at, { wroteFrom: at });
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
