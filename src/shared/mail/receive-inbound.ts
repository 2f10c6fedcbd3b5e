import type { HttpRequest, HttpResponseInit } from '@azure/functions';
import { ParleyError } from '../errors.ts';
import { deadline } from '../events/receive-events.ts';
import { readBody } from '../http/read-body.ts';
import { type MailTaker, mailType } from './take-mail.ts';

/** A mail of 30 MB as mail servers count it, before its attachments are encoded. */
const largestMail = 42 * 1024 ** 2;

/**
 * `POST /api/email/inbound`: one raw mail, as the mail gateway got it. Answers 200 only when all of it is durable, 503 when
 * a retry can mend it.
 */
export function receiveInbound(take: MailTaker['take']) {
  return async function inbound(request: HttpRequest): Promise<HttpResponseInit> {
    const signal = AbortSignal.timeout(deadline);
    const [type = ''] = (request.headers.get('content-type') ?? '').split(';');
    if (type.trim().toLowerCase() !== mailType) {
      throw new ParleyError(
        'unsupported_media_type',
        `Send the mail as it is, with Content-Type: ${mailType}.`,
      );
    }
    const raw = await readBody(request, { what: 'A mail', most: largestMail });
    const taken = await take(raw, { signal });
    if (!('conversation' in taken)) return { status: 200, jsonBody: taken };
    const { conversation: id, messageId } = taken;
    return { status: 200, jsonBody: { conversation: { channel: 'email', id }, messageId } };
  };
}
