import type { HttpRequest } from '@azure/functions';
import * as z from 'zod';
import { ParleyError } from '../errors.ts';

/**
 * Reads `since` and `until`, ISO times or dates, which stand for their beginning and their end in UTC. Throws `bad_request`,
 * also where the one is later than the other.
 */
export function readPeriod(request: HttpRequest): { since?: string; until?: string } {
  const since = readTime(request, 'since', 'T00:00:00.000Z');
  const until = readTime(request, 'until', 'T23:59:59.999Z');
  if (since === undefined || until === undefined || since <= until) return { since, until };
  throw new ParleyError('bad_request', 'since must not be later than until.');
}

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
