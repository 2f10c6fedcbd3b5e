import type { Directory } from '../people/directory.ts';
import { conversesAs } from '../people/identities-of.ts';
import type { PersonCaller } from './caller.ts';

/** Whose a verified identity is, and so all whose conversations are theirs. Errors are those of the storage client. */
export async function personCaller(
  identity: string,
  directory: Pick<Directory, 'personOf'>,
): Promise<PersonCaller> {
  const record = await directory.personOf(identity);
  if (!record) return { kind: 'person', identities: [identity] };
  const others = conversesAs(record).filter((other) => other !== identity);
  return { kind: 'person', identities: [identity, ...others], person: record.id };
}
