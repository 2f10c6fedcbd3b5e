import type { HttpRequest } from '@azure/functions';
import type * as z from 'zod';
import { ParleyError } from '../errors.ts';
import { parseJson } from '../json.ts';

/** Reads `limit`: a whole number from 1 to `most`, or `usual` where the request names none. */
export function readLimit(request: HttpRequest, { usual, most }: { usual: number; most: number }): number {
  const text = request.query.get('limit');
  if (text === null) return usual;
  const limit = /^\d{1,9}$/.test(text) ? Number(text) : 0;
  if (limit >= 1 && limit <= most) return limit;
  throw new ParleyError('bad_request', `limit must be a whole number from 1 to ${most}.`);
}

/** Reads `cursor`, which only a `nextLink` of the same address makes. */
export function readCursor<Position>(
  request: HttpRequest,
  schema: z.ZodType<Position>,
): Position | undefined {
  const cursor = request.query.get('cursor');
  if (cursor === null) return undefined;
  const position = schema.safeParse(parseJson(Buffer.from(cursor, 'base64url').toString('utf8')));
  if (position.success) return position.data;
  throw new ParleyError(
    'bad_request',
    'cursor is not one that this address gave out: follow nextLink as it is.',
  );
}

/** The absolute address of the next page: this request's, with its cursor exchanged. */
export function nextLink(request: HttpRequest, position: unknown): string {
  const url = new URL(request.url);
  url.searchParams.delete('code');
  url.searchParams.set('cursor', Buffer.from(JSON.stringify(position), 'utf8').toString('base64url'));
  return url.href;
}
