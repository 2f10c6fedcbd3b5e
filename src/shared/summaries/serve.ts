import type { HttpRequest, HttpResponseInit } from '@azure/functions';
import pMap from 'p-map';
import { ParleyError } from '../errors.ts';
import { negotiate } from '../http/negotiate.ts';
import { nextLink, readCursor, readLimit } from '../http/paging.ts';
import type { Container } from '../storage/container.ts';
import { type ListingPosition, listFolders, listingPosition } from '../storage/list-folders.ts';
import { readConversationKey } from '../transcripts/conversation-address.ts';
import { conversationPath } from '../transcripts/conversation-path.ts';
import type { DigestStore } from './digest.ts';
import { renderSummary } from './render.ts';
import { renderDigest } from './render-digest.ts';
import { readDate } from './run-night.ts';
import type { SummaryStore } from './store.ts';
import type { Summary } from './summary.ts';

/** At most so many blobs stand in the folder of a conversation. */
const filesEach = 3;

/** `GET /api/summaries?limit=&cursor=`: in key order. */
export function serveSummaries(summaries: SummaryStore, blobs: Container) {
  return async function list(request: HttpRequest): Promise<HttpResponseInit> {
    const limit = readLimit(request, { usual: 50, most: 200 });
    const { paths, next } = await pageOfPaths(blobs, limit, readCursor(request, listingPosition));
    const found = await pMap(paths, (path) => summaries.get(path), { concurrency: 16 });
    const listed = found.flatMap((stored) =>
      stored?.summary
        ? [{ ...stored.summary.conversation, headline: stored.summary.headline, at: stored.summary.at }]
        : [],
    );
    return { jsonBody: { summaries: listed, ...(next ? { nextLink: nextLink(request, next) } : {}) } };
  };
}

/** `GET /api/summaries/{channel}/{id}` as JSON or Markdown. */
export function serveSummary(summaries: SummaryStore) {
  return async function summary(request: HttpRequest): Promise<HttpResponseInit> {
    const stored = await summaries.get(conversationPath(readConversationKey(request)));
    if (!stored?.summary) throw noSummary();
    return answerSummary(request, stored.summary);
  };
}

export function noSummary(): ParleyError {
  return new ParleyError(
    'not_found',
    'There is no summary: the conversation is unknown, has no messages, or no night has run since it began.',
  );
}

/** A summary as JSON or Markdown. */
export function answerSummary(request: HttpRequest, summary: Summary): HttpResponseInit {
  return inEither(request, summary, renderSummary);
}

/** `GET /api/digests/{date}` as JSON, with what became of its mail, or as Markdown. */
export function serveDigest(digests: DigestStore, mailOf: (night: string) => Promise<unknown>) {
  return async function digest(request: HttpRequest): Promise<HttpResponseInit> {
    const night = readDate(request.params.date);
    const found = (await digests.get(night))?.digest;
    if (!found)
      throw new ParleyError('not_found', `There is no digest of ${night}: no night of that date has ended.`);
    const { merged: _, ...told } = found;
    const mail = await mailOf(night);
    return inEither(request, { ...told, ...(mail ? { mail } : {}) }, () => renderDigest(found));
  };
}

async function pageOfPaths(
  blobs: Container,
  limit: number,
  after: ListingPosition | undefined,
): Promise<{ paths: string[]; next?: ListingPosition }> {
  const paths: string[] = [];
  let last = after;
  for await (const { path, blobs: files, position } of listFolders(blobs, {
    after,
    pageSize: filesEach * (limit + 1),
  })) {
    if (!files.some(({ name }) => name.endsWith('/summary.json'))) continue;
    if (paths.length === limit) return last ? { paths, next: last } : { paths };
    paths.push(path);
    last = position;
  }
  return { paths };
}

function inEither<Value>(
  request: HttpRequest,
  value: Value,
  render: (value: Value) => string,
): HttpResponseInit {
  const type = negotiate(request.headers.get('accept'), ['application/json', 'text/markdown']);
  const headers = { vary: 'Accept' };
  return type === 'application/json'
    ? { headers, jsonBody: value }
    : { headers: { ...headers, 'content-type': 'text/markdown; charset=utf-8' }, body: render(value) };
}
