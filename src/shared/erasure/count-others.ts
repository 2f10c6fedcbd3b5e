import type { Directory } from '../people/directory.ts';

/** Stands for all that are ours: service users, numbers, channels, bots. */
const ours = 'ours';

/**
 * Whether at most one person is left of these identities, all of ours being one. Whoever has several identities is one
 * person as far as the directory knows.
 */
export async function isOneAtMost(
  identities: ReadonlySet<string>,
  directory: Pick<Directory, 'personOf'>,
  { isOurs, signal }: { isOurs: (identity: string) => boolean; signal: AbortSignal },
): Promise<boolean> {
  if (identities.size <= 1) return true;
  const people = new Set<string>();
  for (const identity of identities) {
    people.add(isOurs(identity) ? ours : await whoIs(identity, directory, signal));
    if (people.size > 1) return false;
  }
  return true;
}

async function whoIs(
  identity: string,
  directory: Pick<Directory, 'personOf'>,
  signal: AbortSignal,
): Promise<string> {
  const person = await directory.personOf(identity, { signal });
  if (!person) return identity;
  return person.role === 'self' ? ours : person.id;
}
