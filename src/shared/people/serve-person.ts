import type { HttpRequest, HttpResponseInit } from '@azure/functions';
import { ParleyError } from '../errors.ts';
import { type DescribeDependencies, describePerson } from './describe-person.ts';
import type { Directory } from './directory.ts';
import { isPersonId, newPersonId } from './person-id.ts';
import { applyTo, readPerson } from './read-person.ts';

interface Dependencies extends DescribeDependencies {
  directory: Pick<Directory, 'get'>;
}

interface ChangeDependencies extends DescribeDependencies {
  directory: Pick<Directory, 'get' | 'change' | 'personOf'>;
  /** Tells of the legal hold on a person, if there is one. */
  holds: { onPerson(personId: string): Promise<unknown> };
}

/** `GET /api/people/{id}`: who somebody is, and what is known of them. */
export function servePerson({ directory, ...dependencies }: Dependencies) {
  return async function person(request: HttpRequest): Promise<HttpResponseInit> {
    const record = await directory.get(readId(request));
    if (!record)
      throw new ParleyError('not_found', 'There is no such person. GET /api/people?name= finds them.');
    return { jsonBody: await describePerson(record, dependencies) };
  };
}

/** `PUT /api/people/{id}`: says who somebody is. What the body leaves out stays; 201 where there was nobody of that id. */
export function putPerson(dependencies: ChangeDependencies) {
  return async function put(request: HttpRequest): Promise<HttpResponseInit> {
    return write(request, readId(request), dependencies);
  };
}

/** `POST /api/people`: the same for somebody new. */
export function postPerson(dependencies: ChangeDependencies) {
  return async function post(request: HttpRequest): Promise<HttpResponseInit> {
    return write(request, newPersonId(), dependencies);
  };
}

async function write(
  request: HttpRequest,
  id: string,
  { directory, holds, ...dependencies }: ChangeDependencies,
): Promise<HttpResponseInit> {
  const body = await readPerson(request);
  if (body.identities) await checkFree(id, body.identities, { directory, holds });
  let isNew = false;
  const record = await directory.change(id, (known) => {
    isNew = known === undefined;
    return applyTo(known, id, body);
  });
  const location = new URL(`/api/people/${id}`, request.url).href;
  return {
    jsonBody: await describePerson(record, dependencies),
    ...(isNew ? { status: 201, headers: { location } } : {}),
  };
}

/** What a legal hold keeps, it keeps by identities: none is taken from somebody who is on hold. */
async function checkFree(
  id: string,
  identities: readonly string[],
  { directory, holds }: Pick<ChangeDependencies, 'directory' | 'holds'>,
): Promise<void> {
  const losing = new Set<string>();
  for (const identity of identities) {
    const holder = await directory.personOf(identity);
    if (holder && holder.id !== id) losing.add(holder.id);
  }
  const known = await directory.get(id);
  if (known?.identities.some((identity) => !identities.includes(identity))) losing.add(id);
  for (const person of losing) {
    if ((await holds.onPerson(person)) === undefined) continue;
    throw new ParleyError(
      'on_hold',
      'This would take an identity from a person who is on a legal hold: `holds` names them. Lift that hold first, at /api/holds.',
      { details: { holds: [{ person }] } },
    );
  }
}

function readId({ params: { id = '' } }: HttpRequest): string {
  if (isPersonId(id)) return id;
  throw new ParleyError('bad_request', "A person's id is p_ and 22 characters, as GET /api/people gives it.");
}
