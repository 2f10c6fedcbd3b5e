import pMap from 'p-map';
import { parseJson } from '../json.ts';
import type { Container } from '../storage/container.ts';
import type { ConversationKey } from '../transcripts/entry.ts';
import { readOwnership } from './claim-identity.ts';
import { indexName, indexPrefix } from './index-blob.ts';
import { startGeneration } from './memory.ts';
import { openNameIndex } from './name-index.ts';
import { participation } from './participation.ts';
import { openPersonBlobs } from './person-blobs.ts';

const concurrency = 16;

/**
 * Takes people out of a conversation, and out of everything else where they take part in nothing any more: their names, and
 * the person where nobody said anything of them. Returns how many blobs went.
 */
export type LeaveConversation = (
  identities: Iterable<string>,
  conversation: ConversationKey,
) => Promise<number>;

/** Makes it for a container `people`. */
export function createLeave(container: Container): LeaveConversation {
  const names = openNameIndex(container);
  const persons = openPersonBlobs(container);

  return async function leaveConversation(identities, conversation) {
    const removed = await pMap(new Set(identities), (identity) => leave(identity, conversation), {
      concurrency,
    });
    // In any case: an earlier try may have broken off right before it.
    await startGeneration(container);
    return removed.reduce((total, each) => total + each, 0);
  };

  async function leave(identity: string, conversation: ConversationKey): Promise<number> {
    const removed = Number(await container.remove(indexName(identity, conversation)));
    return removed + (await forgetWhoIsGone(identity));
  }

  async function forgetWhoIsGone(identity: string): Promise<number> {
    if ((await firstOf(identity)) !== undefined) return 0;
    const removed = (await names.removeAll({ identity })) + (await forgetMade(identity));
    // Who came back in between was noted under a name that has just gone.
    const back = await firstOf(identity);
    const stored = back === undefined ? undefined : await container.read(back);
    const known = stored && participation.safeParse(parseJson(stored.text)).data;
    for (const { name } of known?.names ?? []) await names.keep({ identity }, name);
    return removed;
  }

  async function forgetMade(identity: string): Promise<number> {
    const { link, owner } = await readOwnership(persons, identity);
    if (!link || !owner?.value.made || owner.value.role === 'self') return 0;
    if (!(await persons.removeLink(identity, link))) return 0;
    return 1 + Number(await persons.removePerson(owner.value.id, owner));
  }

  async function firstOf(identity: string): Promise<string | undefined> {
    for await (const { blobs } of container.pages({ prefix: indexPrefix(identity), pageSize: 1 })) {
      if (blobs[0]) return blobs[0].name;
    }
    return undefined;
  }
}
