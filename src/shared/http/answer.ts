import type { HttpHandler, HttpRequest, HttpResponseInit, InvocationContext } from '@azure/functions';
import { ParleyError } from '../errors.ts';
import { isStorageFault, storageUnavailable } from '../storage/storage-errors.ts';

type Handler = (request: HttpRequest, context: InvocationContext) => Promise<HttpResponseInit>;

/**
 * Makes a handler whose every failure is an answer `{ error: { code, message } }`: a host that streams never answers
 * for a handler that throws. What is logged names the error, never the text of a request.
 */
export function answer(handler: Handler): HttpHandler {
  return async function answered(request, context) {
    try {
      return await handler(request, context);
    } catch (error) {
      const known = toParleyError(error);
      const cause = known.cause ?? known;
      if (known.status >= 500) context.error(`${known.code}: ${describeError(cause)}`);
      else if (known.status !== 404) context.warn(`${known.status} ${known.code}: ${known.message}`);
      return {
        status: known.status,
        jsonBody: { error: { ...known.details, code: known.code, message: known.message } },
        ...(known.retryable ? { headers: { 'retry-after': String(known.retryAfterSeconds ?? 5) } } : {}),
      };
    }
  };
}

function toParleyError(error: unknown): ParleyError {
  if (error instanceof ParleyError) return error;
  if (isStorageFault(error)) return storageUnavailable(error);
  return new ParleyError('internal', 'Something went wrong inside Parley; its log says what.', {
    cause: error,
  });
}

/** Names, codes and where it happened: messages may carry addresses, ids and what people wrote. */
export function describeError(error: unknown): string {
  if (error instanceof AggregateError) {
    return `${error.errors.length} failures, the first: ${describeError(error.errors[0])}`;
  }
  if (!(error instanceof Error)) return typeof error;
  const code = 'code' in error && typeof error.code === 'string' ? ` ${error.code}` : '';
  const frames = error.stack?.split('\n').filter((line) => /^\s+at /.test(line)) ?? [];
  return [`${error.name}${code}`, ...(isStorageFault(error) ? [] : frames)].join('\n');
}
