import pMap from 'p-map';
import { inBatches } from '../in-batches.ts';
import { listTogether } from '../people/list-together.ts';
import type { PeopleIndex } from '../people/people-index.ts';
import type { Period, TakingPart } from '../people/taking-part.ts';
import { see } from '../security/sight.ts';
import type { Conversation } from '../transcripts/conversation.ts';
import { conversationPath } from '../transcripts/conversation-path.ts';
import type { ConversationKey } from '../transcripts/entry.ts';
import type { ReadTogether, Together } from '../transcripts/read-together.ts';

export interface SharingDependencies {
  people: Pick<PeopleIndex, 'list'>;
  readTogether: ReadTogether;
  together: Together;
}

/** A conversation that two people took part in at the same time. */
export interface Shared {
  /** Of the conversation as a whole: a mail thread may be stored in parts. */
  path: string;
  conversation: ConversationKey;
  /** How the other one takes part. */
  theirs: TakingPart;
  /** When they last were there together, where that has ended. */
  until?: string;
  /** True where only messages that name them both can tell: see `isNamedIn`. */
  isByName: boolean;
}

/** What somebody shares with others. */
export interface Sharing {
  /** All that they share with whoever has these identities, as far as the index can tell. */
  with(identities: readonly string[]): Promise<Shared[]>;
  /** Whether they know of one another: a conversation at the same time, or a message that names both. */
  knows(shared: readonly Shared[], identities: readonly string[]): Promise<boolean>;
}

const concurrency = 16;

/** Mails that are read to find one that names both. */
const mostRead = 200;

/** What whoever has these identities shares with others. Lists what they take part in when it is first asked. */
export function openSharing(mine: readonly string[], dependencies: SharingDependencies): Sharing {
  const { people, readTogether } = dependencies;
  let known: Promise<Map<string, TakingPart[]>> | undefined;
  const myParts = (): Promise<Map<string, TakingPart[]>> => {
    known ??= listByPath(mine, dependencies);
    return known;
  };

  return {
    async with(identities) {
      const all = await myParts();
      const found: Shared[] = [];
      for await (const theirs of listTogether(people, identities)) {
        const path = await wholePath(theirs.conversation, dependencies.together);
        const overlap = (all.get(path) ?? []).flatMap((one) => meeting(one, theirs) ?? []);
        const met = overlap.find(({ isByName }) => !isByName) ?? overlap[0];
        if (met) found.push({ path, conversation: theirs.conversation, theirs, ...met });
      }
      return found;
    },
    async knows(shared, identities) {
      if (shared.some(({ isByName }) => !isByName)) return true;
      for (const { conversation } of shared.slice(0, mostRead)) {
        const transcript = await readTogether(conversation);
        if (!transcript) continue;
        const seen = see(transcript.conversation, { periods: [], identities: mine });
        if (seen && isNamedIn(seen, identities)) return true;
      }
      return false;
    },
  };
}

/** Whether a message names one of the identities, as its sender or as one it is for. */
export function isNamedIn({ messages }: Conversation, identities: readonly string[]): boolean {
  const sought = new Set(identities);
  return messages.some(({ sender, to = [] }) => sought.has(sender.id) || to.some(({ id }) => sought.has(id)));
}

/** The path of the whole conversation. */
export async function wholePath(conversation: ConversationKey, together: Together): Promise<string> {
  if (conversation.channel !== 'email') return conversationPath(conversation);
  const [id] = await together(conversation, {});
  return conversationPath({ channel: conversation.channel, id });
}

async function listByPath(
  identities: readonly string[],
  { people, together }: SharingDependencies,
): Promise<Map<string, TakingPart[]>> {
  const byPath = new Map<string, TakingPart[]>();
  for await (const batch of inBatches(listTogether(people, identities), 100)) {
    const paths = await pMap(batch, ({ conversation }) => wholePath(conversation, together), { concurrency });
    for (const [place, path] of paths.entries()) {
      const part = batch[place];
      if (part) byPath.set(path, [...(byPath.get(path) ?? []), part]);
    }
  }
  return byPath;
}

function meeting(one: TakingPart, other: TakingPart): Pick<Shared, 'until' | 'isByName'> | undefined {
  const meetings = one.periods.flatMap((a) => other.periods.flatMap((b) => overlapOf(a, b) ?? []));
  const last = meetings.at(-1);
  if (last) return { isByName: false, ...(last.until === undefined ? {} : { until: last.until }) };
  const mayBeNamed = [one, other].every(
    (part) => part.addressedFrom !== undefined || part.periods.length > 0,
  );
  const isByName = [one, other].some((part) => part.addressedFrom !== undefined);
  return mayBeNamed && isByName ? { isByName } : undefined;
}

function overlapOf(a: Period, b: Period): Period | undefined {
  const from = a.from > b.from ? a.from : b.from;
  const ends = [a.until, b.until].filter((time) => time !== undefined).sort();
  if (ends[0] !== undefined && ends[0] < from) return undefined;
  return ends[0] === undefined ? { from } : { from, until: ends[0] };
}
