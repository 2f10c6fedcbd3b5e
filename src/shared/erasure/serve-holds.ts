import type { HttpRequest, HttpResponseInit } from '@azure/functions';
import * as z from 'zod';
import { ParleyError } from '../errors.ts';
import { nextLink, readCursor, readLimit } from '../http/paging.ts';
import { parseJson } from '../json.ts';
import { isPersonId } from '../people/person-id.ts';
import { readConversationKey } from '../transcripts/conversation-address.ts';
import type { Held, Holds } from './holds.ts';

interface Dependencies {
  holds: Holds;
  /** Whether there is such a person or conversation: a hold on what is not there would protect nothing. */
  exists: (held: Held) => Promise<boolean>;
}

const holdBody = z.strictObject({ reason: z.string().trim().min(1).max(1_000) });

/** `PUT`, `GET` and `DELETE /api/holds/people/{id}` and `/api/holds/conversations/{channel}/{id}`. */
export function serveHold({ holds, exists }: Dependencies) {
  const serve = async (request: HttpRequest, held: Held): Promise<HttpResponseInit> => {
    if (request.method === 'PUT') {
      const reason = readReason(await request.text());
      if (!(await exists(held))) throw thereIsNone(held);
      const { hold, isNew } = await holds.put(held, reason);
      return { status: isNew ? 201 : 200, jsonBody: { ...held, ...hold } };
    }
    if (request.method === 'DELETE') {
      if (await holds.lift(held)) return { status: 204 };
      throw notHeld();
    }
    const hold =
      'person' in held ? await holds.onPerson(held.person) : await holds.onConversation(held.conversation);
    if (!hold) throw notHeld();
    return { jsonBody: { ...held, ...hold } };
  };
  return {
    person: (request: HttpRequest) => serve(request, { person: readPerson(request) }),
    conversation: (request: HttpRequest) => serve(request, { conversation: readConversationKey(request) }),
  };
}

/** `GET /api/holds?limit=&cursor=`: all that is held, those on conversations first. */
export function serveHolds(holds: Pick<Holds, 'list'>) {
  return async function list(request: HttpRequest): Promise<HttpResponseInit> {
    const limit = readLimit(request, { usual: 50, most: 200 });
    const page = await holds.list({ limit, from: readCursor(request, z.string()) });
    const link = page.next ? { nextLink: nextLink(request, page.next) } : {};
    return { jsonBody: { holds: page.holds, ...link } };
  };
}

function readPerson(request: HttpRequest): string {
  const { id = '' } = request.params;
  if (isPersonId(id)) return id;
  throw new ParleyError(
    'bad_request',
    'The address must end in the id of a person, p_…: GET /api/people?name= finds it.',
  );
}

function readReason(text: string): string {
  const body = holdBody.safeParse(parseJson(text)).data;
  if (body) return body.reason;
  throw new ParleyError(
    'bad_request',
    'The body must be { "reason": "…" }, up to 1,000 characters. Name a case rather than people.',
  );
}

function thereIsNone(held: Held): ParleyError {
  return new ParleyError(
    'not_found',
    'person' in held
      ? 'There is no such person. GET /api/people?name= finds people.'
      : 'There is no such conversation. GET /api/conversations lists those there are.',
  );
}

function notHeld(): ParleyError {
  return new ParleyError('not_found', 'There is no hold on it. GET /api/holds lists those there are.');
}
