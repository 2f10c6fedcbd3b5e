import type { InvocationContext } from '@azure/functions';
import { ParleyError } from '../errors.ts';
import type { Directory } from '../people/directory.ts';
import { waysToName } from '../people/identities-of.ts';
import { toIdentity } from '../people/identity.ts';
import { isPersonId } from '../people/person-id.ts';
import type { PersonCaller } from './caller.ts';
import { type KnownCaller, notAllowed } from './for-caller.ts';
import { personCaller } from './person-caller.ts';

interface Dependencies {
  directory: Pick<Directory, 'get' | 'personOf'>;
  log: Pick<InvocationContext, 'log'>;
}

/**
 * The person in whose place an operator asks, named by `text`: the id of a person, or one of their identities. Each use is
 * logged with the name of the operator's key. Throws `not_allowed` for a person, `bad_request`, and `not_found` for a
 * person who is not there.
 */
export async function actAs(
  caller: KnownCaller,
  text: string,
  dependencies: Dependencies,
): Promise<PersonCaller> {
  if (caller.kind !== 'operator')
    throw notAllowed('Only operators may say as whom they ask: leave out "as".');
  const person = await find(text.trim(), dependencies.directory);
  // An identity may be a number or an address: the log says only of which kind.
  const as = person.person ?? `${person.identities[0].split(':')[0]}:…`;
  dependencies.log.log(JSON.stringify({ actingAs: as, operator: caller.name }));
  return person;
}

async function find(text: string, directory: Dependencies['directory']): Promise<PersonCaller> {
  const record = isPersonId(text) ? await directory.get(text) : undefined;
  const identity = isPersonId(text) ? record?.identities[0] : toIdentity(text);
  if (identity !== undefined) return personCaller(identity, directory);
  if (!isPersonId(text))
    throw new ParleyError('bad_request', `as must name a person: ${waysToName}, or a person's id p_….`);
  throw new ParleyError(
    'not_found',
    'There is no such person, or they have no identity. GET /api/people?name= finds people.',
  );
}
