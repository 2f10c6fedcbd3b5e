import { AcsError } from '../exchange.ts';
import type { Identity } from '../identity/identity.ts';
import type { MessageActions } from './act-on-messages.ts';
import type { ThreadActions } from './act-on-threads.ts';
import { type ChatContext, existingThread, openThread } from './chat-context.ts';
import { communicationUserId } from './identifiers.ts';

/** Somebody who chats, as a person that tries the emulator names them. */
interface Somebody {
  /** The id of a communication user, `8:acs:…`, which becomes one; or a name such as `joe`, who is one user from then on. */
  from: string;
  /** Display name; where `from` is a name, that one. */
  name?: string;
}

/** What a person does by the control API, without a token. All of it throws `AcsError` as the Chat API does. */
export interface ActAsPerson {
  /** Opens a thread with others, named like `from`; 400 for those that cannot be added. */
  startThread(options: Somebody & { topic?: string; with?: string[] }): { thread: string; from: string };
  /** Writes a message, in a new thread where none is named. */
  say(
    options: Somebody & {
      thread?: string;
      text: string;
      type?: 'text' | 'html';
      topic?: string;
      with?: string[];
    },
  ): { thread: string; from: string; messageId: string };
  /** Whoever created the thread adds a person to it. */
  join(options: Somebody & { thread: string; shareHistoryTime?: string }): { thread: string; from: string };
  leave(options: Somebody & { thread: string }): void;
  edit(options: Somebody & { thread: string; messageId: string; text: string }): void;
  unsay(options: Somebody & { thread: string; messageId: string }): void;
  /** The user that a name stands for, or an id itself; nothing for a name that never did anything. */
  find(from: string): string | undefined;
}

interface Actions {
  threads: ThreadActions;
  messages: MessageActions;
}

export function createPeople(
  context: ChatContext,
  identity: Identity,
  { threads, messages }: Actions,
): ActAsPerson {
  const { state } = context;
  const people = state.collection<string>('chat-people');

  const userOf = (from: string): string => {
    if (communicationUserId.test(from)) {
      identity.ensureUser(from);
      return from;
    }
    if (from.trim() === '' || from.includes(':')) {
      const message = `'${from}' is neither a name nor the id of a communication user, 8:acs:<resource>_<user>.`;
      throw new AcsError(400, 'BadRequest', message, {}, 'from');
    }
    const known = people.get(from);
    if (known && identity.isUser(known)) return known;
    const made = identity.createUser();
    people.put(from, made);
    return made;
  };
  const displayNameOf = ({ from, name }: Somebody): string | undefined =>
    name ?? (communicationUserId.test(from) ? undefined : from);
  const place = (somebody: Somebody & { thread: string }) =>
    openThread(context, somebody.thread, userOf(somebody.from));

  const startThread: ActAsPerson['startThread'] = (options) =>
    state.transaction(() => {
      const { topic = 'Chat', with: others = [] } = options;
      const from = userOf(options.from);
      const newcomers = [options, ...others.map((other): Somebody => ({ from: other }))].map((somebody) => ({
        id: userOf(somebody.from),
        displayName: displayNameOf(somebody),
      }));
      const { thread } = threads.createThread(from, { topic }, newcomers);
      return { thread: thread.id, from };
    });

  return {
    startThread,
    say: (options) =>
      state.transaction(() => {
        const { text, type } = options;
        const thread = options.thread ?? startThread(options).thread;
        const { thread: opened, self } = place({ ...options, thread });
        const senderDisplayName = options.name ?? self.displayName ?? displayNameOf(options);
        const message = messages.send({ thread: opened, self }, { content: text, type, senderDisplayName });
        return { thread, from: self.id, messageId: message.id };
      }),
    join: (options) =>
      state.transaction(() => {
        const thread = existingThread(context, options.thread);
        const id = userOf(options.from);
        const { shareHistoryTime } = options;
        const newcomer = { id, displayName: displayNameOf(options), shareHistoryTime };
        threads.addParticipants(thread.createdBy, thread, [newcomer]);
        return { thread: thread.id, from: id };
      }),
    leave(options) {
      const { thread, self } = place(options);
      threads.removeParticipant(self.id, thread, self.id);
    },
    edit(options) {
      messages.edit(place(options), options.messageId, { content: options.text });
    },
    unsay(options) {
      messages.remove(place(options), options.messageId);
    },
    find: (from) => (communicationUserId.test(from) ? from : people.get(from)),
  };
}
