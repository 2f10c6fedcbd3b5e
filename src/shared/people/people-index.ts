import pMap from 'p-map';
import * as z from 'zod';
import { parseJson } from '../json.ts';
import type { Container } from '../storage/container.ts';
import type { ConversationKey, TranscriptEntry } from '../transcripts/entry.ts';
import { deletionName, fromListing, indexName, indexPrefix, toMetadata } from './index-blob.ts';
import { createKeep } from './keep-joined.ts';
import { listChannels } from './list-channels.ts';
import { createMemory, watchGeneration } from './memory.ts';
import { openNameIndex } from './name-index.ts';
import { createNoteNames } from './note-names.ts';
import { earliest, joinParticipations, participation } from './participation.ts';
import { type OurEnd, peopleIn } from './people-in-entries.ts';
import { type TakingPart, takingPartOf } from './taking-part.ts';

interface Options {
  signal?: AbortSignal;
}

/** Who takes part in which conversation, and when. Errors are those of the storage client. */
export interface PeopleIndex {
  /**
   * Notes whom entries show to take part, in any order and however often. When it returns, that is durable; when it
   * throws, some of it may be: note all again.
   */
  note(conversation: ConversationKey, entries: readonly TranscriptEntry[], options?: Options): Promise<void>;
  /** All that a person takes or took part in, in key order, from a listing alone. */
  list(identity: string, options?: Options & { channel?: string }): AsyncGenerator<TakingPart>;
  /** The channels of all that a person takes or took part in. */
  channels(identity: string, options?: Options): Promise<string[]>;
  /** When the conversation was deleted at the provider, if it was: nobody takes part in it after that. */
  deletedAt(conversation: ConversationKey, options?: Options): Promise<string | undefined>;
}

/** Some 20 MB. */
const usuallyRemembered = 30_000;

/** Requests under way at once for one conversation; a batch has up to 32 of these. */
const concurrency = 8;

const deletion = z.object({ at: z.iso.datetime() });

interface IndexOptions {
  ourEnd?: OurEnd;
  mostRemembered?: number;
  /** True to note all anew, names too: nothing is taken for known. */
  isAnew?: boolean;
  /** How often it is looked whether something was erased, in milliseconds. */
  watchMilliseconds?: number;
}

/**
 * Opens the index: `by-identity/<identity>/<channel>/<conversation>` holds a participation, with what a listing has to
 * tell in its metadata, and `deleted/<channel>/<conversation>` when a conversation was deleted. A pair of person and
 * conversation is written once, and again only for what changes it: added, removed, an earlier message, a new name. A name
 * is in the index of names before a participation has it.
 */
export function openPeopleIndex(
  container: Container,
  { ourEnd, mostRemembered = usuallyRemembered, isAnew = false, watchMilliseconds }: IndexOptions = {},
): PeopleIndex {
  const most = isAnew ? 0 : mostRemembered;
  const memories = {
    participations: createMemory(most),
    names: createMemory(most),
    deletions: createMemory(Math.min(most, 1_000)),
  };
  const watch = watchGeneration(container, Object.values(memories), { milliseconds: watchMilliseconds });

  const noteNames = createNoteNames(openNameIndex(container), memories.names);
  const keepParticipation = createKeep(
    container,
    {
      schema: participation,
      join: joinParticipations,
      toMetadata,
      ...(isAnew ? {} : { prepare: noteNames }),
    },
    memories.participations,
  );
  const keepDeletion = createKeep(
    container,
    {
      schema: deletion,
      join: ([one, ...more]) => ({ at: earliest([one, ...more].map(({ at }) => at)) ?? one.at }),
      toMetadata: ({ at }) => ({ at }),
    },
    memories.deletions,
  );

  return {
    async note(conversation, entries, { signal } = {}) {
      await watch({ signal });
      const deletions = entries.filter((entry) => entry.kind === 'thread' && entry.change === 'deleted');
      for (const { at } of deletions) {
        await keepDeletion(deletionName(conversation), { at }, { isLikelyNew: true, signal });
      }
      const people = peopleIn(conversation, entries, { ourEnd });
      await pMap(
        people,
        async (shown) => {
          if (isAnew) await noteNames(shown, undefined, { signal });
          // Who is announced is most likely new; who writes, most likely known.
          const isLikelyNew = shown.changes.some(({ change }) => change === 'added');
          return keepParticipation(indexName(shown.identity, conversation), shown, { isLikelyNew, signal });
        },
        { concurrency },
      );
    },
    async *list(identity, { channel, signal } = {}) {
      for await (const { blobs } of container.pages({ prefix: indexPrefix(identity, channel), signal })) {
        for (const blob of blobs) {
          const found = fromListing(identity, blob) ?? (await readParticipation(blob.name, signal));
          if (found) yield found;
        }
      }
    },
    channels: (identity, options) => listChannels(container, identity, options),
    async deletedAt(conversation, { signal } = {}) {
      const blob = await container.read(deletionName(conversation), { signal });
      return blob && deletion.safeParse(parseJson(blob.text)).data?.at;
    },
  };

  async function readParticipation(name: string, signal: AbortSignal | undefined) {
    const blob = await container.read(name, { signal });
    const known = blob && participation.safeParse(parseJson(blob.text)).data;
    return known && takingPartOf(known);
  }
}
