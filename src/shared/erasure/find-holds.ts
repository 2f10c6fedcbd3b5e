import type { Directory, PersonRecord } from '../people/directory.ts';
import { listTogether } from '../people/list-together.ts';
import type { PeopleIndex } from '../people/people-index.ts';
import { conversationPath } from '../transcripts/conversation-path.ts';
import type { ConversationKey } from '../transcripts/entry.ts';
import type { Together } from '../transcripts/read-together.ts';
import type { TranscriptStore } from '../transcripts/store.ts';
import type { Held, Holds } from './holds.ts';
import { identitiesOfAll, partsOf } from './parts-of.ts';

interface Dependencies {
  holds: Pick<Holds, 'all'>;
  directory: Pick<Directory, 'get' | 'personOf'>;
  people: Pick<PeopleIndex, 'list'>;
  transcripts: Pick<TranscriptStore, 'readEntries'>;
  together: Together;
}

interface Options {
  signal: AbortSignal;
}

/** So many are told; all of them count. */
const mostTold = 20;

/** Tells which holds stand in the way of erasing something, as far as is known before it is read. */
export function createHoldFinder({ holds, directory, people, transcripts, together }: Dependencies) {
  /** On themselves, on a conversation of theirs, and on whoever they share one with. */
  async function onPerson(person: PersonRecord, options: Options): Promise<Held[]> {
    const held = await holds.all(options);
    if (held.people.has(person.id)) return [{ person: person.id }];
    if (held.people.size + held.conversations.size === 0) return [];
    const found: Held[] = [];
    const theirs = new Set<string>();
    for await (const { conversation } of listTogether(people, person.identities, options)) {
      const path = conversationPath(conversation);
      theirs.add(path);
      if (held.conversations.has(path)) found.push({ conversation });
      if (found.length === mostTold) return found;
    }
    for (const id of held.people) {
      if (await isIn(theirs, id, options)) found.push({ person: id });
      if (found.length === mostTold) return found;
    }
    return found;
  }

  async function isIn(paths: ReadonlySet<string>, personId: string, options: Options): Promise<boolean> {
    const { identities = [] } = (await directory.get(personId, options)) ?? {};
    for await (const { conversation } of listTogether(people, identities, options)) {
      if (paths.has(conversationPath(conversation))) return true;
    }
    return false;
  }

  /** On the conversation, and on whoever is in it. */
  async function onConversation(key: ConversationKey, options: Options): Promise<Held[]> {
    const held = await holds.all(options);
    const parts = await partsOf(key, together, options);
    const [part] = parts.filter((each) => held.conversations.has(conversationPath(each)));
    if (part) return [{ conversation: part }];
    if (held.people.size === 0) return [];
    const found = new Set<string>();
    for (const identity of await identitiesOfAll(parts, transcripts, options)) {
      const id = (await directory.personOf(identity, options))?.id;
      if (id !== undefined && held.people.has(id)) found.add(id);
    }
    return [...found].slice(0, mostTold).map((person) => ({ person }));
  }

  return { onPerson, onConversation };
}
