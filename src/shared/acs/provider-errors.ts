import * as z from 'zod';
import { ParleyError } from '../errors.ts';

/** What the SDKs throw, as far as it is read: classes differ between bundles, members do not. */
const sdkError = z.object({
  name: z.string(),
  message: z.string().optional(),
  statusCode: z.number().optional(),
  code: z.unknown().optional(),
  response: z.unknown().optional(),
});
const response = z.object({ headers: z.custom<{ get(name: string): unknown }>(hasGet) });

/** What the provider said when it did not carry out a request. */
export interface Refusal {
  status: number;
  code?: string;
  message?: string;
  /** Header `Retry-After`, seconds or a date. */
  retryAfter?: string;
}

/** Broken connections and deadlines; the identity library's classes are known by the end of their names. */
const passing = [
  'RestError',
  'AbortError',
  'TimeoutError',
  'AuthenticationError',
  'CredentialUnavailableError',
];
const longestWait = 24 * 3_600;

/**
 * Turns what an SDK of the provider threw into what a caller is told: `provider_refused` where no repeat can help,
 * `provider_unavailable` where one may. Anything else is a fault of ours and stays as it is.
 */
export function toProviderError(error: unknown): unknown {
  if (error instanceof ParleyError) return error;
  const known = sdkError.safeParse(error).data;
  if (known?.statusCode !== undefined) {
    return refusalError(
      {
        status: known.statusCode,
        ...(typeof known.code === 'string' ? { code: known.code } : {}),
        message: known.message,
        retryAfter: retryAfterOf(known.response),
      },
      error,
    );
  }
  if (!known || !passing.some((name) => known.name.endsWith(name))) return error;
  return new ParleyError(
    'provider_unavailable',
    'The provider did not answer in time, or cannot be reached. Send the same request again later.',
    { cause: error },
  );
}

/** The same for an answer that an SDK does not throw. */
export function refusalError({ status, code, message, retryAfter }: Refusal, cause?: unknown): ParleyError {
  const provider = {
    status,
    ...(code ? { code } : {}),
    ...(message ? { message: message.slice(0, 1_000) } : {}),
  };
  if (status === 408 || status === 429 || status >= 500) {
    return new ParleyError(
      'provider_unavailable',
      `The provider answered ${status}: it is busy or has a fault. Send the same request again later.`,
      { cause, details: { provider }, retryAfterSeconds: toSeconds(retryAfter) },
    );
  }
  return new ParleyError(
    'provider_refused',
    `The provider answered ${status} and would do so again: \`provider\` says why.`,
    { cause, details: { provider } },
  );
}

/** Runs requests to the provider; what they throw is what a caller is told. */
export async function askProvider<Result>(ask: () => Promise<Result>): Promise<Result> {
  try {
    return await ask();
  } catch (error) {
    throw toProviderError(error);
  }
}

function retryAfterOf(value: unknown): string | undefined {
  const { headers } = response.safeParse(value).data ?? {};
  const milliseconds = Number(headers?.get('retry-after-ms') ?? headers?.get('x-ms-retry-after-ms'));
  if (milliseconds > 0) return String(milliseconds / 1_000);
  const header = headers?.get('retry-after');
  return typeof header === 'string' ? header : undefined;
}

function toSeconds(retryAfter: string | undefined): number | undefined {
  if (!retryAfter) return undefined;
  const seconds = Number(retryAfter);
  const wait = Number.isNaN(seconds) ? (Date.parse(retryAfter) - Date.now()) / 1_000 : seconds;
  return wait > 0 ? Math.min(Math.ceil(wait), longestWait) : undefined;
}

function hasGet(headers: unknown): boolean {
  return (
    typeof headers === 'object' && headers !== null && 'get' in headers && typeof headers.get === 'function'
  );
}
