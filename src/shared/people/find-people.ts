import pMap from 'p-map';
import { type DescribeDependencies, describePerson, type PersonAnswer } from './describe-person.ts';
import type { Directory, PersonRecord } from './directory.ts';
import type { FoundName, NameIndex, NamePosition } from './name-index.ts';
import { isCalled, searchWords } from './name-words.ts';

export interface FindDependencies extends DescribeDependencies {
  directory: Pick<Directory, 'get' | 'ensure'>;
  names: Pick<NameIndex, 'search'>;
  clock: () => Date;
}

export interface FoundPeople {
  people: PersonAnswer[];
  next?: NamePosition;
}

/** A name that many have and a second one that few of them have: looking goes on with the next request. */
const longestSearch = 10_000;
const concurrency = 8;

/**
 * A page of the people with a name, linked or not; one is made of each identity that was nobody's. A person with several
 * such names may come on several pages. A page may have nobody, with `next`.
 */
export async function findByName(
  { text, limit, from }: { text: string; limit: number; from?: NamePosition },
  dependencies: FindDependencies,
): Promise<FoundPeople> {
  const { directory, names, clock } = dependencies;
  const end = clock().getTime() + longestSearch;
  const found = new Map<string, { record: PersonRecord; names: string[] }>();
  for await (const page of names.search(text, { from })) {
    let rest = page.found;
    while (rest.length > 0) {
      const some = rest.slice(0, limit - found.size);
      rest = rest.slice(some.length);
      const records = await pMap(some, whoIs, { concurrency });
      for (const [place, record] of records.entries()) if (record) add(record, some[place]?.name);
      const isEnd = rest.length === 0 && !page.next;
      if (found.size >= limit && !isEnd) return answer(some.at(-1)?.position);
    }
    if (page.next && clock().getTime() >= end) return answer(page.next);
  }
  return answer();

  function add(record: PersonRecord, name = ''): void {
    const known = found.get(record.id);
    if (known) known.names.push(name);
    else found.set(record.id, { record, names: [name] });
  }

  async function answer(next?: NamePosition): Promise<FoundPeople> {
    const people = await pMap(
      found.values(),
      ({ record, names: seen }) => describePerson(record, dependencies, seen),
      { concurrency },
    );
    return { people, ...(next ? { next } : {}) };
  }

  /** Undefined for a name that an operator has taken back. */
  async function whoIs(one: FoundName): Promise<PersonRecord | undefined> {
    if ('identity' in one) return directory.ensure(one.identity);
    const record = await directory.get(one.person);
    return record?.name !== undefined && isCalled(record.name, searchWords(text)) ? record : undefined;
  }
}
