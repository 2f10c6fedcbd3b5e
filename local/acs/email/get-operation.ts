import { AcsError, type AcsResponse, type Route } from '../exchange.ts';
import type { KeptSettings } from '../keep-settings.ts';
import type { Collection } from '../state.ts';
import { keyOf, type SentEmail } from './run-operation.ts';
import { type EmailSettings, emailVersions } from './settings.ts';

interface Options {
  settings: KeptSettings<EmailSettings>;
  sent: Collection<SentEmail>;
}

/** `GET /emails/operations/{id}`: how far it is, and when to ask again. */
export function createGetOperation({ settings, sent }: Options): Route {
  return {
    method: 'GET',
    path: '/emails/operations/:operationId',
    caller: 'key',
    versions: emailVersions,
    limits: [
      { most: 60, seconds: 60, key: () => 'resource' },
      { most: 200, seconds: 3_600, key: () => 'resource' },
    ],
    handle({ params: { operationId = '' } }) {
      const mail = sent.get(keyOf(operationId));
      if (!mail) throw new AcsError(404, 'NotFound', `There is no operation ${operationId}.`);
      return { status: 200, ...describeOperation(mail, settings.read()) };
    },
  };
}

/** An operation as both routes show it. */
export function describeOperation(
  { id, status, error }: SentEmail,
  { retryAfterSeconds }: EmailSettings,
): Pick<AcsResponse, 'headers' | 'json'> {
  const isOver = status === 'Succeeded' || status === 'Failed';
  return {
    headers: isOver ? {} : { 'retry-after': String(retryAfterSeconds) },
    json: { id, status, ...(error ? { error } : {}) },
  };
}
