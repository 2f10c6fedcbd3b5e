import * as z from 'zod';
import { isErrorCode, ParleyError } from '../errors.ts';
import { isStorageFault, storageUnavailable } from '../storage/storage-errors.ts';
import type { Send } from './send.ts';

const lockedOut = z.object({ provider: z.object({ status: z.union([z.literal(401), z.literal(403)]) }) });

/** Until the next try, in milliseconds; the timer does not come more often. */
export const shortestWait = 60_000;
const longestWait = 3_600_000;

/** What nothing can mend has failed; everything else, a fault of ours included, is tried again, ever more rarely. */
export function afterFailure(send: Send, error: unknown, now: Date): Partial<Send> {
  const known = toParleyError(error);
  const { code, message, details } = known;
  const problem = { code, message, ...(Object.keys(details).length > 0 ? { details } : {}) };
  if (isRefusal(known) && !(send.tries > 1 && isLockedOut(known))) {
    const told = send.tries > 1 ? { ...problem, message: unsure(message) } : problem;
    return { state: 'failed', problem: told, claim: undefined, nextTryAt: undefined };
  }
  const growing = Math.min(longestWait, shortestWait * 2 ** Math.min(send.tries - 1, 10));
  const wait = Math.max(growing, (known.retryAfterSeconds ?? 0) * 1_000);
  return { problem, claim: undefined, nextTryAt: waitFrom(now, wait) };
}

/** What providers throw is a `ParleyError` already. */
function toParleyError(error: unknown): ParleyError {
  if (error instanceof ParleyError) return error;
  if (isStorageFault(error)) return storageUnavailable(error);
  return new ParleyError('internal', 'Something went wrong on the way; the log says what.', { cause: error });
}

/** What would be refused again, today or tomorrow. */
export function isRefusal(error: unknown): boolean {
  return error instanceof ParleyError && !error.retryable && error.code !== 'internal';
}

/** A key or role that was changed while a send waited is set right by an operator; at the first try the caller is told. */
function isLockedOut({ details }: ParleyError): boolean {
  return lockedOut.safeParse(details).success;
}

/** The failure of a send as an answer. */
export function failureOf({ problem }: Send): ParleyError {
  const code = problem && isErrorCode(problem.code) ? problem.code : 'internal';
  return new ParleyError(code, problem?.message ?? 'It failed.', { details: problem?.details });
}

/** So many milliseconds from now, ISO 8601 UTC. */
export function waitFrom(now: Date, milliseconds: number): string {
  return new Date(now.getTime() + milliseconds).toISOString();
}

function unsure(message: string): string {
  return `${message} An earlier try may have reached the person all the same.`;
}
