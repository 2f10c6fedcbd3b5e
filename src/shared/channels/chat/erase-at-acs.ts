import * as z from 'zod';
import type { AcsClients } from '../../acs/clients.ts';
import type {
  EraseAtProvider,
  ErasedAtProvider,
  ErasureProblem,
  ProviderErasure,
} from '../eraser-at-provider.ts';
import { RateLimited, Refused, toFailure } from './chat-failures.ts';
import { type ChatReader, openChatReader } from './chat-reader.ts';
import { type ErasurePlan, planErasure } from './plan-erasure.ts';

interface Dependencies {
  /** That do not try again by themselves: waiting is left to the erasure. */
  clients: Pick<AcsClients, 'chatAs' | 'identity'>;
  /** Is never deleted: it is ours. */
  serviceUser?: string;
}

/** A thread at a user's, and where reading it goes on. */
const openThread = z.object({ thread: z.string(), from: z.string().optional() });
/** First the messages that are known here, then what the users' threads still have of them, then the users. */
const progress = z.discriminatedUnion('step', [
  z.object({ step: z.literal('messages'), done: z.int() }),
  z.object({
    step: z.literal('threads'),
    user: z.int(),
    from: z.string().optional(),
    /** Of the page of threads that was read last. */
    open: z.array(openThread).optional(),
  }),
  z.object({ step: z.literal('users'), user: z.int() }),
]);
type Progress = z.infer<typeof progress>;

/** What one call has come to so far. */
interface Tally {
  deleted: number;
  problems: ErasureProblem[];
}

/**
 * Deletes somebody's messages in ACS chats, each in the name of its sender, because nobody else may, then the users
 * themselves. What is gone already is fine; a thread that the user has left keeps its messages, and is told.
 */
export function createEraserAtAcs({ clients, serviceUser }: Dependencies): EraseAtProvider {
  return async function eraseAtAcs(erasure, { from, isTimeUp, signal }) {
    const tally: Tally = { deleted: 0, problems: [] };
    const plan = planErasure(erasure, { serviceUser });
    let at = progress.optional().parse(from) ?? first;
    while (!isTimeUp()) {
      try {
        const next = await advance(at, plan, tally, limit(signal));
        if (!next) return tally;
        at = next;
      } catch (error) {
        if (!(error instanceof RateLimited)) throw error;
        return { ...tally, next: at, waitMilliseconds: error.milliseconds } satisfies ErasedAtProvider;
      }
    }
    return { ...tally, next: at };
  };

  /** One request or two. Undefined at the end. */
  async function advance(
    at: Progress,
    plan: ErasurePlan,
    tally: Tally,
    signal: AbortSignal,
  ): Promise<Progress | undefined> {
    if (at.step === 'messages') {
      const message = plan.messages[at.done];
      if (!message) return { step: 'threads', user: 0 };
      await deleteMessage(message, tally, signal);
      return { ...at, done: at.done + 1 };
    }
    const user = plan.users[at.user];
    if (at.step === 'threads')
      return user === undefined ? { step: 'users', user: 0 } : look(at, user, tally, signal);
    if (user === undefined) return undefined;
    await deleteUser(user, tally, signal);
    return { ...at, user: at.user + 1 };
  }

  async function deleteMessage(
    { conversation, messageId, sender }: ProviderErasure['messages'][number],
    tally: Tally,
    signal: AbortSignal,
  ): Promise<void> {
    const status = await attempt(async () => {
      const thread = (await clients.chatAs(sender)).getChatThreadClient(conversation);
      await thread.deleteMessage(messageId, { abortSignal: signal });
    });
    if (status === undefined) tally.deleted += 1;
    else if (status !== 404) {
      note(tally, conversation, `keeps messages whose sender may not delete them any more (${status}).`);
    } else if (!(await isKnown(sender, signal))) {
      note(
        tally,
        conversation,
        'keeps messages whose sender is unknown to the resource: nobody may delete them.',
      );
    }
  }

  /** A message that is not found is gone, or nobody is there to ask for it. */
  async function isKnown(user: string, signal: AbortSignal): Promise<boolean> {
    return (await ask((reader) => reader.threads(undefined, signal), user)) !== undefined;
  }

  /** Reads one page of a thread, or the next page of threads, of a user. */
  async function look(
    at: Extract<Progress, { step: 'threads' }>,
    user: string,
    tally: Tally,
    signal: AbortSignal,
  ): Promise<Progress> {
    const [thread, ...others] = at.open ?? [];
    const nextUser = { step: 'threads', user: at.user + 1 } as const;
    if (!thread) {
      if (at.open && at.from === undefined) return nextUser;
      const threads = await ask((reader) => reader.threads(at.from, signal), user);
      // Nobody can act for a user that the resource does not know, or does not know any more.
      if (!threads) return nextUser;
      const open = threads.values
        .filter(({ deletedOn }) => deletedOn === undefined)
        .map(({ id }) => ({ thread: id }));
      return { ...at, from: threads.next, open };
    }
    const page = await ask((reader) => reader.messages(thread.thread, thread.from, signal), user);
    const theirs = (page?.values ?? []).filter(
      ({ sender, type, deletedOn }) =>
        sender === user && deletedOn === undefined && /^(?:text|html)$/i.test(type),
    );
    for (const { id } of theirs) {
      await deleteMessage({ conversation: thread.thread, messageId: id, sender: user }, tally, signal);
    }
    const rest = page?.next === undefined ? [] : [{ ...thread, from: page.next }];
    return { ...at, open: [...rest, ...others] };
  }

  async function deleteUser(user: string, tally: Tally, signal: AbortSignal): Promise<void> {
    const status = await attempt(async () => {
      await (await clients.identity()).deleteUser({ communicationUserId: user }, { abortSignal: signal });
    });
    if (status !== undefined && status !== 404) {
      note(tally, 'communication users', `one was not deleted: the resource refuses it (${status}).`);
    }
  }

  /** Undefined where the user is not shown it. */
  async function ask<Answer>(
    question: (reader: ChatReader) => Promise<Answer>,
    user: string,
  ): Promise<Answer | undefined> {
    let answer: Answer | undefined;
    await attempt(async () => {
      answer = await question(await openChatReader(clients, user));
    });
    return answer;
  }
}

const first: Progress = { step: 'messages', done: 0 };

/** The status where the service refuses; undefined where it does as it is asked. */
async function attempt(request: () => Promise<void>): Promise<number | undefined> {
  try {
    await request();
    return undefined;
  } catch (error) {
    const failure = toFailure(error);
    if (failure instanceof Refused) return failure.status;
    throw failure;
  }
}

/** Each once in a call, however many messages it is about. */
function note({ problems }: Tally, where: string, reason: string): void {
  if (!problems.some((problem) => problem.where === where && problem.reason === reason)) {
    problems.push({ where, reason });
  }
}

function limit(signal: AbortSignal): AbortSignal {
  return AbortSignal.any([signal, AbortSignal.timeout(30_000)]);
}
