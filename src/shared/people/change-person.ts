import { ParleyError } from '../errors.ts';
import {
  checkFree,
  claimIdentity,
  type Ownership,
  readOwnerships,
  releaseIdentities,
  untilWritten,
} from './claim-identity.ts';
import type { PersonRecord } from './directory.ts';
import { type PersonBlobs, type StoredPerson, storedPerson } from './person-blobs.ts';

/** Makes a person what `make` says: first the record, then the links, last what they had and have no more. */
export function changePerson(
  blobs: PersonBlobs,
  id: string,
  make: (known: PersonRecord | undefined) => PersonRecord,
): Promise<PersonRecord> {
  return untilWritten(async () => {
    const before = await blobs.readPerson(id);
    const claimed = await readOwnerships(blobs, before?.value.identities ?? []);
    // What nobody else has stays, linked or not: another change may be about to link it.
    const kept = claimed.filter(({ owner }) => !owner || owner.value.id === id).map(identityOf);
    const isNobody = !before || (before.value.made && kept.length === 0);
    const wanted = make(isNobody ? undefined : toRecord(before.value, kept));
    const record = storedPerson.parse({ ...wanted, id, identities: [...new Set(wanted.identities)] });
    for (const ownership of await readOwnerships(blobs, record.identities)) checkFree(ownership, id);
    if (!(await blobs.writePerson(record, before))) return undefined;
    await claimAll(blobs, record, before?.value);
    const gone = claimed.map(identityOf).filter((identity) => !record.identities.includes(identity));
    await releaseIdentities(blobs, gone, id);
    return record;
  });
}

/** What others see of a record: the identities are those that are theirs. */
export function toRecord({ made: _, ...stored }: StoredPerson, identities: string[]): PersonRecord {
  return { ...stored, identities };
}

function identityOf({ identity }: Ownership): string {
  return identity;
}

/** One after the other in one order, so that of two who want the same identities one gets all. */
async function claimAll(
  blobs: PersonBlobs,
  record: StoredPerson,
  before: StoredPerson | undefined,
): Promise<void> {
  try {
    for (const identity of record.identities.toSorted()) await claimIdentity(blobs, identity, record.id);
  } catch (error) {
    if (error instanceof ParleyError && error.code === 'identity_taken') {
      await takeBack(blobs, record, before);
    }
    throw error;
  }
}

/** The record as it was, unless somebody else has written since. */
async function takeBack(
  blobs: PersonBlobs,
  record: StoredPerson,
  before: StoredPerson | undefined,
): Promise<void> {
  const now = await blobs.readPerson(record.id);
  if (!now || JSON.stringify(now.value) !== JSON.stringify(record)) return;
  if (before) await blobs.writePerson(before, now);
  else await blobs.removePerson(record.id, now);
  const others = record.identities.filter((identity) => !before?.identities.includes(identity));
  await releaseIdentities(blobs, others, record.id);
}
