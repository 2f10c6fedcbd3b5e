import pMap from 'p-map';
import { ParleyError } from '../errors.ts';
import { storageUnavailable } from '../storage/storage-errors.ts';
import type { PersonBlobs, Stored, StoredPerson } from './person-blobs.ts';

/** Others were faster so often that it is no race. */
const mostTries = 10;
/** Requests under way at once for one person. */
export const concurrency = 16;

interface Options {
  signal?: AbortSignal;
}

/** Whom an identity is linked to, and the person whose record says the same: without it the link counts for nothing. */
export interface Ownership {
  identity: string;
  link?: Stored<string>;
  owner?: Stored<StoredPerson>;
}

/** An identity is somebody's where its link and their record say so, both. */
export async function readOwnership(
  blobs: PersonBlobs,
  identity: string,
  options?: Options,
): Promise<Ownership> {
  const link = await blobs.readLink(identity, options);
  const owner = link && (await blobs.readPerson(link.value, options));
  const isOwned = owner?.value.identities.includes(identity) ?? false;
  return { identity, ...(link ? { link } : {}), ...(owner && isOwned ? { owner } : {}) };
}

/** In the order of the identities. */
export function readOwnerships(
  blobs: PersonBlobs,
  identities: readonly string[],
  options?: Options,
): Promise<Ownership[]> {
  return pMap(identities, (identity) => readOwnership(blobs, identity, options), { concurrency });
}

/** Throws `identity_taken` where the identity is another person's who is not just that identity. */
export function checkFree({ identity, owner }: Ownership, person: string): void {
  if (!owner || owner.value.id === person || isNothingElse(owner.value)) return;
  const { id } = owner.value;
  // Messages are logged, what is beside them is not.
  throw new ParleyError(
    'identity_taken',
    `An identity, told in \`identity\`, is of person ${id} already. Where they are one and the same, use ${id}; ` +
      `otherwise PUT /api/people/${id} with \`identities\` that leave it out, then send this again.`,
    { details: { person: id, identity } },
  );
}

/**
 * Links an identity to a person whose record names it already. The link is written anew even where it is there, so that
 * nobody who saw the record without it takes it over now. Throws `identity_taken`.
 */
export async function claimIdentity(blobs: PersonBlobs, identity: string, person: string): Promise<void> {
  await untilWritten(async () => {
    const { link, owner } = await readOwnership(blobs, identity);
    checkFree({ identity, owner }, person);
    if (!(await blobs.writeLink(identity, person, link))) return undefined;
    if (owner && owner.value.id !== person) await blobs.removePerson(owner.value.id, owner);
    return true;
  });
}

/** Takes away the links of identities that the person's record does not name any more. */
export async function releaseIdentities(
  blobs: PersonBlobs,
  identities: readonly string[],
  person: string,
): Promise<void> {
  const release = async (identity: string): Promise<void> => {
    const link = await blobs.readLink(identity);
    if (link?.value !== person) return;
    const isNamed = (await blobs.readPerson(person))?.value.identities.includes(identity);
    if (!isNamed) await blobs.removeLink(identity, link);
  };
  await pMap(identities, release, { concurrency });
}

/** Whoever was made for one identity is absorbed by the person whom an operator links it to. */
function isNothingElse({ made, identities }: StoredPerson): boolean {
  return made === true && identities.length === 1;
}

/** Calls `attempt` until it gives something: it lost against somebody else's write where it did not. */
export async function untilWritten<Result>(attempt: () => Promise<Result | undefined>): Promise<Result> {
  for (let tries = 0; tries < mostTries; tries += 1) {
    const result = await attempt();
    if (result !== undefined) return result;
  }
  throw storageUnavailable(new Error('others keep writing about the same person'));
}
