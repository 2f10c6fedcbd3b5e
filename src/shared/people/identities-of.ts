import { ParleyError } from '../errors.ts';
import type { Directory, PersonRecord } from './directory.ts';
import { toIdentity } from './identity.ts';
import { isPersonId } from './person-id.ts';

/** By whatever somebody is named in a request. */
export const waysToName =
  'a number in international form such as +15551230001 (the + written %2B in an address), a mail address, ' +
  'or an identity such as 8:acs:…, whatsapp:…, entra:<tenant>/<object id> or staff:Ana';

/**
 * The identities whose conversations `with`, or another parameter of a request, means: one identity, or all of a person, for
 * staff those that they answer for, too. Throws `bad_request`, and `not_found` for a person who is not there.
 */
export async function identitiesOf(
  text: string,
  directory: Pick<Directory, 'get'>,
  parameter = 'with',
): Promise<string[]> {
  if (isPersonId(text.trim())) {
    const person = await directory.get(text.trim());
    if (!person)
      throw new ParleyError('not_found', 'There is no such person. GET /api/people?name= finds them.');
    return conversesAs(person);
  }
  const identity = toIdentity(text);
  if (identity !== undefined) return [identity];
  throw new ParleyError(
    'bad_request',
    `${parameter} must name a person: ${waysToName}, or a person's id p_….`,
  );
}

/** All whose conversations are a person's: their own identities, and for staff those that they answer for. */
export function conversesAs({ role, identities, answersFor = [] }: PersonRecord): string[] {
  return [...new Set([...identities, ...(role === 'staff' ? answersFor : [])])];
}
