import type { HttpRequest, HttpResponseInit } from '@azure/functions';
import { ParleyError } from '../errors.ts';
import { nextLink, readCursor, readLimit } from '../http/paging.ts';
import { describePerson } from './describe-person.ts';
import type { Directory, PersonRecord } from './directory.ts';
import { type FindDependencies, findByName } from './find-people.ts';
import { waysToName } from './identities-of.ts';
import { toIdentity } from './identity.ts';
import { namePosition } from './name-index.ts';
import { searchWords } from './name-words.ts';

interface Dependencies extends FindDependencies {
  directory: Pick<Directory, 'get' | 'personOf' | 'ensure'>;
}

/** `GET /api/people?name=&limit=&cursor=` and `GET /api/people?identity=`: who somebody is, for whoever has only that. */
export function servePeople(dependencies: Dependencies) {
  const { directory, people } = dependencies;

  return async function findPeople(request: HttpRequest): Promise<HttpResponseInit> {
    const name = request.query.get('name');
    const identity = request.query.get('identity');
    if ((name === null) === (identity === null)) {
      throw new ParleyError('bad_request', 'Say whom you look for: name or identity, one of them.');
    }
    if (identity !== null) return { jsonBody: { people: await byIdentity(identity) } };
    const text = readName(name ?? '');
    const limit = readLimit(request, { usual: 20, most: 100 });
    const from = readCursor(request, namePosition);
    const { people: found, next } = await findByName({ text, limit, from }, dependencies);
    return { jsonBody: { people: found, ...(next ? { nextLink: nextLink(request, next) } : {}) } };
  };

  async function byIdentity(text: string) {
    const identity = toIdentity(text);
    if (identity === undefined) throw new ParleyError('bad_request', `identity must be ${waysToName}.`);
    const record = (await directory.personOf(identity)) ?? (await whoTakesPart(identity));
    return record ? [await describePerson(record, dependencies)] : [];
  }

  /** Nobody is made of an identity that was never seen. */
  async function whoTakesPart(identity: string): Promise<PersonRecord | undefined> {
    const [channel] = await people.channels(identity);
    return channel === undefined ? undefined : directory.ensure(identity);
  }
}

function readName(text: string): string {
  if (text.length <= 200 && searchWords(text).length > 0) return text;
  throw new ParleyError('bad_request', 'name must be the beginning of a name, of up to 200 characters.');
}
