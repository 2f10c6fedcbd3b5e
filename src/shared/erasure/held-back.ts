import pMap from 'p-map';
import type { Directory } from '../people/directory.ts';
import { conversationPath } from '../transcripts/conversation-path.ts';
import type { ConversationKey } from '../transcripts/entry.ts';
import type { Holds } from './holds.ts';

export interface HeldDependencies {
  holds: Pick<Holds, 'all'>;
  directory: Pick<Directory, 'personOf'>;
}

interface Options {
  signal: AbortSignal;
}

/** Tells whether a hold is on any part of a conversation, or on anybody who is in it: asked for only where it matters. */
export type IsHeld = (
  parts: readonly ConversationKey[],
  identitiesIn: () => Iterable<string> | Promise<Iterable<string>>,
) => Promise<boolean>;

/** Reads the holds that there are now, for questions asked right after. */
export async function readHolds({ holds, directory }: HeldDependencies, options: Options): Promise<IsHeld> {
  const { people, conversations } = await holds.all(options);
  return async (parts, identitiesIn) => {
    if (parts.some((part) => conversations.has(conversationPath(part)))) return true;
    if (people.size === 0) return false;
    const found = await pMap(await identitiesIn(), (identity) => directory.personOf(identity, options), {
      concurrency: 8,
    });
    return found.some((person) => person !== undefined && people.has(person.id));
  };
}
