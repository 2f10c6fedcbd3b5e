import type { HttpRequest, HttpResponseInit } from '@azure/functions';
import pMap from 'p-map';
import * as z from 'zod';
import { ParleyError } from '../errors.ts';
import { nextLink, readCursor, readLimit } from '../http/paging.ts';
import type { Directory } from '../people/directory.ts';
import { identitiesOf } from '../people/identities-of.ts';
import type { PeopleIndex } from '../people/people-index.ts';
import { isPersonId } from '../people/person-id.ts';
import type { KnownCaller } from '../security/for-caller.ts';
import type { Catalogue } from '../summaries/catalogue.ts';
import type { Summary } from '../summaries/summary.ts';
import {
  type FoundItem,
  findActionItems,
  type ItemFilter,
  type ItemPosition,
  isMatch,
  itemPosition,
} from './find-action-items.ts';
import { ownConversations } from './own-conversations.ts';
import { type ReadWholeParts, readWhole } from './read-whole.ts';

interface Dependencies extends ReadWholeParts {
  catalogue: Pick<Catalogue, 'read'>;
  people: Pick<PeopleIndex, 'list'>;
  directory: Pick<Directory, 'get'>;
}

/** How often one request goes through the catalogue at most: what it leaves comes with `nextLink`. */
const mostRounds = 3;
const concurrency = 8;

const dueDate = z.iso.date();
const itemStatus = z.enum(['open', 'done', 'dropped']);

/**
 * `GET /api/action-items?owner=&status=&due=&limit=&cursor=`: what people said they would do, over all conversations, the
 * one that is due first. A person is told those of conversations of which they may see every message.
 */
export function serveActionItems(dependencies: Dependencies) {
  const { catalogue, people, directory } = dependencies;
  return async function actionItems(request: HttpRequest, caller: KnownCaller): Promise<HttpResponseInit> {
    const limit = readLimit(request, { usual: 50, most: 200 });
    let after = readCursor(request, itemPosition);
    const filter = await readFilter(request, caller, directory);
    const wanted = { ...filter, isWanted: await ownConversations(caller, people) };
    const told: unknown[] = [];
    for (let round = 0; round < mostRounds; round += 1) {
      const found = await findActionItems(catalogue.read(), wanted, { after, most: limit });
      const items = await describe(found, filter, caller, dependencies);
      for (const [place, item] of items.entries()) {
        after = positionOf(found[place]) ?? after;
        if (item) told.push(item);
        if (told.length === limit) break;
      }
      if (found.length < limit && told.length < limit) return { jsonBody: { actionItems: told } };
      if (told.length === limit) break;
    }
    return { jsonBody: { actionItems: told, nextLink: nextLink(request, after) } };
  };
}

async function readFilter(
  request: HttpRequest,
  caller: KnownCaller,
  directory: Pick<Directory, 'get'>,
): Promise<ItemFilter> {
  const { query } = request;
  const owner = query.get('owner');
  const status = itemStatus.safeParse(query.get('status') ?? 'open').data;
  const due = query.get('due');
  if (!status) throw new ParleyError('bad_request', 'status must be open, done or dropped.');
  if (due !== null && !dueDate.safeParse(due).success) {
    throw new ParleyError('bad_request', 'due must be a date such as 2026-11-24: the last one that counts.');
  }
  return {
    status,
    ...(owner === null ? {} : { owners: await ownersOf(owner, caller, directory) }),
    ...(due === null ? {} : { dueUntil: due }),
  };
}

/** To a person, somebody who is not there and a stranger are alike: neither owns anything of theirs. */
async function ownersOf(
  owner: string,
  { kind }: KnownCaller,
  directory: Pick<Directory, 'get'>,
): Promise<string[]> {
  const isUnknown = kind === 'person' && isPersonId(owner.trim()) && !(await directory.get(owner.trim()));
  return isUnknown ? [] : identitiesOf(owner, directory, 'owner');
}

/** In their order as the summaries have them now; undefined for those that are not there any more, or not for this caller. */
async function describe(
  found: readonly FoundItem[],
  filter: ItemFilter,
  caller: KnownCaller,
  parts: ReadWholeParts,
) {
  const places = [...new Map(found.map((item) => [item.path, item])).values()];
  const read = await pMap(places, (place) => readWhole(caller, place, parts), { concurrency });
  const summaries = new Map(places.map(({ path }, place) => [path, read[place]]));
  return found.map(({ path, id }) => toAnswer(summaries.get(path), id, filter));
}

function toAnswer(summary: Summary | undefined, id: string, filter: ItemFilter) {
  const item = summary?.actionItems.find((each) => each.id === id);
  if (!summary || !item || !isMatch(item, filter)) return undefined;
  const { owner, due, text, status, messageId } = item;
  const name = summary.participants.find((person) => person.id === owner)?.name;
  return {
    id,
    text,
    ...(owner === undefined ? {} : { owner: { id: owner, ...(name === undefined ? {} : { name }) } }),
    ...(due === undefined ? {} : { due }),
    status,
    conversation: summary.conversation,
    messageId,
    lastAt: summary.period.to,
  };
}

function positionOf(item: FoundItem | undefined): ItemPosition | undefined {
  if (!item) return undefined;
  const { due, lastAt, path, id } = item;
  return { ...(due === undefined ? {} : { due }), lastAt, path, id };
}
