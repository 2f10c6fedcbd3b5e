import type { IncomingHttpHeaders } from 'node:http';

/** Who signed a request: whoever holds the resource's access key, or a user with a token that the Identity API issued. */
export type Caller = { kind: 'key' } | { kind: 'user'; id: string; scopes: readonly string[] };

/** A request as it came in, before its signature or token is looked at. */
export interface ReceivedRequest {
  method: string;
  /** Path and query exactly as sent: what an access key signs. */
  target: string;
  /** Names in small letters. */
  headers: IncomingHttpHeaders;
  body: Buffer;
}

/** A request after its signature or token was checked. */
export interface AcsRequest {
  method: string;
  /** As the client wrote it; host and scheme are those of `origin`. */
  url: URL;
  /** What stands in the route's `:names`, percent-decoded. */
  params: Readonly<Record<string, string>>;
  headers: IncomingHttpHeaders;
  body: Buffer;
  /** The body as JSON without what is null, which ACS takes as missing; `{}` where it is empty. Throws `AcsError` 400. */
  json(): unknown;
  caller: Caller;
  /** What links in answers must begin with: `https://<host>` as the client addressed it, without a slash at the end. */
  origin: string;
}

export interface AcsResponse {
  status: number;
  headers?: Record<string, string>;
  /** Sent as JSON. */
  json?: unknown;
  /** Sent as it is. */
  bytes?: Buffer;
  /** The connection is broken off, and nothing is sent. */
  isCut?: boolean;
}

/** One operation of a REST description. */
export interface Route {
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /**
   * Such as `/chat/threads/:threadId/messages`. A colon that belongs to the path is doubled where a segment begins with
   * it: `/chat/threads/:threadId/participants/::add`.
   */
  path: string;
  /** Whose signature it takes. */
  caller: Caller['kind'];
  /** A user's token must have one of these scopes. */
  scopes?: readonly string[];
  /** The API versions that it knows; others answer 400 as ACS does. */
  versions: readonly string[];
  /** Rate limits, applied when the emulator was started with them. */
  limits?: readonly RateLimit[];
  handle(request: AcsRequest): AcsResponse | Promise<AcsResponse>;
}

/** At most `most` requests in any `seconds`, counted for each value of `key`; a request without one is not counted. */
export interface RateLimit {
  most: number;
  seconds: number;
  key(request: AcsRequest): string | undefined;
}

/** An answer in the shape of ACS's errors: `{ error: { code, message, target? } }`. */
export class AcsError extends Error {
  override readonly name = 'AcsError';
  readonly status: number;
  readonly code: string;
  readonly headers: Record<string, string>;
  /** The field or parameter that is wrong. */
  readonly target: string | undefined;

  constructor(
    status: number,
    code: string,
    message: string,
    headers: Record<string, string> = {},
    target?: string,
  ) {
    super(message);
    this.status = status;
    this.code = code;
    this.headers = headers;
    this.target = target;
  }
}
