import * as z from 'zod';
import type { AcsClients } from '../../acs/clients.ts';
import { ParleyError } from '../../errors.ts';
import { conversationPath } from '../../transcripts/conversation-path.ts';
import type { TranscriptStore } from '../../transcripts/store.ts';
import type { Advance, Importer } from '../importer.ts';
import { RateLimited, Refused, toFailure } from './chat-failures.ts';
import { type ChatReader, openChatReader } from './chat-reader.ts';
import { type MessagesWork, messagesWork, readMessages } from './import-messages.ts';
import { paces, type TakePlace } from './pace-requests.ts';
import { threadDeletedEntries } from './read-chat-message.ts';

interface Dependencies {
  /** That do not try again by themselves: waiting is left to the import. */
  clients: Pick<AcsClients, 'chatAs' | 'identity'>;
  /** Reads on its behalf wherever it takes part. */
  serviceUser?: string;
  transcripts: Pick<TranscriptStore, 'read' | 'has'>;
  takePlace: TakePlace;
  clock: () => Date;
}

const user = z.string().regex(/^8:acs:[^\s]{1,500}$/);
const thread = z.string().min(1).max(512);
const chatSource = z.union([z.strictObject({ thread, as: user.optional() }), z.strictObject({ user })]);

/** The threads of a user, page by page. */
const threadsWork = z.object({
  step: z.literal('threads'),
  where: z.string(),
  user,
  from: z.string().optional(),
});
/** A thread before anybody is found who sees it. */
const threadWork = z.object({ step: z.literal('thread'), where: z.string(), thread, as: user.optional() });
const chatWork = z.discriminatedUnion('step', [threadsWork, threadWork, messagesWork]);
type ThreadWork = z.infer<typeof threadWork>;

/** Of those who are known to take part, so many are tried. */
const mostCandidates = 20;

/**
 * Imports threads with tokens that the resource issues for participants: `{ thread, as? }` or all threads of `{ user }`.
 * It holds a reader, which cannot write.
 */
export function createChatImporter({
  clients,
  serviceUser,
  transcripts,
  takePlace,
  clock,
}: Dependencies): Importer {
  return {
    async begin(source) {
      const { data } = chatSource.safeParse(source);
      if (!data) {
        throw new ParleyError(
          'bad_request',
          'chat must be { "thread": "19:…", "as": "8:acs:…" }, where "as" may be left out, or { "user": "8:acs:…" }.',
        );
      }
      await clients.identity();
      if ('user' in data) return { step: 'threads', where: data.user, user: data.user };
      return { step: 'thread', where: data.thread, ...data };
    },
    async advance(given, { signal }) {
      const work = chatWork.parse(given);
      try {
        if (work.step === 'threads') return await listThreads(work, signal);
        if (work.step === 'thread') return await openThread(work, signal);
        return await continueThread(work, signal);
      } catch (error) {
        if (!(error instanceof RateLimited)) throw explain(error);
        return { next: work, waitMilliseconds: error.milliseconds };
      }
    },
  };

  async function listThreads(work: z.infer<typeof threadsWork>, signal: AbortSignal): Promise<Advance> {
    pace(`threads ${work.user}`, paces.thread);
    const reader = await read(work.user);
    const page = await attempt(() => reader.threads(work.from, limit(signal)));
    const deleted = page.values.filter(({ deletedOn }) => deletedOn !== undefined);
    const happenings = await Promise.all(
      deleted.map(async ({ id, deletedOn = '' }) => {
        const conversation = { channel: 'chat', id };
        const isKnown = await transcripts.has(conversation, { signal });
        return { conversation, entries: isKnown ? threadDeletedEntries(id, deletedOn) : [] };
      }),
    );
    return {
      happenings,
      readAs: work.user,
      problems: deleted.map(({ id, deletedOn }) => ({ where: id, reason: whyDeleted(deletedOn) })),
      found: page.values
        .filter(({ deletedOn }) => deletedOn === undefined)
        .map(({ id }) => ({ step: 'thread', where: id, thread: id, as: work.user })),
      ...(page.next === undefined ? {} : { next: { ...work, from: page.next } }),
    };
  }

  /** Finds somebody who sees the thread, and what they see of it beside its messages. */
  async function openThread(work: ThreadWork, signal: AbortSignal): Promise<Advance> {
    const candidates = await candidatesFor(work, signal);
    for (const candidate of candidates) {
      pace(`thread ${candidate}`, paces.thread);
      try {
        const reader = await read(candidate);
        const facts = await attempt(() => reader.thread(work.thread, limit(signal)));
        return await beginMessages(work, candidate, reader, facts, signal);
      } catch (error) {
        if (!(error instanceof Refused)) throw error;
      }
    }
    const tried =
      candidates.length > 0 ? candidates.join(', ') : 'anybody, because nobody in it is known here';
    throw new ParleyError(
      'provider_refused',
      `The thread is not shown to ${tried}: it is deleted, or they take no part. Name a participant in "as".`,
    );
  }

  async function beginMessages(
    work: ThreadWork,
    reading: string,
    reader: ChatReader,
    { topic, createdOn, deletedOn }: Awaited<ReturnType<ChatReader['thread']>>,
    signal: AbortSignal,
  ): Promise<Advance> {
    if (deletedOn !== undefined) {
      const conversation = { channel: 'chat', id: work.thread };
      return {
        happenings: [{ conversation, entries: threadDeletedEntries(work.thread, deletedOn) }],
        problems: [{ where: work.thread, reason: whyDeleted(deletedOn) }],
        readAs: reading,
      };
    }
    pace(`members ${reading} ${work.thread}`, paces.members);
    const members = await attempt(() => reader.members(work.thread, limit(signal)));
    const next: MessagesWork = {
      step: 'messages',
      where: work.thread,
      thread: work.thread,
      user: reading,
      createdOn,
      topic,
      members,
      restarts: 0,
    };
    return { next, readAs: reading, problems: whatIsHidden(next) };
  }

  async function continueThread(work: MessagesWork, signal: AbortSignal): Promise<Advance> {
    pace(`messages ${work.user} ${work.thread}`, paces.messages);
    const reader = await read(work.user);
    return readMessages(
      work,
      (from) => attempt(() => reader.messages(work.thread, from, limit(signal))),
      clock(),
    );
  }

  async function candidatesFor({ as, thread: id }: ThreadWork, signal: AbortSignal): Promise<string[]> {
    if (as !== undefined) return [as];
    const known = await transcripts.read(conversationPath({ channel: 'chat', id }), { signal });
    const participants = (known?.conversation.participants ?? [])
      .map((participant) => participant.id)
      .filter((participant) => participant.startsWith('8:acs:'));
    const candidates = new Set([...(serviceUser === undefined ? [] : [serviceUser]), ...participants]);
    return [...candidates].slice(0, mostCandidates);
  }

  function pace(key: string, limits: Parameters<TakePlace>[1]): void {
    const wait = takePlace(key, limits);
    if (wait > 0) throw new RateLimited(wait);
  }

  function read(as: string): Promise<ChatReader> {
    return attempt(() => openChatReader(clients, as));
  }
}

async function attempt<Value>(request: () => Promise<Value>): Promise<Value> {
  try {
    return await request();
  } catch (error) {
    throw toFailure(error);
  }
}

function explain(error: unknown): unknown {
  if (!(error instanceof Refused)) return error;
  return new ParleyError(
    'provider_refused',
    `Azure Communication Services refuses (${error.status}): the user is unknown, or takes no part any more.`,
  );
}

function limit(signal: AbortSignal): AbortSignal {
  return AbortSignal.any([signal, AbortSignal.timeout(30_000)]);
}

function whyDeleted(deletedOn: string | undefined): string {
  return `was deleted on ${deletedOn}: what it said is only what webhooks brought`;
}

/** What the reader does not see, and who sees more. */
function whatIsHidden({ thread: id, user: reading, createdOn, members }: MessagesWork): Advance['problems'] {
  const sees = (time: string | undefined): string =>
    time === undefined || time < createdOn ? createdOn : time;
  const own = members.find((member) => member.id === reading)?.shareHistoryTime;
  if (sees(own) === createdOn) return [];
  const best = members
    .filter((member) => member.id.startsWith('8:acs:') && member.shareHistoryTime !== undefined)
    .sort((a, b) => (sees(a.shareHistoryTime) < sees(b.shareHistoryTime) ? -1 : 1))[0];
  const isBetter = best && sees(best.shareHistoryTime) < sees(own);
  const hint = isBetter ? ` ${best.id} sees more: import again with that id in "as".` : '';
  return [{ where: id, reason: `what was said before ${own} is not shown to ${reading}.${hint}` }];
}
