import type { HttpRequest, HttpResponseInit } from '@azure/functions';
import { ParleyError } from '../errors.ts';
import { nextLink, readCursor, readLimit } from '../http/paging.ts';
import { readPeriod } from '../http/read-time.ts';
import { readChannel } from '../transcripts/serve.ts';
import type { Directory } from './directory.ts';
import { type FoundConversation, findConversations, type Search, walk } from './find-conversations.ts';
import { identitiesOf } from './identities-of.ts';

type Serve = (request: HttpRequest) => Promise<HttpResponseInit>;

type FindDependencies = Parameters<typeof findConversations>[1];
type Dependencies = FindDependencies & { directory: Pick<Directory, 'get'> };

/**
 * `GET /api/conversations?with=&channel=&since=&until=&limit=&cursor=`: the conversations of a person or an identity over
 * all channels, newest first. A request without `with` is for `serveAll`.
 */
export function serveConversationsWith({ directory, ...dependencies }: Dependencies, serveAll: Serve): Serve {
  return async function conversationsWith(request) {
    const text = request.query.get('with');
    if (text !== null) {
      return serveConversationsOf(await identitiesOf(text, directory), dependencies)(request);
    }
    if (request.query.get('since') === null && request.query.get('until') === null) return serveAll(request);
    throw new ParleyError('bad_request', 'since and until need with: name whose conversations you want.');
  };
}

/** The same for whoever has these identities. */
export function serveConversationsOf(
  identities: readonly string[],
  dependencies: FindDependencies,
  { isForThemselves = false } = {},
): Serve {
  return async function conversationsOf(request) {
    const { conversations, next } = await findConversations(
      {
        identities,
        isForThemselves,
        ...readSearch(request),
        limit: readLimit(request, { usual: 100, most: 1_000 }),
      },
      dependencies,
    );
    const link = next ? { nextLink: nextLink(request, next) } : {};
    return { jsonBody: { conversations: conversations.map(toAnswer), ...link } };
  };
}

/** Reads `channel`, `since`, `until` and `cursor`. */
export function readSearch(request: HttpRequest): Pick<Search, 'channel' | 'since' | 'until' | 'from'> {
  return { channel: readChannel(request), ...readPeriod(request), from: readCursor(request, walk) };
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
