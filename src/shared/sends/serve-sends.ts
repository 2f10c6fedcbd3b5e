import type { HttpRequest, HttpResponseInit } from '@azure/functions';
import { ParleyError } from '../errors.ts';
import { readConversationKey } from '../transcripts/conversation-address.ts';
import { acceptSend } from './accept-send.ts';
import { callerScope } from './caller-scope.ts';
import type { SendParts } from './carry-out.ts';
import { readIdempotencyKey, readMessage, readOpening } from './read-request.ts';
import type { Send } from './send.ts';

/** `POST /api/conversations/{channel}/{id}/messages`: 202 once it is sent, or sure to be tried again. */
export function serveSend(parts: SendParts) {
  return async function sendMessage(request: HttpRequest): Promise<HttpResponseInit> {
    const { channel, id: conversation } = readConversationKey(request, { behind: 1 });
    const outgoing = await readMessage(request);
    const key = readIdempotencyKey(request);
    const accepted = await acceptSend({ channel, conversation, outgoing, key, caller: callerScope() }, parts);
    return accept(request, accepted);
  };
}

/** `POST /api/conversations/{channel}`: begins a conversation, or joins the one that there is with them. */
export function serveOpening(parts: SendParts) {
  return async function beginConversation(request: HttpRequest): Promise<HttpResponseInit> {
    const channel = request.params.channel ?? '';
    const outgoing = await readOpening(request);
    const key = readIdempotencyKey(request);
    return accept(request, await acceptSend({ channel, outgoing, key, caller: callerScope() }, parts));
  };
}

/** `GET /api/sends/{sendId}`: how far a send has come, for seven days. */
export function serveSendState({ outbox }: Pick<SendParts, 'outbox'>) {
  return async function sendState(request: HttpRequest): Promise<HttpResponseInit> {
    const { sendId = '' } = request.params;
    const send = /^[\da-f-]{36}$/.test(sendId) ? await outbox.read(sendId) : undefined;
    if (!send) throw new ParleyError('not_found', 'There is no such send, or it is more than 7 days old.');
    const { createdAt, tries, nextTryAt, problem } = send;
    const error = problem && { ...problem.details, code: problem.code, message: problem.message };
    return {
      jsonBody: {
        ...describe(send),
        createdAt,
        tries,
        ...(nextTryAt === undefined ? {} : { nextTryAt }),
        ...(error ? { error } : {}),
      },
    };
  };
}

function accept(request: HttpRequest, send: Send): HttpResponseInit {
  const location = new URL(`/api/sends/${send.sendId}`, request.url).href;
  return { status: 202, headers: { location }, jsonBody: describe(send) };
}

function describe({ channel, conversation, sendId, messageId, segments, state }: Send) {
  return {
    conversation: { channel, ...(conversation === undefined ? {} : { id: conversation }) },
    sendId,
    ...(messageId === undefined ? {} : { messageId }),
    ...(segments === undefined ? {} : { segments }),
    status: state === 'failed' ? 'failed' : state === 'intended' ? 'pending' : 'sent',
  };
}
