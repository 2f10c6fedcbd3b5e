import pMap from 'p-map';
import * as z from 'zod';
import type { Eraser, SweepOptions, Swept } from '../erasers/eraser.ts';
import type { Container } from '../storage/container.ts';
import { untilWritten } from './claim-identity.ts';
import { deletionName, indexPrefix } from './index-blob.ts';
import { createLeave } from './leave-conversation.ts';
import { startGeneration } from './memory.ts';
import { openNameIndex } from './name-index.ts';
import type { OurEnd } from './people-in-entries.ts';
import { namesAny, openPersonBlobs, personsPrefix } from './person-blobs.ts';

const concurrency = 16;

/** Where a sweep stands: identities that are done, then the page of persons. */
const position = z.object({ done: z.int(), page: z.string().optional() });

/**
 * How the container `people` forgets. Of a conversation go the participations in it, and the names of whoever takes part in
 * nothing any more; of a person all participations, names and links, and what records still say of their identities, that
 * of the person included. Processes that remember otherwise find out within a minute.
 */
export function eraserOfPeople(container: Container, { ourEnd }: { ourEnd?: OurEnd } = {}): Eraser {
  const names = openNameIndex(container);
  const persons = openPersonBlobs(container);
  const leave = createLeave(container);

  return {
    store: container.client.containerName,
    async eraseConversation(conversation, { identities }) {
      const ours = ourEnd?.(conversation);
      const everybody = new Set([...identities, ...(ours === undefined ? [] : [ours])]);
      const deletions = Number(await container.remove(deletionName(conversation)));
      return deletions + (await leave(everybody, conversation));
    },
    async sweep({ person, conversations }, options) {
      const from = position.parse(options.from ?? { done: 0 });
      const identities = person?.identities ?? [];
      let removed = 0;
      const end = (next?: z.infer<typeof position>): Swept => ({ removed, ...(next ? { next } : {}) });
      for (const conversation of conversations.filter(({ isWhole }) => isWhole)) {
        removed += Number(await container.remove(deletionName(conversation)));
      }
      for (const [done, identity] of identities.entries()) {
        if (done < from.done) continue;
        const swept = await sweepIdentity(identity, options);
        removed += swept.removed;
        if (!swept.isDone || options.isTimeUp()) {
          await startGeneration(container);
          return end({ done: done + Number(swept.isDone) });
        }
      }
      await startGeneration(container);
      if (identities.length === 0) return end();
      const swept = await sweepPersons(identities, from.page, options);
      removed += swept.removed;
      return end(swept.page === undefined ? undefined : { done: identities.length, page: swept.page });
    },
  };

  async function sweepIdentity(
    identity: string,
    { isTimeUp, signal }: SweepOptions,
  ): Promise<{ removed: number; isDone: boolean }> {
    let removed = 0;
    for await (const { blobs, next } of container.pages({ prefix: indexPrefix(identity), signal })) {
      removed += sum(
        await pMap(blobs, async ({ name }) => Number(await container.remove(name)), { concurrency }),
      );
      if (next !== undefined && isTimeUp()) return { removed, isDone: false };
    }
    removed += await names.removeAll({ identity });
    removed += await untilWritten(async () => {
      const link = await persons.readLink(identity, { signal });
      if (!link) return 0;
      return (await persons.removeLink(identity, link)) ? 1 : undefined;
    });
    return { removed, isDone: true };
  }

  /** Records name an identity that is not theirs where something broke off. */
  async function sweepPersons(
    identities: readonly string[],
    page: string | undefined,
    { isTimeUp, signal }: SweepOptions,
  ): Promise<{ removed: number; page?: string }> {
    let removed = 0;
    for await (const { blobs, next } of container.pages({ prefix: personsPrefix, from: page, signal })) {
      const named = blobs.filter(({ metadata }) => namesAny(metadata, identities));
      removed += sum(await pMap(named, ({ name }) => strike(name, identities), { concurrency }));
      if (next !== undefined && isTimeUp()) return { removed, page: next };
    }
    return { removed };
  }

  /** A record without the identities; one that names no others goes. */
  function strike(blob: string, identities: readonly string[]): Promise<number> {
    const id = blob.slice(personsPrefix.length, -'.json'.length);
    return untilWritten(async () => {
      const stored = await persons.readPerson(id);
      const others = stored?.value.identities.filter((identity) => !identities.includes(identity)) ?? [];
      if (!stored || others.length === stored.value.identities.length) return 0;
      if (others.length === 0) await names.removeAll({ person: id });
      const isStruck =
        others.length > 0
          ? await persons.writePerson({ ...stored.value, identities: others }, stored)
          : await persons.removePerson(id, stored);
      return isStruck ? 1 : undefined;
    });
  }
}

function sum(counts: readonly number[]): number {
  return counts.reduce((total, count) => total + count, 0);
}
