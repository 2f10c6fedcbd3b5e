import pMap from 'p-map';
import * as z from 'zod';
import { parseJson } from '../json.ts';
import type { Container } from '../storage/container.ts';
import { storageUnavailable } from '../storage/storage-errors.ts';
import { conversationPath } from '../transcripts/conversation-path.ts';
import type { ConversationKey } from '../transcripts/entry.ts';
import type { Together } from '../transcripts/read-together.ts';

interface Options {
  signal?: AbortSignal;
}

/** What is held: a person, by `p_…`, or a conversation. */
export type Held = { person: string } | { conversation: ConversationKey };

export interface Hold {
  /** In words for an operator: why it must stay. */
  reason: string;
  /** ISO 8601 UTC. */
  since: string;
}

/** Legal holds: what they are on is neither erased nor swept out. Errors are those of the storage client. */
export interface Holds {
  onPerson(personId: string, options?: Options): Promise<Hold | undefined>;
  /** Of a mail thread that began as several, a hold on any of them. */
  onConversation(conversation: ConversationKey, options?: Options): Promise<Hold | undefined>;
  /** All that is held, for whoever asks of many: ids of people, and paths of `conversationPath`. */
  all(options?: Options): Promise<{ people: ReadonlySet<string>; conversations: ReadonlySet<string> }>;
  /** A hold that is there keeps its `since` and takes the new reason. */
  put(held: Held, reason: string, options?: Options): Promise<{ hold: Hold; isNew: boolean }>;
  /** False where there is no hold. */
  lift(held: Held, options?: Options): Promise<boolean>;
  /** Those on conversations first. */
  list(options: { limit: number; from?: string }): Promise<{ holds: (Held & Hold)[]; next?: string }>;
}

interface Dependencies {
  clock: () => Date;
  together: Together;
}

const stored = z.object({
  reason: z.string(),
  since: z.string(),
  /** The name of the blob does not tell a long id. */
  conversation: z.object({ channel: z.string(), id: z.string() }).optional(),
});
type Stored = z.infer<typeof stored>;

const peopleFolder = 'people/';
const conversationsFolder = 'conversations/';
const mostTries = 32;
const concurrency = 16;

/** Opens the holds of a container: `people/<id>.json` and `conversations/<channel>/<conversation>.json`. */
export function openHolds(container: Container, { clock, together }: Dependencies): Holds {
  const read = async (name: string, options: Options) => {
    const blob = await container.read(name, options);
    // Whatever it says: what is there holds.
    const unreadable: Stored = { reason: '', since: '' };
    return blob && { etag: blob.etag, hold: stored.safeParse(parseJson(blob.text)).data ?? unreadable };
  };

  /** What may be held in the name of this; a new hold is on the first. */
  const placesOf = async (held: Held, options: Options): Promise<readonly [Held, ...Held[]]> => {
    if ('person' in held) return [held];
    const { channel } = held.conversation;
    const [first, ...others] = await together(held.conversation, options);
    return [toConversation(channel, first), ...others.map((id) => toConversation(channel, id))];
  };

  const find = async (places: readonly Held[], options: Options) => {
    for (const held of places) {
      const found = await read(nameOf(held), options);
      if (found) return { held, ...found };
    }
    return undefined;
  };

  const holdOn = async (held: Held, options: Options = {}): Promise<Hold | undefined> => {
    const found = await find(await placesOf(held, options), options);
    return found && { reason: found.hold.reason, since: found.hold.since };
  };

  const toListed = async (name: string): Promise<(Held & Hold)[]> => {
    const found = await read(name, {});
    if (!found) return [];
    const { conversation, ...hold } = found.hold;
    return [conversation ? { conversation, ...hold } : { person: personIn(name), ...hold }];
  };

  /** Of a hold on a conversation: its own path, and those of what is one with it. */
  const pathsOf = async (name: string, options: Options): Promise<string[]> => {
    const own = name.slice(conversationsFolder.length, -'.json'.length);
    const conversation = (await read(name, options))?.hold.conversation;
    const ids = conversation ? await together(conversation, options) : [];
    return [own, ...ids.map((id) => conversationPath({ channel: conversation?.channel ?? '', id }))];
  };

  return {
    onPerson: (person, options) => holdOn({ person }, options),
    onConversation: (conversation, options) => holdOn({ conversation }, options),
    async all(options = {}) {
      const names: string[] = [];
      for await (const { blobs } of container.pages(options)) names.push(...blobs.map(({ name }) => name));
      const paths = await pMap(
        names.filter((name) => name.startsWith(conversationsFolder)),
        (name) => pathsOf(name, options),
        { concurrency },
      );
      const people = names.filter((name) => name.startsWith(peopleFolder)).map(personIn);
      return { people: new Set(people), conversations: new Set(paths.flat()) };
    },
    async put(held, reason, options = {}) {
      for (let tries = 0; tries < mostTries; tries += 1) {
        const places = await placesOf(held, options);
        const known = await find(places, options);
        const place = known?.held ?? places[0];
        const hold = { reason, since: known?.hold.since || clock().toISOString() };
        const body = JSON.stringify('person' in place ? hold : { ...hold, ...place });
        const isWritten = await container.write(nameOf(place), body, {
          contentType: 'application/json',
          replaces: known ? { etag: known.etag } : 'none',
          signal: options.signal,
        });
        if (isWritten) return { hold, isNew: !known };
      }
      throw storageUnavailable(new Error('others keep writing about the same hold'));
    },
    async lift(held, options = {}) {
      const found = await find(await placesOf(held, options), options);
      return found !== undefined && (await container.remove(nameOf(found.held), options));
    },
    async list({ limit, from }) {
      for await (const { blobs, next } of container.pages({ from, pageSize: limit })) {
        const holds = await pMap(blobs, ({ name }) => toListed(name), { concurrency });
        return { holds: holds.flat(), ...(next ? { next } : {}) };
      }
      return { holds: [] };
    },
  };
}

function toConversation(channel: string, id: string): Held {
  return { conversation: { channel, id } };
}

function nameOf(held: Held): string {
  return 'person' in held
    ? `${peopleFolder}${held.person}.json`
    : `${conversationsFolder}${conversationPath(held.conversation)}.json`;
}

function personIn(name: string): string {
  return name.slice(peopleFolder.length, -'.json'.length);
}
