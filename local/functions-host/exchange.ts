import type { IncomingMessage, ServerResponse } from 'node:http';

/** A request as the parts of this host see it. */
export interface HostRequest {
  method: string;
  /** As sent, without the query. */
  path: string;
  /** As sent, with its question mark, or empty. */
  search: string;
  query: Record<string, string>;
  /** Lower-case names; repeated ones joined by a comma. */
  headers: Record<string, string>;
  body: Buffer;
  /** `http://` and the Host header. */
  origin: string;
}

/** An answer of this host. */
export interface HostResponse {
  status: number;
  headers?: Record<string, string | string[]>;
  body?: string | Uint8Array;
}

/** An answer with a JSON body, typed as Azure Functions types it. */
export function json(status: number, value: unknown, headers: Record<string, string> = {}): HostResponse {
  const body = JSON.stringify(value);
  return { status, headers: { 'content-type': 'application/json; charset=utf-8', ...headers }, body };
}

/** An answer with a text body. */
export function text(status: number, body: string): HostResponse {
  return { status, headers: { 'content-type': 'text/plain; charset=utf-8' }, body };
}

const droppedBody = 'the body came in chunks; Azure Functions drops such a body';

/** Reads a whole request. A body in chunks is read but arrives empty, as on Azure unless `enableHttpStream` is set. */
export async function readRequest(
  message: IncomingMessage,
  log: (line: string) => void,
): Promise<HostRequest> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of message) chunks.push(chunk);
  const sent = Buffer.concat(chunks);
  const isChunked = message.headers['content-length'] === undefined && sent.length > 0;
  if (isChunked) log(`warning: ${message.method} ${pathOf(message)}: ${droppedBody}`);

  const headers: Record<string, string> = {};
  for (const [name, values = []] of Object.entries(message.headersDistinct)) {
    headers[name] = values.join(name === 'cookie' ? '; ' : ',');
  }
  const url = message.url ?? '/';
  const search = url.includes('?') ? url.slice(url.indexOf('?')) : '';
  return {
    method: message.method ?? 'GET',
    path: pathOf(message),
    search,
    query: parseQuery(search.slice(1)),
    headers,
    body: isChunked ? Buffer.alloc(0) : sent,
    origin: `http://${headers.host ?? 'localhost'}`,
  };
}

function pathOf(message: IncomingMessage): string {
  return (message.url ?? '/').replace(/\?.*$/s, '');
}

// ASP.NET Core: repeated names join by comma, whatever their case; text that cannot be decoded stays as it is.
function parseQuery(search: string): Record<string, string> {
  const query: Record<string, string> = {};
  const names = new Map<string, string>();
  for (const pair of search.split('&').filter((each) => each !== '')) {
    const at = pair.indexOf('=');
    const key = decodeQuery(at < 0 ? pair : pair.slice(0, at));
    const value = at < 0 ? '' : decodeQuery(pair.slice(at + 1));
    const name = names.get(key.toLowerCase()) ?? key;
    names.set(key.toLowerCase(), name);
    query[name] = name in query ? `${query[name]},${value}` : value;
  }
  return query;
}

function decodeQuery(text: string): string {
  const spaced = text.replaceAll('+', ' ');
  try {
    return decodeURIComponent(spaced);
  } catch {
    return spaced;
  }
}

/** The query value of that name, whatever its case. */
export function queryValue(request: HostRequest, name: string): string | undefined {
  return Object.entries(request.query).find(([key]) => key.toLowerCase() === name.toLowerCase())?.[1];
}

/** Sends an answer. */
export function sendResponse(
  response: ServerResponse,
  { status, headers = {}, body = '' }: HostResponse,
): void {
  const bytes = Buffer.from(body);
  const hasBody = status !== 204 && status !== 304;
  for (const [name, value] of Object.entries(headers)) {
    if (!/^(content-length|transfer-encoding|connection)$/i.test(name)) response.setHeader(name, value);
  }
  if (hasBody) response.setHeader('content-length', bytes.length);
  response.writeHead(status);
  response.end(hasBody ? bytes : undefined);
}
