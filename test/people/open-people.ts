import assert from 'node:assert/strict';
import { HttpRequest, type HttpResponseInit } from '@azure/functions';
import { openHolds } from '../../src/shared/erasure/holds.ts';
import { openNameIndex } from '../../src/shared/people/name-index.ts';
import { openDirectory } from '../../src/shared/people/open-directory.ts';
import type { OurEnd } from '../../src/shared/people/people-in-entries.ts';
import { openPeopleIndex } from '../../src/shared/people/people-index.ts';
import { serveConversationsWith } from '../../src/shared/people/serve-conversations-with.ts';
import { servePeople } from '../../src/shared/people/serve-people.ts';
import { postPerson, putPerson, servePerson } from '../../src/shared/people/serve-person.ts';
import type { Container } from '../../src/shared/storage/container.ts';
import type { ConversationKey, TranscriptEntry } from '../../src/shared/transcripts/entry.ts';
import { openTranscripts } from '../../src/shared/transcripts/store.ts';

interface Options {
  newContainer: () => Container;
  ourEnd?: OurEnd;
  clock?: () => Date;
  namesEachPage?: number;
}

export interface PersonTold {
  id: string;
  name?: string;
  names?: string[];
  role: string;
  identities: string[];
  answersFor?: string[];
  channels: string[];
  lastAt?: string;
}

const at = 'http://localhost/api';

/** All that people are made of, and their addresses, on storage of its own. */
export function openPeople({ newContainer, ourEnd, clock = () => new Date(), namesEachPage }: Options) {
  const blobs = newContainer();
  const transcripts = openTranscripts(newContainer(), { segmentBytes: 64 * 1024 ** 2 });
  const people = openPeopleIndex(blobs, { ourEnd });
  const directory = openDirectory(blobs);
  const parts = {
    holds: openHolds(newContainer(), { clock, together: async ({ id }) => [id] }),
    transcripts,
    people,
    directory,
    names: openNameIndex(blobs, { pageSize: namesEachPage }),
    clock,
  };
  const searchPeople = servePeople(parts);
  const searchConversations = serveConversationsWith(parts, async () => assert.fail('with is there'));
  const json = async (answer: Promise<HttpResponseInit>) => (await answer).jsonBody;
  const get = (path: string) =>
    new HttpRequest({ method: 'GET', url: path.startsWith('http') ? path : `${at}${path}` });
  const write = (method: string, id: string, body: unknown) =>
    new HttpRequest({
      method,
      url: `${at}/people${id && `/${id}`}`,
      params: { id },
      body: { string: typeof body === 'string' ? body : JSON.stringify(body) },
    });
  return {
    blobs,
    ...parts,
    async add(key: ConversationKey, ...entries: TranscriptEntry[]) {
      await transcripts.append(key, entries);
      await people.note(key, entries);
    },
    find: (query: string): Promise<{ people: PersonTold[]; nextLink?: string }> =>
      json(searchPeople(get(query.startsWith('http') ? query : `/people?${query}`))),
    conversations: async (query: string): Promise<Record<string, unknown>[]> =>
      (await json(searchConversations(get(`/conversations?${query}`)))).conversations,
    read: (id: string): Promise<PersonTold> =>
      json(servePerson(parts)(new HttpRequest({ method: 'GET', url: `${at}/people/${id}`, params: { id } }))),
    put: (id: string, body: unknown) => putPerson(parts)(write('PUT', id, body)),
    post: (body: unknown) => postPerson(parts)(write('POST', '', body)),
  };
}

/** A message as it stands in a transcript. */
export function message(
  { id: conversation }: ConversationKey,
  sender: { id: string; name?: string },
  minute: number,
  more: { to?: { id: string }[]; sentBy?: string } = {},
): TranscriptEntry {
  const time = new Date(Date.UTC(2026, 10, 23, 9, minute)).toISOString();
  const messageId = `${sender.id}-${minute}`;
  const version = String(Date.parse(time));
  const id = `message:${messageId}:${version}`;
  const common = { conversation, version, at: time, messageId, sender, text: 'Good morning.' };
  return { kind: 'message', id, ...common, ...more };
}
