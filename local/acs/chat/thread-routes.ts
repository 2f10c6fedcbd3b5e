import * as z from 'zod';
import type { Emulator } from '../emulator.ts';
import type { AcsRequest, AcsResponse, Route } from '../exchange.ts';
import { nextLinkOf, slicePage } from '../http/paging.ts';
import { parseBody } from '../http/parse-body.ts';
import { repeatOnce } from '../http/repeat-once.ts';
import type { InvalidParticipant, Newcomer, ThreadActions } from './act-on-threads.ts';
import { type ChatContext, openThread } from './chat-context.ts';
import { describeParticipant, describeUser, identifierRequest, idOf } from './identifiers.ts';
import { pageSizeOf, startTimeOf } from './paging.ts';
import {
  forChat,
  forJoined,
  forLimited,
  metadata,
  perThread,
  perUser,
  perUserAndThread,
  userOf,
} from './route-basics.ts';
import type { Thread } from './store.ts';

const mostMetadataBytes = 1_024;
const contextualMetadata = metadata.refine(
  (pairs) => Buffer.byteLength(Object.entries(pairs).flat().join('')) <= mostMetadataBytes,
  'must not be larger than 1 KB in all.',
);
const retentionPolicy = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('none') }),
  z.object({ kind: z.literal('threadCreationDate'), deleteThreadAfterDays: z.int().min(30).max(90) }),
]);
const participantRequest = z
  .object({
    communicationIdentifier: identifierRequest,
    displayName: z.string().optional(),
    shareHistoryTime: z.iso.datetime({ offset: true }).optional(),
    metadata: contextualMetadata.optional(),
  })
  .transform(
    ({ communicationIdentifier, ...rest }): Newcomer => ({ ...rest, id: idOf(communicationIdentifier) }),
  );
const createRequest = z.object({
  topic: z.string().min(1).max(250),
  participants: z.array(participantRequest).optional(),
  metadata: contextualMetadata.optional(),
  retentionPolicy: retentionPolicy.optional(),
});
const updateRequest = createRequest.omit({ participants: true }).partial();
const addRequest = z.object({ participants: z.array(participantRequest).min(1) });

/** Threads and who takes part in them. */
export function threadRoutes(
  emulator: Emulator,
  context: ChatContext,
  { createThread, deleteThread, updateThread, addParticipants, removeParticipant }: ThreadActions,
): Route[] {
  const { store } = context;
  const open = (request: AcsRequest) => openThread(context, request.params.threadId ?? '', userOf(request));

  const create = repeatOnce(
    emulator,
    (request) => {
      const { participants = [], ...properties } = parseBody(request, createRequest);
      const { thread, invalidParticipants } = createThread(userOf(request), properties, participants);
      return {
        status: 201,
        headers: { location: `${request.origin}/chat/threads/${encodeURIComponent(thread.id)}` },
        json: { chatThread: describeThread(thread), ...describeInvalid(invalidParticipants) },
      };
    },
    { takesAnyId: true },
  );
  const list = (request: AcsRequest): AcsResponse => {
    const limit = pageSizeOf(request);
    const startTime = startTimeOf(request)?.getTime() ?? 0;
    const after = request.url.searchParams.get('syncState') ?? undefined;
    const found = store.threadsOf(userOf(request), { after, limit: limit + 1 });
    const page = found.slice(0, limit);
    const last = found.length > limit ? page.at(-1) : undefined;
    return {
      status: 200,
      json: {
        value: page
          .map(({ thread }) => thread)
          .filter((thread) => latestOf(thread) >= startTime)
          .map(summarize),
        nextLink: last && nextLinkOf(request, { syncState: last.mark }),
      },
    };
  };
  const get = (request: AcsRequest): AcsResponse => ({
    status: 200,
    json: describeThread(open(request).thread),
  });
  const update = (request: AcsRequest): AcsResponse => {
    const { thread, self } = open(request);
    updateThread(self.id, thread, parseBody(request, updateRequest));
    return { status: 204 };
  };
  const remove = (request: AcsRequest): AcsResponse => {
    const { thread, self } = open(request);
    deleteThread(self.id, thread);
    return { status: 204 };
  };
  const listParticipants = (request: AcsRequest): AcsResponse => {
    const participants = store.participantsOf(open(request).thread);
    const { value, nextLink } = slicePage(request, participants, pageSizeOf(request));
    return { status: 200, json: { value: value.map(describeParticipant), nextLink } };
  };
  const add = (request: AcsRequest): AcsResponse => {
    const { thread, self } = open(request);
    const { participants } = parseBody(request, addRequest);
    return { status: 201, json: describeInvalid(addParticipants(self.id, thread, participants)) };
  };
  const removeOne = (request: AcsRequest): AcsResponse => {
    const { thread, self } = open(request);
    removeParticipant(self.id, thread, idOf(parseBody(request, identifierRequest)));
    return { status: 204 };
  };

  const threads = '/chat/threads';
  const thread = '/chat/threads/:threadId';
  const participants = '/chat/threads/:threadId/participants';
  return [
    { ...forChat, method: 'POST', path: threads, limits: [perUser(10, 10)], handle: create },
    { ...forLimited, method: 'GET', path: threads, handle: list },
    { ...forLimited, method: 'GET', path: thread, limits: [perUser(50, 10)], handle: get },
    { ...forChat, method: 'PATCH', path: thread, handle: update },
    { ...forChat, method: 'DELETE', path: thread, handle: remove },
    {
      ...forLimited,
      method: 'GET',
      path: participants,
      limits: [perUserAndThread(10, 10)],
      handle: listParticipants,
    },
    {
      ...forJoined,
      method: 'POST',
      path: `${participants}/::add`,
      limits: [perThread(10, 10), perThread(30, 60)],
      handle: add,
    },
    {
      ...forJoined,
      method: 'POST',
      path: `${participants}/::remove`,
      limits: [perThread(10, 10), perThread(30, 60)],
      handle: removeOne,
    },
  ];
}

function describeThread({ id, topic, createdOn, createdBy, metadata, retentionPolicy }: Thread) {
  const createdByCommunicationIdentifier = describeUser(createdBy);
  return { id, topic, createdOn, createdByCommunicationIdentifier, metadata, retentionPolicy };
}

function summarize({ id, topic, deletedOn, lastMessageReceivedOn }: Thread) {
  return { id, topic, deletedOn, lastMessageReceivedOn };
}

/** When something was last written, in milliseconds. */
function latestOf({ createdOn, lastMessageReceivedOn }: Thread): number {
  return Date.parse(lastMessageReceivedOn ?? createdOn);
}

function describeInvalid(invalidParticipants: InvalidParticipant[]) {
  return invalidParticipants.length > 0 ? { invalidParticipants } : {};
}
