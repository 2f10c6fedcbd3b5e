import { ParleyError } from '../../errors.ts';

/** The service asks for patience. */
export class RateLimited extends Error {
  override readonly name = 'RateLimited';
  readonly milliseconds: number;

  constructor(milliseconds: number) {
    super('The rate limit is reached.');
    this.milliseconds = milliseconds;
  }
}

/** The service will not, whoever asks again: the user or thread is unknown, or the user takes no part. */
export class Refused extends Error {
  override readonly name = 'Refused';
  readonly status: number;

  constructor(status: number) {
    super(`The service answered ${status}.`);
    this.status = status;
  }
}

const usualWait = 10_000;
const longestWait = 10 * 60_000;

/** What a failed request to the chat or identity service comes to. */
export function toFailure(error: unknown): Error {
  if (error instanceof ParleyError) return error;
  const { status, header } = statusOf(error);
  if (status === 429) return new RateLimited(waitOf(header));
  if (status === 401) {
    return new ParleyError(
      'provider_refused',
      'Azure Communication Services refuses the key or identity of the app (401): check ACS_CONNECTION_STRING or ACS_ENDPOINT.',
      { cause: error },
    );
  }
  if (status !== undefined && status >= 400 && status < 500 && status !== 408) return new Refused(status);
  return new ParleyError('provider_unavailable', 'Azure Communication Services does not answer.', {
    cause: error,
  });
}

/** By its members: each SDK is bundled with error classes of its own. */
function statusOf(error: unknown): { status?: number; header?: string } {
  if (!(error instanceof Error) || error.name !== 'RestError' || !('statusCode' in error)) return {};
  const status = typeof error.statusCode === 'number' ? error.statusCode : undefined;
  return { status, header: 'response' in error ? retryAfter(error.response) : undefined };
}

function retryAfter(response: unknown): string | undefined {
  if (typeof response !== 'object' || response === null || !('headers' in response)) return undefined;
  const { headers } = response;
  if (typeof headers !== 'object' || headers === null || !('get' in headers)) return undefined;
  const value: unknown = typeof headers.get === 'function' ? headers.get('retry-after') : undefined;
  return typeof value === 'string' ? value : undefined;
}

/** Seconds, or a date. */
function waitOf(header: string | undefined): number {
  if (!header) return usualWait;
  const wait = /^\d+$/.test(header) ? Number(header) * 1_000 : Date.parse(header) - Date.now();
  return Number.isNaN(wait) ? usualWait : Math.min(longestWait, Math.max(1_000, wait));
}
