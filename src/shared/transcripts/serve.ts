import type { HttpRequest, HttpResponseInit } from '@azure/functions';
import * as z from 'zod';
import { ParleyError } from '../errors.ts';
import { negotiate } from '../http/negotiate.ts';
import { nextLink, readCursor, readLimit } from '../http/paging.ts';
import { listingPosition } from '../storage/list-folders.ts';
import { readConversationKey } from './conversation-address.ts';
import { messagePosition, pageOf } from './page.ts';
import type { ReadTogether } from './read-together.ts';
import { renderMarkdown, renderText } from './render.ts';
import type { TranscriptStore } from './store.ts';

const channelName = z.string().regex(/^[a-z]{1,20}$/);

/** `GET /api/conversations?channel=&limit=&cursor=`: conversations in key order. */
export function serveConversations(transcripts: TranscriptStore) {
  return async function conversations(request: HttpRequest): Promise<HttpResponseInit> {
    const limit = readLimit(request, { usual: 100, most: 1_000 });
    const after = readCursor(request, listingPosition);
    const channel = readChannel(request);
    const found: { channel: string; id: string; lastChangedAt: string }[] = [];
    let last = after;
    for await (const { key, lastChangedAt, position } of transcripts.list({
      channel,
      after,
      pageSize: limit + 1,
    })) {
      if (found.length === limit) {
        return { jsonBody: { conversations: found, nextLink: nextLink(request, last) } };
      }
      found.push({ ...key, lastChangedAt });
      last = position;
    }
    return { jsonBody: { conversations: found } };
  };
}

/** `GET /api/conversations/{channel}/{id}?limit=&cursor=&around=`: a page of messages as JSON, plain text or Markdown. */
export function serveConversation(readTogether: ReadTogether) {
  return async function conversation(request: HttpRequest): Promise<HttpResponseInit> {
    const key = readConversationKey(request);
    const type = negotiate(request.headers.get('accept'), [
      'application/json',
      'text/plain',
      'text/markdown',
    ]);
    const limit = readLimit(request, { usual: 200, most: 1_000 });
    const after = readCursor(request, messagePosition);
    const transcript = await readTogether(key);
    if (!transcript) {
      throw new ParleyError(
        'not_found',
        'There is no such conversation. GET /api/conversations lists those there are.',
      );
    }
    const around = request.query.get('around') ?? undefined;
    const page = pageOf(transcript.conversation, { limit, after, around });
    const link = page.next ? nextLink(request, page.next) : undefined;
    const headers = { vary: 'Accept', ...(link ? { link: `<${link}>; rel="next"` } : {}) };
    if (type === 'application/json') {
      const { alsoAs } = transcript;
      const others = alsoAs.length > 0 ? { alsoAs } : {};
      return { headers, jsonBody: { ...page.conversation, ...others, ...(link ? { nextLink: link } : {}) } };
    }
    const render = type === 'text/plain' ? renderText : renderMarkdown;
    return {
      headers: { ...headers, 'content-type': `${type}; charset=utf-8` },
      body: render(page.conversation),
    };
  };
}

/** Reads `channel`; undefined where the request names none. */
export function readChannel(request: HttpRequest): string | undefined {
  const text = request.query.get('channel');
  if (!text) return undefined;
  const channel = channelName.safeParse(text);
  if (channel.success) return channel.data;
  throw new ParleyError('bad_request', 'channel must be a name such as chat, in small letters.');
}
