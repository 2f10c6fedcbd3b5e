import pMap from 'p-map';
import { parseJson } from '../json.ts';
import { indexName, indexPrefix } from '../people/index-blob.ts';
import { participation } from '../people/participation.ts';
import { type TakingPart, takingPartOf, united } from '../people/taking-part.ts';
import type { Container } from '../storage/container.ts';
import { parseConversationPath } from '../transcripts/conversation-path.ts';
import type { ConversationKey } from '../transcripts/entry.ts';
import type { Together } from '../transcripts/read-together.ts';
import type { Caller } from './caller.ts';
import type { Sight } from './sight.ts';

/** What callers may see. Errors are those of the storage client. */
export interface Access {
  /** One small read for each identity of a person, whether there is such a conversation or not. */
  sightOf(caller: Caller, conversation: ConversationKey, options?: { signal?: AbortSignal }): Promise<Sight>;
  /**
   * The conversation that a path is of, as the name of a blob tells it. Where that is a hash, only what the caller takes part
   * in can be told.
   */
  conversationAt(
    caller: Caller,
    path: string,
    options?: { signal?: AbortSignal },
  ): Promise<ConversationKey | undefined>;
}

interface Dependencies {
  /** The container `people`. */
  people: Pick<Container, 'read'>;
  together: Together;
}

const concurrency = 32;

/** From who takes part where and when, as the index of people has it. */
export function createAccess({ people, together }: Dependencies): Access {
  return {
    async sightOf(caller, conversation, options = {}) {
      if (caller.kind === 'operator') return 'all';
      if (caller.kind === 'nobody') return 'nothing';
      const { identities } = caller;
      const found = await findTakingPart(identities, conversation, options);
      if (found.length === 0) return 'nothing';
      return { identities, periods: united(found.flatMap(({ periods }) => periods)) };
    },
    async conversationAt(caller, path, options = {}) {
      const known = parseConversationPath(path);
      if (known || caller.kind !== 'person') return known;
      const [found] = await readAll(
        caller.identities.map((identity) => indexPrefix(identity) + path),
        options,
      );
      return found?.conversation;
    },
  };

  /** Only mail is stored in parts, and gives no periods: what one part tells is all there is to know. */
  async function findTakingPart(
    identities: readonly string[],
    conversation: ConversationKey,
    options: { signal?: AbortSignal },
  ): Promise<TakingPart[]> {
    const { channel } = conversation;
    const asked = await readTakingPart(identities, conversation, options);
    if (asked.length > 0) return asked;
    for (const id of await together(conversation, options)) {
      if (id === conversation.id) continue;
      const found = await readTakingPart(identities, { channel, id }, options);
      if (found.length > 0) return found;
    }
    return [];
  }

  function readTakingPart(
    identities: readonly string[],
    conversation: ConversationKey,
    options: { signal?: AbortSignal },
  ): Promise<TakingPart[]> {
    return readAll(
      identities.map((identity) => indexName(identity, conversation)),
      options,
    );
  }

  async function readAll(names: readonly string[], options: { signal?: AbortSignal }): Promise<TakingPart[]> {
    const blobs = await pMap(names, (name) => people.read(name, options), { concurrency });
    return blobs.flatMap((blob) => {
      const known = blob && participation.safeParse(parseJson(blob.text)).data;
      return known ? [takingPartOf(known)] : [];
    });
  }
}
