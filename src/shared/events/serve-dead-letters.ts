import type { HttpRequest, HttpResponseInit } from '@azure/functions';
import * as z from 'zod';
import { ParleyError } from '../errors.ts';
import { nextLink, readCursor, readLimit } from '../http/paging.ts';
import type { Accepted } from './accept-events.ts';
import type { DeadLetterStore } from './dead-letters.ts';

type Accept = (events: readonly unknown[]) => Promise<Accepted>;

/** `GET /api/dead-letters?limit=&cursor=`: names and reasons, oldest date first. */
export function serveDeadLetters(deadLetters: DeadLetterStore) {
  return async function list(request: HttpRequest): Promise<HttpResponseInit> {
    const limit = readLimit(request, { usual: 50, most: 200 });
    const page = await deadLetters.page({ limit, from: readCursor(request, z.string()) });
    const link = page.next ? { nextLink: nextLink(request, page.next) } : {};
    return { jsonBody: { deadLetters: page.deadLetters, ...link } };
  };
}

/** `GET /api/dead-letters/{date}/{hash}`: the original too. */
export function serveDeadLetter(deadLetters: DeadLetterStore) {
  return async function deadLetter(request: HttpRequest): Promise<HttpResponseInit> {
    const found = await deadLetters.get(`${request.params.date}/${request.params.hash}`);
    if (!found)
      throw new ParleyError('not_found', 'There is no such dead letter. GET /api/dead-letters lists them.');
    return { jsonBody: found };
  };
}

/**
 * `POST /api/dead-letters/replay`: takes each again, as if it had just come, and removes those that are now stored, and
 * those of which nothing may be stored because it was erased.
 */
export function replayDeadLetters(deadLetters: DeadLetterStore, accept: Accept) {
  return async function replay(): Promise<HttpResponseInit> {
    let replayed = 0;
    let left = 0;
    let gone = 0;
    for await (const name of deadLetters.names()) {
      const letter = await deadLetters.get(name);
      if (!letter) continue;
      if (letter.isDamaged) {
        left += 1;
        continue;
      }
      const { deadLettered, forgotten = 0 } = await accept([letter.original]);
      if (deadLettered > 0) {
        left += 1;
        continue;
      }
      await deadLetters.remove(name);
      if (forgotten > 0) gone += 1;
      else replayed += 1;
    }
    return { jsonBody: { replayed, left, ...(gone > 0 ? { forgotten: gone } : {}) } };
  };
}
