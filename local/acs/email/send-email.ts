import { createHash, randomUUID } from 'node:crypto';
import type { Emulator } from '../emulator.ts';
import { AcsError, type AcsRequest, type Route } from '../exchange.ts';
import { parseBody } from '../http/parse-body.ts';
import { isGuid } from '../is-guid.ts';
import type { KeptSettings } from '../keep-settings.ts';
import { sortedGuid } from '../sorted-guid.ts';
import type { Collection } from '../state.ts';
import { emailMessage } from './email-message.ts';
import { describeOperation } from './get-operation.ts';
import { keyOf, type SentEmail } from './run-operation.ts';
import { type EmailSettings, emailVersions } from './settings.ts';

interface Options {
  emulator: Emulator;
  settings: KeptSettings<EmailSettings>;
  sent: Collection<SentEmail>;
  runOperation: (id: string) => void;
}

/** A whole request, attachments in base64 included. */
const mostBytes = 10 * 1_024 ** 2;

/**
 * `POST /emails:send`: 202 and an operation to poll. A repeat with the same `Operation-Id` and body is the same operation
 * and sends nothing; with another body it is refused, as Azure's guidelines for long-running operations have it.
 */
export function createSendEmail({ emulator, settings, sent, runOperation }: Options): Route {
  const { state, clock } = emulator;

  function accept(request: AcsRequest, id: string, hash: string): SentEmail {
    const message = parseBody(request, emailMessage);
    const domain = message.senderAddress.split('@')[1]?.toLowerCase() ?? '';
    const { domains, notStartedMilliseconds } = settings.read();
    if (!domains.includes(domain)) {
      throw new AcsError(404, 'DomainNotLinked', 'The specified sender domain has not been linked.');
    }
    const now = clock();
    const mail: SentEmail = {
      id,
      internetMessageId: `<${randomUUID()}@${domain}>`,
      message,
      status: notStartedMilliseconds > 0 ? 'NotStarted' : 'Running',
      deliveries: [],
      sentAt: now.toISOString(),
      order: sortedGuid(now),
      request: hash,
    };
    sent.put(keyOf(id), mail);
    runOperation(keyOf(id));
    return mail;
  }

  return {
    method: 'POST',
    path: '/emails:send',
    caller: 'key',
    versions: emailVersions,
    limits: [
      { most: 30, seconds: 60, key: () => 'resource' },
      { most: 100, seconds: 3_600, key: () => 'resource' },
    ],
    handle(request) {
      if (request.body.length > mostBytes) {
        throw new AcsError(413, 'RequestEntityTooLarge', `The request is larger than ${mostBytes} bytes.`);
      }
      const id = operationIdOf(request);
      const hash = createHash('sha256').update(request.body).digest('hex');
      const mail = state.transaction(() => {
        const known = sent.get(keyOf(id));
        if (known && known.request !== hash) {
          throw new AcsError(400, 'BadRequest', `The Operation-Id ${id} was used for another mail.`);
        }
        return known ?? accept(request, id, hash);
      });
      const { headers, json } = describeOperation(mail, settings.read());
      const version = request.url.searchParams.get('api-version');
      const location = `${request.origin}/emails/operations/${id}?api-version=${version}`;
      return { status: 202, headers: { ...headers, 'operation-location': location }, json };
    },
  };
}

function operationIdOf({ headers }: AcsRequest): string {
  const id = headers['operation-id'];
  if (id === undefined) return randomUUID();
  if (typeof id === 'string' && isGuid(id)) return id;
  throw new AcsError(400, 'BadRequest', 'The header Operation-Id is not a GUID.');
}
