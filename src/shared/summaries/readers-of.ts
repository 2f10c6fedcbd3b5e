import { joinParticipations, type Participation } from '../people/participation.ts';
import { type OurEnd, peopleIn } from '../people/people-in-entries.ts';
import { type TakingPart, takingPartOf } from '../people/taking-part.ts';
import { see } from '../security/sight.ts';
import type { Conversation } from '../transcripts/conversation.ts';
import type { ConversationKey, TranscriptEntry } from '../transcripts/entry.ts';

/** Longer conversations share no call with others anyway. */
const mostEntries = 2_000;

/** Gathers from the entries of a conversation, in any order and however often, who takes part in it, and when. */
export interface Audience {
  add(entry: TranscriptEntry): void;
  /** Undefined where there was too much to gather. */
  takingPart(): TakingPart[] | undefined;
}

export function createAudience(key: ConversationKey, ourEnd?: OurEnd): Audience {
  const known = new Map<string, Participation>();
  let entries = 0;
  return {
    add(entry) {
      entries += 1;
      if (entries > mostEntries) return;
      for (const one of peopleIn(key, [entry], { ourEnd })) {
        const before = known.get(one.identity);
        known.set(one.identity, before ? joinParticipations([before, one]) : one);
      }
    },
    takingPart: () => (entries > mostEntries ? undefined : [...known.values()].map(takingPartOf)),
  };
}

/**
 * Everybody who may see anything of a conversation, as one string: only where each of them may see all of it. Undefined
 * where somebody came later, left, or was not among those whom a message is for; and where that cannot be told.
 */
export function readersOf(
  conversation: Conversation,
  takingPart: readonly TakingPart[] | undefined,
): string | undefined {
  // Whom a thread still belongs to that is no more is not told by who took part.
  if (!takingPart || conversation.deletedAt !== undefined) return undefined;
  const readers: string[] = [];
  for (const { identity, periods } of takingPart) {
    const seen = see(conversation, { periods, identities: [identity] });
    if (seen && seen.messages.length < conversation.messages.length) return undefined;
    if (seen) readers.push(identity);
  }
  return readers.length === 0 ? undefined : JSON.stringify(readers.sort());
}
