import type { PeopleIndex } from '../people/people-index.ts';
import { toStaff } from '../people/sent-by.ts';
import type { ContentEntry, ConversationKey, Person, TranscriptEntry } from '../transcripts/entry.ts';
import type { TranscriptStore } from '../transcripts/store.ts';
import { peopleOf, timeOf } from './about-entry.ts';
import type { Tombstones } from './tombstones.ts';

/**
 * What was admitted is stored within this time or not at all, so that an erasure which began in between finds it after it
 * has waited (ERASURE_SETTLE_SECONDS).
 */
const longestWrite = 20_000;

/** The same store, in which what is buried is not appended, whoever appends. */
export function guardTranscripts(
  transcripts: TranscriptStore,
  tombstones: Pick<Tombstones, 'admit'>,
): TranscriptStore {
  return {
    ...transcripts,
    async append(conversation, entries, options) {
      const admitted = await tombstones.admit(conversation, entries, options);
      if (admitted.length > 0) await transcripts.append(conversation, admitted, limited(options));
    },
  };
}

/** The same index, in which nobody is noted for what is buried, nor as whom such a message is for. */
export function guardPeople(
  people: PeopleIndex,
  tombstones: Pick<Tombstones, 'admits' | 'isEmpty'>,
): PeopleIndex {
  return {
    ...people,
    async note(conversation, entries, options) {
      const admitted = (await tombstones.isEmpty(options))
        ? entries
        : await admittedOf(conversation, entries, tombstones, options);
      if (admitted.length > 0) await people.note(conversation, admitted, limited(options));
    },
  };
}

interface Options {
  signal?: AbortSignal;
}

function limited({ signal }: Options = {}): { signal: AbortSignal } {
  const patience = AbortSignal.timeout(longestWrite);
  return { signal: signal ? AbortSignal.any([signal, patience]) : patience };
}

/** Entries that are buried by their ids count here: what stands in their place names the same people. */
async function admittedOf(
  conversation: ConversationKey,
  entries: readonly TranscriptEntry[],
  tombstones: Pick<Tombstones, 'admits'>,
  options: Options | undefined,
): Promise<TranscriptEntry[]> {
  const admitted: TranscriptEntry[] = [];
  for (const entry of entries) {
    const at = timeOf(entry);
    const isKept = (...identities: string[]): Promise<boolean> =>
      tombstones.admits({ conversation, identities, at }, options);
    if (!(await isKept(...peopleOf(entry)))) continue;
    const isContent = entry.kind === 'message' || entry.kind === 'edit';
    admitted.push(isContent ? await withoutBuriedReaders(entry, isKept) : entry);
  }
  return admitted;
}

/** A message of somebody else without the buried people whom it names as those it is for, or as who had it sent. */
async function withoutBuriedReaders(
  entry: ContentEntry,
  isKept: (identity: string) => Promise<boolean>,
): Promise<ContentEntry> {
  const { to, sentBy, ...rest } = entry;
  const readers: Person[] = [];
  for (const person of to ?? []) if (await isKept(person.id)) readers.push(person);
  const isSentByKept = sentBy !== undefined && (await isKept(toStaff(sentBy)?.id ?? sentBy));
  return { ...rest, ...(to ? { to: readers } : {}), ...(isSentByKept ? { sentBy } : {}) };
}
