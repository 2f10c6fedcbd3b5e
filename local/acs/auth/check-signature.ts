import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import type { ReceivedRequest } from '../exchange.ts';
import { accessKey } from '../resource.ts';
import { unauthorized } from './unauthorized.ts';

/** How far `x-ms-date` may lie from now. */
const mostSkewMilliseconds = 15 * 60_000;

const mustBeSigned = ['x-ms-date', 'host', 'x-ms-content-sha256'];

/**
 * Checks a request's HMAC; throws `AcsError` 401 that says what is wrong.
 * https://learn.microsoft.com/rest/api/communication/authentication
 */
export function checkSignature({ method, target, headers, body }: ReceivedRequest, now: Date): void {
  const { authorization = '' } = headers;
  if (/^Bearer /i.test(authorization)) {
    throw unauthorized(
      'This operation takes the access key. The emulator knows no Microsoft Entra tokens, and a user token does not do.',
    );
  }
  const [, names, signature] = /^HMAC-SHA256 SignedHeaders=([^&]+)&Signature=(.+)$/.exec(authorization) ?? [];
  if (!names || !signature) {
    throw unauthorized(
      'The request has no header "Authorization: HMAC-SHA256 SignedHeaders=…&Signature=…" made with the access key.',
    );
  }
  const signedHeaders = names.split(';').map((name) => name.trim().toLowerCase());
  const unsigned = mustBeSigned.filter((name) => !signedHeaders.includes(name));
  if (unsigned.length > 0) throw unauthorized(`SignedHeaders lacks ${unsigned.join(', ')}.`);

  // A client whose requests cannot say their host, such as a browser, says it in x-ms-host.
  const values: IncomingHttpHeaders = { ...headers, host: headers['x-ms-host']?.toString() ?? headers.host };
  const missing = signedHeaders.filter((name) => values[name] === undefined);
  if (missing.length > 0) throw unauthorized(`The signed headers ${missing.join(', ')} are missing.`);

  const sentAt = Date.parse(String(values['x-ms-date']));
  if (!(Math.abs(now.getTime() - sentAt) <= mostSkewMilliseconds)) {
    throw unauthorized(
      `x-ms-date "${values['x-ms-date']}" is not within 15 minutes of now, ${now.toUTCString()}.`,
    );
  }
  const contentHash = createHash('sha256').update(body).digest('base64');
  if (!isSame(String(values['x-ms-content-sha256']), contentHash)) {
    throw unauthorized('x-ms-content-sha256 is not the base64 SHA-256 of the body.');
  }
  const signed = signedHeaders.map((name) => values[name]).join(';');
  const expected = createHmac('sha256', Buffer.from(accessKey, 'base64'))
    .update(`${method}\n${target}\n${signed}`)
    .digest('base64');
  if (!isSame(signature, expected)) {
    throw unauthorized(
      'The signature is wrong: another access key was used, or another method, path, query, host or date was signed.',
    );
  }
}

function isSame(given: string, expected: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(expected)];
  return a.length === b.length && timingSafeEqual(a, b);
}
