import { z } from 'zod';
import type { HostedFunction } from './check-functions.ts';
import type { HostRequest, HostResponse } from './exchange.ts';
import type { Invoke } from './invoke.ts';
import { type HostKeys, refuseFunctionRequest } from './keys.ts';
import { compileRoute, decodePath, type Route } from './routes.ts';
import type { RpcCookie, RpcHttp } from './rpc-data.ts';

interface HttpFunction {
  hosted: HostedFunction;
  route: Route;
  methods: string[];
  authLevel: string;
}

const triggerSettings = z.object({
  route: z.string().optional(),
  methods: z.array(z.string()).default([]),
  authLevel: z.string().default('anonymous'),
});

/** Serves the HTTP functions of an app; answers `undefined` when none of them fits the request. */
export function createHttpFunctions(
  functions: HostedFunction[],
  routePrefix: string,
  keys: HostKeys | undefined,
  invoke: Invoke,
): (request: HostRequest) => Promise<HostResponse | undefined> {
  const known = functions
    .filter(({ trigger }) => trigger.type === 'httpTrigger')
    .map((hosted) => readHttpFunction(hosted, routePrefix))
    .sort((a, b) => (a.route.precedence < b.route.precedence ? -1 : 1));

  return async function serveHttpFunction(request) {
    for (const { hosted, route, methods, authLevel } of known) {
      if (methods.length > 0 && !methods.includes(request.method)) continue;
      const params = route.match(request.path);
      if (!params) continue;
      const refused = refuseFunctionRequest(request, authLevel, keys);
      return refused ?? runHttpFunction(hosted, request, params, invoke);
    }
    return undefined;
  };
}

function readHttpFunction(hosted: HostedFunction, routePrefix: string): HttpFunction {
  const { route, methods, authLevel } = triggerSettings.parse(hosted.trigger.settings);
  const template = [routePrefix, route ?? hosted.name].filter((part) => part !== '').join('/');
  return {
    hosted,
    route: compileRoute(template),
    methods: methods.map((method) => method.toUpperCase()),
    authLevel: authLevel.toLowerCase(),
  };
}

async function runHttpFunction(
  hosted: HostedFunction,
  request: HostRequest,
  params: Record<string, string>,
  invoke: Invoke,
): Promise<HostResponse> {
  const http: RpcHttp = {
    method: request.method,
    url: request.origin + encodePath(decodePath(request.path)) + request.search,
    nullableHeaders: toNullable(request.headers),
    nullableQuery: toNullable(request.query),
    nullableParams: toNullable(params),
    body: request.body.length > 0 ? { bytes: request.body } : null,
  };
  try {
    const { returnValue } = await invoke(hosted, { http });
    return returnValue?.http ? toResponse(returnValue.http) : { status: 204 };
  } catch {
    // The invocation is in the log; the caller learns as much as on Azure.
    return { status: 500 };
  }
}

// ASP.NET Core writes a path anew from its decoded form: "%3A" becomes ":", "é" becomes "%C3%A9".
function encodePath(path: string): string {
  return path
    .split(/(%2f)/i)
    .map((part, index) => (index % 2 === 1 ? part : encodeURI(part).replace(/[?#]/g, encodeURIComponent)))
    .join('');
}

function toNullable(record: Record<string, string>): Record<string, { value: string }> {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [name, { value }]));
}

function toResponse({ statusCode, headers = {}, cookies = [], body }: RpcHttp): HostResponse {
  const withCookies = cookies.length > 0 ? { ...headers, 'set-cookie': cookies.map(formatCookie) } : headers;
  return { status: Number(statusCode ?? 200), headers: withCookies, body: body?.bytes ?? body?.string ?? '' };
}

function formatCookie(cookie: RpcCookie): string {
  const parts = [`${cookie.name}=${encodeURIComponent(cookie.value ?? '')}`];
  const seconds = cookie.expires?.value?.seconds;
  if (typeof seconds === 'number') parts.push(`expires=${new Date(seconds * 1000).toUTCString()}`);
  if (typeof cookie.maxAge?.value === 'number') parts.push(`max-age=${cookie.maxAge.value}`);
  if (cookie.domain?.value) parts.push(`domain=${cookie.domain.value}`);
  parts.push(`path=${cookie.path?.value ?? '/'}`);
  if (cookie.secure?.value) parts.push('secure');
  const sameSite = cookie.sameSite === 'none' ? undefined : cookie.sameSite?.replace('explicitNone', 'none');
  if (sameSite) parts.push(`samesite=${sameSite}`);
  if (cookie.httpOnly?.value) parts.push('httponly');
  return parts.join('; ');
}
