import type { HttpRequest, HttpResponseInit } from '@azure/functions';
import * as z from 'zod';
import { ParleyError } from '../errors.ts';
import { nextLink, readCursor, readLimit } from '../http/paging.ts';
import { readChannel } from '../transcripts/serve.ts';
import type { Directory } from './directory.ts';
import { type FoundConversation, findConversations, walk } from './find-conversations.ts';
import { identitiesOf } from './identities-of.ts';

type Serve = (request: HttpRequest) => Promise<HttpResponseInit>;

type Dependencies = Parameters<typeof findConversations>[1] & { directory: Pick<Directory, 'get'> };

/**
 * `GET /api/conversations?with=&channel=&since=&until=&limit=&cursor=`: the conversations of a person or an identity over
 * all channels, newest first. A request without `with` is for `serveAll`.
 */
export function serveConversationsWith({ directory, ...dependencies }: Dependencies, serveAll: Serve): Serve {
  return async function conversationsWith(request) {
    const text = request.query.get('with');
    const since = readTime(request, 'since', 'T00:00:00.000Z');
    const until = readTime(request, 'until', 'T23:59:59.999Z');
    if (text === null) {
      if (since === undefined && until === undefined) return serveAll(request);
      throw new ParleyError('bad_request', 'since and until need with: name whose conversations you want.');
    }
    if (since !== undefined && until !== undefined && since > until) {
      throw new ParleyError('bad_request', 'since must not be later than until.');
    }
    const { conversations, next } = await findConversations(
      {
        identities: await identitiesOf(text, directory),
        channel: readChannel(request),
        since,
        until,
        limit: readLimit(request, { usual: 100, most: 1_000 }),
        from: readCursor(request, walk),
      },
      dependencies,
    );
    const link = next ? { nextLink: nextLink(request, next) } : {};
    return { jsonBody: { conversations: conversations.map(toAnswer), ...link } };
  };
}

/** An ISO time, or a date, which stands for its beginning or its end. */
function readTime(request: HttpRequest, name: 'since' | 'until', timeOfDay: string): string | undefined {
  const text = request.query.get(name);
  if (text === null) return undefined;
  const time = z.iso.date().safeParse(text).success ? `${text}${timeOfDay}` : text;
  if (z.iso.datetime({ offset: true }).safeParse(time).success) return new Date(time).toISOString();
  throw new ParleyError(
    'bad_request',
    `${name} must be a date such as 2026-11-23 or a time such as 2026-11-23T09:00:00Z.`,
  );
}

/** From the first to the last, as far as they have ended; each period where there is more than one. */
function toAnswer({ conversation, lastChangedAt, periods, addressedFrom, name }: FoundConversation) {
  const first = [addressedFrom, periods[0]?.from].filter((time) => time !== undefined).sort()[0];
  const until = addressedFrom === undefined ? periods.at(-1)?.until : undefined;
  return {
    ...conversation,
    lastChangedAt,
    from: first,
    ...(until === undefined ? {} : { until }),
    ...(periods.length > 1 ? { periods } : {}),
    ...(addressedFrom === undefined ? {} : { addressedFrom }),
    ...(name === undefined ? {} : { name }),
  };
}
