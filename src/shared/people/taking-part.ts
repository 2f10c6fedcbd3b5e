import type { ConversationKey } from '../transcripts/entry.ts';
import type { Participation } from './participation.ts';

/** Without `until`, it goes on. */
export interface Period {
  from: string;
  until?: string;
}

/** Where a person takes part, and when. Times are ISO 8601 in UTC. */
export interface TakingPart {
  identity: string;
  conversation: ConversationKey;
  /** When all that is said in the conversation is said to them, in order and apart from one another. */
  periods: Period[];
  /**
   * The first message that named them as its sender or as one it is for, mails above all. It gives no period: such a
   * message is for those alone whom it names itself.
   */
  addressedFrom?: string;
  /** The display name that was seen first most lately. */
  name?: string;
}

/** What a participation comes to. */
export function takingPartOf(known: Participation): TakingPart {
  const { identity, channel, conversation, addressedFrom, names } = known;
  const name = names.at(-1)?.name;
  return {
    identity,
    conversation: { channel, id: conversation },
    periods: periodsOf(known),
    ...(addressedFrom === undefined ? {} : { addressedFrom }),
    ...(name === undefined ? {} : { name }),
  };
}

/**
 * The additions and removals tell, where there are any; a message alone makes who wrote it a participant from then on.
 * What cannot be known is never filled in: removed without having been added counts from their first message, else for
 * that moment alone, and so does a message before they were first added, because they must have been away in between.
 */
function periodsOf({ changes, wroteFrom }: Participation): Period[] {
  const [first] = changes;
  if (!first) return wroteFrom === undefined ? [] : [{ from: wroteFrom }];
  const periods: Period[] = [];
  if (first.change === 'removed') periods.push({ from: wroteFrom ?? first.at, until: first.at });
  else if (wroteFrom !== undefined) periods.push({ from: wroteFrom, until: wroteFrom });
  for (const { change, at, from = at } of changes) {
    const last = periods.at(-1);
    const isOpen = last !== undefined && last.until === undefined;
    if (change === 'added') {
      if (isOpen) last.from = from < last.from ? from : last.from;
      else periods.push({ from });
    } else if (isOpen) {
      last.until = at < last.from ? last.from : at;
    }
  }
  return united(periods);
}

/** In order, those that touch as one: history shown to somebody who comes back may reach into the time before they left. */
export function united(periods: readonly Period[]): Period[] {
  const ordered = [...periods].sort((a, b) => (a.from < b.from ? -1 : a.from > b.from ? 1 : 0));
  const result: Period[] = [];
  for (const period of ordered) {
    const last = result.at(-1);
    if (!last || (last.until !== undefined && last.until < period.from)) result.push({ ...period });
    else if (period.until === undefined) delete last.until;
    else if (last.until !== undefined && last.until < period.until) last.until = period.until;
  }
  return result;
}
