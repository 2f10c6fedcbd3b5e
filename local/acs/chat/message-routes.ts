import * as z from 'zod';
import type { AcsRequest, AcsResponse, Route } from '../exchange.ts';
import { nextLinkOf, slicePage } from '../http/paging.ts';
import { parseBody } from '../http/parse-body.ts';
import type { MessageActions } from './act-on-messages.ts';
import { type ChatContext, openMessage, openThread, type Place } from './chat-context.ts';
import { describeParticipant, describeUser } from './identifiers.ts';
import { pageSizeOf, startTimeOf } from './paging.ts';
import { forLimited, metadata, perThread, perUserAndThread, userOf } from './route-basics.ts';
import type { Message, ReadReceipt } from './store.ts';

const sendRequest = z.object({
  content: z.string(),
  type: z.enum(['text', 'html']).optional(),
  senderDisplayName: z.string().optional(),
  metadata: metadata.optional(),
});
const updateRequest = z.object({ content: z.string().optional(), metadata: metadata.optional() });
const typingRequest = z.object({ senderDisplayName: z.string().optional() });
const readRequest = z.object({ chatMessageId: z.string() });

/** Messages, read receipts and typing. */
export function messageRoutes(
  context: ChatContext,
  { send, edit, remove, markRead, type, list }: MessageActions,
): Route[] {
  const open = (request: AcsRequest): Place =>
    openThread(context, request.params.threadId ?? '', userOf(request));
  const idOf = ({ params }: AcsRequest): string => params.messageId ?? '';

  const sendMessage = (request: AcsRequest): AcsResponse => {
    const place = open(request);
    return { status: 201, json: { id: send(place, parseBody(request, sendRequest)).id } };
  };
  const listMessages = (request: AcsRequest): AcsResponse => {
    const place = open(request);
    const limit = pageSizeOf(request);
    const after = request.url.searchParams.get('syncState') ?? undefined;
    const [page, more] = list(place, { after, since: startTimeOf(request), limit });
    const last = more ? page.at(-1) : undefined;
    return {
      status: 200,
      json: {
        value: page.map(describeMessage),
        nextLink: last && nextLinkOf(request, { syncState: last.id }),
      },
    };
  };
  const getMessage = (request: AcsRequest): AcsResponse => ({
    status: 200,
    json: describeMessage(openMessage(context, open(request), idOf(request))),
  });
  const updateMessage = (request: AcsRequest): AcsResponse => {
    const place = open(request);
    edit(place, idOf(request), parseBody(request, updateRequest));
    return { status: 204 };
  };
  const deleteMessage = (request: AcsRequest): AcsResponse => {
    remove(open(request), idOf(request));
    return { status: 204 };
  };
  const listReceipts = (request: AcsRequest): AcsResponse => {
    const receipts = context.store.receiptsOf(open(request).thread);
    const { value, nextLink } = slicePage(request, receipts, pageSizeOf(request));
    return { status: 200, json: { value: value.map(describeReceipt), nextLink } };
  };
  const sendReceipt = (request: AcsRequest): AcsResponse => {
    const place = open(request);
    markRead(place, parseBody(request, readRequest).chatMessageId);
    return { status: 200 };
  };
  const sendTyping = (request: AcsRequest): AcsResponse => {
    const place = open(request);
    type(place, parseBody(request, typingRequest).senderDisplayName);
    return { status: 200 };
  };

  const messages = '/chat/threads/:threadId/messages';
  const message = '/chat/threads/:threadId/messages/:messageId';
  const receipts = '/chat/threads/:threadId/readReceipts';
  const typing = '/chat/threads/:threadId/typing';
  const written = () => [perThread(10, 10), perThread(30, 60)];
  const listed = [
    perUserAndThread(50, 10),
    perUserAndThread(200, 60),
    perThread(250, 10),
    perThread(400, 60),
  ];
  const typed = [perUserAndThread(5, 10), perUserAndThread(15, 60)];
  return [
    { ...forLimited, method: 'POST', path: messages, limits: written(), handle: sendMessage },
    { ...forLimited, method: 'GET', path: messages, limits: listed, handle: listMessages },
    { ...forLimited, method: 'GET', path: message, handle: getMessage },
    { ...forLimited, method: 'PATCH', path: message, limits: written(), handle: updateMessage },
    { ...forLimited, method: 'DELETE', path: message, limits: written(), handle: deleteMessage },
    { ...forLimited, method: 'GET', path: receipts, handle: listReceipts },
    { ...forLimited, method: 'POST', path: receipts, handle: sendReceipt },
    { ...forLimited, method: 'POST', path: typing, limits: typed, handle: sendTyping },
  ];
}

function describeMessage({ sender, content, ...message }: Message) {
  const { participants, initiator, ...written } = content;
  return {
    ...message,
    content: {
      ...written,
      participants: participants?.map(describeParticipant),
      initiatorCommunicationIdentifier: initiator && describeUser(initiator),
    },
    senderCommunicationIdentifier: sender && describeUser(sender),
  };
}

function describeReceipt({ sender, chatMessageId, readOn }: ReadReceipt) {
  return { senderCommunicationIdentifier: describeUser(sender), chatMessageId, readOn };
}
