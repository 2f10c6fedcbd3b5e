import { createHash } from 'node:crypto';
import type { Emulator } from '../emulator.ts';
import { AcsError, type AcsRequest, type AcsResponse } from '../exchange.ts';
import { isGuid } from '../is-guid.ts';

interface Options {
  /** Where an operation takes the id alone, and any text as one: chat's createThread calls it an opaque value. */
  takesAnyId?: boolean;
  /** How long after it was first sent a request may still be repeated. */
  trackedMinutes?: number;
}

interface Answered {
  fingerprint: string;
  response: AcsResponse;
}

const imfFixdate = /^[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT$/;

/**
 * Makes an operation repeatable: a request with a `Repeatability-Request-ID` that was answered gets that answer again and
 * has no second effect. Effect and answer are stored in one transaction, so `handle` is synchronous; without the header it
 * just runs. What `handle` refuses is not remembered.
 * https://learn.microsoft.com/rest/api/communication/repeatable-requests
 */
export function repeatOnce(
  { state }: Pick<Emulator, 'state'>,
  handle: (request: AcsRequest) => AcsResponse,
  { takesAnyId = false, trackedMinutes = 5 }: Options = {},
): (request: AcsRequest) => AcsResponse {
  const answers = state.collection<Answered>('repeatable-requests');

  return function handleOnce(request) {
    const id = request.headers['repeatability-request-id'];
    const firstSent = request.headers['repeatability-first-sent'];
    if (id === undefined && firstSent === undefined) return handle(request);
    if (typeof id !== 'string' || !(takesAnyId ? id !== '' : isGuid(id))) {
      throw rejected(400, 'BadRequest', 'Repeatability-Request-ID must be a GUID.');
    }
    if (!takesAnyId || firstSent !== undefined) checkFirstSent(firstSent);

    const key = `${callerOf(request)} ${isGuid(id) ? id.toLowerCase() : id}`;
    const fingerprint = fingerprintOf(request);
    return state.transaction(() => {
      const answered = answers.get(key);
      if (answered && answered.fingerprint !== fingerprint) {
        throw rejected(400, 'BadRequest', 'Another request was sent with this Repeatability-Request-ID.');
      }
      const response = answered?.response ?? handle(request);
      if (!answered) answers.put(key, { fingerprint, response });
      return { ...response, headers: { ...response.headers, 'repeatability-result': 'accepted' } };
    });
  };

  function checkFirstSent(firstSent: string | string[] | undefined): void {
    if (typeof firstSent !== 'string' || !imfFixdate.test(firstSent) || Number.isNaN(Date.parse(firstSent))) {
      const example = 'Mon, 23 Nov 2026 08:00:00 GMT';
      throw rejected(400, 'BadRequest', `Repeatability-First-Sent must be a date such as "${example}".`);
    }
    // Clients name the time of their own clock, whatever time the emulator is set to.
    if (Math.abs(Date.now() - Date.parse(firstSent)) > trackedMinutes * 60_000) {
      throw rejected(
        412,
        'PreconditionFailed',
        `Repeatability-First-Sent is not within ${trackedMinutes} minutes of now.`,
      );
    }
  }
}

function callerOf({ caller }: AcsRequest): string {
  return caller.kind === 'key' ? 'key' : caller.id;
}

function fingerprintOf({ method, url, body }: AcsRequest): string {
  return createHash('sha256').update(`${method} ${url.pathname}\n`).update(body).digest('hex');
}

function rejected(status: number, code: string, message: string): AcsError {
  return new AcsError(status, code, message, { 'repeatability-result': 'rejected' });
}
