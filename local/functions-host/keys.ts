import { createHash, timingSafeEqual } from 'node:crypto';
import { type HostRequest, type HostResponse, queryValue } from './exchange.ts';

/** The keys of a function app: for everything, for HTTP functions, and for the two webhooks. */
export interface HostKeys {
  master: string;
  functionDefault: string;
  eventgrid: string;
  durabletask: string;
}

/** Refuses a request to an HTTP function that lacks its key; `undefined` lets it pass. */
export function refuseFunctionRequest(
  request: HostRequest,
  level: string,
  keys: HostKeys | undefined,
): HostResponse | undefined {
  if (!keys || level === 'anonymous') return undefined;
  const accepted = level === 'admin' ? [keys.master] : [keys.functionDefault, keys.master];
  return accepted.some((key) => carries(request, key)) ? undefined : { status: 401 };
}

/** Refuses a request to a host address (webhook, admin) that has neither the address's own key nor the master key. */
export function refuseHostRequest(
  request: HostRequest,
  key: string | undefined,
  keys: HostKeys | undefined,
): HostResponse | undefined {
  if (!keys || carries(request, keys.master)) return undefined;
  if (key !== undefined && carries(request, key)) return undefined;
  const isKnown = Object.values(keys).some((known) => carries(request, known));
  return isKnown ? { status: 403 } : { status: 401, headers: { 'www-authenticate': 'Bearer' } };
}

function carries(request: HostRequest, key: string): boolean {
  const given = request.headers['x-functions-key'] ?? queryValue(request, 'code') ?? '';
  return timingSafeEqual(digest(given), digest(key));
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
