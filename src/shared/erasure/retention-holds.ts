import type { Directory } from '../people/directory.ts';
import type { PeopleIndex } from '../people/people-index.ts';
import { conversationPath } from '../transcripts/conversation-path.ts';
import type { Holds } from './holds.ts';

export interface HeldDependencies {
  holds: Pick<Holds, 'all'>;
  directory: Pick<Directory, 'get'>;
  people: Pick<PeopleIndex, 'list'>;
}

/**
 * Makes what tells which conversations are left alone, by their paths: those on hold, and those in which somebody on hold
 * takes or took part, under any of their identities or for a number or address that they answer for. Errors are those of
 * the storage client.
 */
export function createReadHeld({ holds, directory, people }: HeldDependencies) {
  return async function readHeld(options: { signal: AbortSignal }): Promise<ReadonlySet<string>> {
    const held = await holds.all(options);
    const paths = new Set(held.conversations);
    for (const id of held.people) {
      const person = await directory.get(id, options);
      for (const identity of [...(person?.identities ?? []), ...(person?.answersFor ?? [])]) {
        for await (const { conversation } of people.list(identity, options)) {
          paths.add(conversationPath(conversation));
        }
      }
    }
    return paths;
  };
}
