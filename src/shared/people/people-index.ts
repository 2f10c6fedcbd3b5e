import pMap from 'p-map';
import * as z from 'zod';
import { parseJson } from '../json.ts';
import type { Container } from '../storage/container.ts';
import { conversationPath } from '../transcripts/conversation-path.ts';
import type { ConversationKey, TranscriptEntry } from '../transcripts/entry.ts';
import { fromListing, indexName, indexPrefix, toMetadata } from './index-blob.ts';
import { createKeep } from './keep-joined.ts';
import { earliest, joinParticipations, participation } from './participation.ts';
import { peopleIn } from './people-in-entries.ts';
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
  /** When the conversation was deleted at the provider, if it was: nobody takes part in it after that. */
  deletedAt(conversation: ConversationKey, options?: Options): Promise<string | undefined>;
}

/** Some 20 MB. */
const usuallyRemembered = 30_000;

/** Requests under way at once for one conversation; a batch has up to 32 of these. */
const concurrency = 8;

const deletion = z.object({ at: z.iso.datetime() });

/**
 * Opens the index: `by-identity/<identity>/<channel>/<conversation>` holds a participation, with what a listing has to
 * tell in its metadata, and `deleted/<channel>/<conversation>` when a conversation was deleted. A pair of person and
 * conversation is written once, and again only for what changes it: added, removed, an earlier message, a new name.
 */
export function openPeopleIndex(
  container: Container,
  { mostRemembered = usuallyRemembered }: { mostRemembered?: number } = {},
): PeopleIndex {
  const keepParticipation = createKeep(
    container,
    { schema: participation, join: joinParticipations, toMetadata },
    { mostRemembered },
  );
  const keepDeletion = createKeep(
    container,
    {
      schema: deletion,
      join: ([one, ...more]) => ({ at: earliest([one, ...more].map(({ at }) => at)) ?? one.at }),
      toMetadata: ({ at }) => ({ at }),
    },
    { mostRemembered: Math.min(mostRemembered, 1_000) },
  );

  return {
    async note(conversation, entries, { signal } = {}) {
      const deletions = entries.filter((entry) => entry.kind === 'thread' && entry.change === 'deleted');
      for (const { at } of deletions) {
        await keepDeletion(deletionName(conversation), { at }, { isLikelyNew: true, signal });
      }
      const people = peopleIn(conversation, entries);
      await pMap(
        people,
        (shown) => {
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

function deletionName(conversation: ConversationKey): string {
  return `deleted/${conversationPath(conversation)}`;
}
