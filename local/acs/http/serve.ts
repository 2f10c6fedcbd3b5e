import { authenticate, type Tokens } from '../auth/authenticate.ts';
import {
  AcsError,
  type AcsRequest,
  type AcsResponse,
  type ReceivedRequest,
  type Route,
} from '../exchange.ts';
import { errorResponse } from './error-response.ts';
import { isThisMachine } from './is-this-machine.ts';
import { createRateLimits } from './limit-rates.ts';
import { matchRoute } from './match-route.ts';
import { parseJson } from './parse-json.ts';

interface ServeOptions {
  routes: readonly Route[];
  tokens: Tokens;
  clock: () => Date;
  /** Whether the limits of the routes apply. */
  limits: boolean;
  log: (line: string) => void;
  /** Answers `/emulator` and what lies under it, which is no part of ACS. */
  control?: (request: ReceivedRequest) => Promise<AcsResponse>;
}

/** Answers every request: the emulator's own addresses, else the operation of that path, else an error in ACS's shape. */
export function createServe({ routes, tokens, clock, limits, log, control }: ServeOptions) {
  const refuseAboveRate = createRateLimits(clock);

  return async function serve(received: ReceivedRequest): Promise<AcsResponse> {
    try {
      if (control && /^\/emulator(?![^/?])/.test(received.target)) return await control(received);
      return await answer(received);
    } catch (error) {
      if (error instanceof AcsError) return errorResponse(error);
      log(`error: ${received.method} ${received.target.split('?')[0]}: ${explain(error)}`);
      return errorResponse(
        new AcsError(500, 'InternalServerError', `The emulator failed: ${firstLine(error)}`),
      );
    }
  };

  async function answer(received: ReceivedRequest): Promise<AcsResponse> {
    const { method, target, headers, body } = received;
    const [path = ''] = target.split('?');
    const found = matchRoute(routes, method, path);
    if (!found) throw new AcsError(404, 'NotFound', `The emulator knows no operation at ${path}.`);
    if ('allow' in found) {
      const allow = found.allow.join(', ');
      throw new AcsError(405, 'MethodNotAllowed', `${path} takes ${allow}, not ${method}.`, { allow });
    }
    const { route, params } = found;
    const origin = originOf(headers.host);
    const request: AcsRequest = {
      method,
      url: new URL(target, origin),
      params,
      headers,
      body,
      json: () => parseJson(body, dropNull),
      caller: authenticate(received, route, tokens),
      origin,
    };
    checkVersion(route, request.url);
    if (limits) refuseAboveRate(route, request);
    return route.handle(request);
  }
}

/** The resource is always addressed by https, although what arrives here came by http. */
function originOf(host = '127.0.0.1'): string {
  const origin = `${isThisMachine(host) ? 'http' : 'https'}://${host}`;
  if (!URL.canParse(origin)) throw new AcsError(400, 'BadRequest', 'The Host header is no host.');
  return origin;
}

function checkVersion({ versions }: Route, url: URL): void {
  const version = url.searchParams.get('api-version');
  const known = `The emulator knows ${versions.join(', ')} here.`;
  if (!version) {
    throw new AcsError(400, 'MissingApiVersionParameter', `The query has no api-version. ${known}`);
  }
  if (versions.includes(version)) return;
  throw new AcsError(400, 'UnsupportedApiVersion', `The API version '${version}' is not supported. ${known}`);
}

const dropNull = (_key: string, value: unknown): unknown => value ?? undefined;
const explain = (error: unknown): string => (error instanceof Error ? (error.stack ?? '') : String(error));
const firstLine = (error: unknown): string => (error instanceof Error ? error.message : String(error));
