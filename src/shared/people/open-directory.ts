import pMap from 'p-map';
import type { Container } from '../storage/container.ts';
import { changePerson, toRecord } from './change-person.ts';
import { concurrency, readOwnership, untilWritten } from './claim-identity.ts';
import type { Directory, PersonRecord, Role } from './directory.ts';
import { openNameIndex } from './name-index.ts';
import { openPersonBlobs } from './person-blobs.ts';
import { newPersonId } from './person-id.ts';
import { staffPrefix } from './sent-by.ts';

interface Options {
  signal?: AbortSignal;
}

/** Our own identities are few. */
const mostLearnt = 10_000;

/**
 * Opens the directory: `persons/<id>.json` is what a person claims to be, `identities/<identity>.json` decides whose an
 * identity is. A record is written before its links, each of them conditionally; one without the other counts for
 * nothing, so that whatever breaks off between the two leaves no identity with two persons.
 */
export function openDirectory(container: Container): Directory {
  const blobs = openPersonBlobs(container);
  const names = openNameIndex(container);
  const learnt = new Set<string>();

  return {
    get,
    personOf,
    ensure,
    async learnSelf(identity, options) {
      if (learnt.has(identity)) return;
      await untilWritten(() => makeSelf(identity, options));
      if (learnt.size < mostLearnt) learnt.add(identity);
    },
    async change(personId, make) {
      const record = await changePerson(blobs, personId, make);
      if (record.name !== undefined) await names.keep({ person: personId }, record.name);
      return record;
    },
    async remove(personId) {
      const claimed = (await blobs.readPerson(personId))?.value.identities ?? [];
      const unlink = async (identity: string): Promise<void> => {
        const link = await blobs.readLink(identity);
        if (link?.value === personId) await blobs.removeLink(identity, link);
      };
      await pMap(claimed, unlink, { concurrency });
      await names.removeAll({ person: personId });
      await blobs.removePerson(personId);
    },
  };

  async function get(personId: string, options?: Options): Promise<PersonRecord | undefined> {
    const stored = await blobs.readPerson(personId, options);
    if (!stored) return undefined;
    const { made, identities } = stored.value;
    const links = await pMap(identities, (identity) => blobs.readLink(identity, options), { concurrency });
    const theirs = identities.filter((_, place) => links[place]?.value === personId);
    // Whoever was made for an identity that is somebody else's by now is nobody.
    return made && theirs.length === 0 ? undefined : toRecord(stored.value, theirs);
  }

  async function personOf(identity: string, options?: Options): Promise<PersonRecord | undefined> {
    const { owner } = await readOwnership(blobs, identity, options);
    return owner && get(owner.value.id, options);
  }

  function ensure(
    identity: string,
    { role = roleOf(identity), ...options }: Options & { role?: Role } = {},
  ): Promise<PersonRecord> {
    return untilWritten(async () => {
      const { link, owner } = await readOwnership(blobs, identity, options);
      if (owner) return get(owner.value.id, options);
      const id = newPersonId();
      const person = { id, role, identities: [identity] };
      if (!(await blobs.writePerson({ ...person, made: true }, undefined, options))) return undefined;
      if (await blobs.writeLink(identity, id, link, options)) return person;
      await blobs.removePerson(id);
      return undefined;
    });
  }

  /** True once the identity is our own, or what an operator has said that it is; undefined where that was not settled. */
  async function makeSelf(identity: string, options?: Options): Promise<true | undefined> {
    const { owner } = await readOwnership(blobs, identity, options);
    if (!owner) {
      await ensure(identity, { ...options, role: 'self' });
      return undefined;
    }
    const { made, role } = owner.value;
    if (!made || role === 'self') return true;
    return (await blobs.writePerson({ ...owner.value, role: 'self' }, owner, options)) || undefined;
  }
}

/** Who is known by what they sent for us is one of us. */
function roleOf(identity: string): Role {
  return identity.startsWith(staffPrefix) ? 'staff' : 'customer';
}
