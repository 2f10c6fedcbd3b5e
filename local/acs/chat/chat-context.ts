import type { Emulator } from '../emulator.ts';
import { AcsError } from '../exchange.ts';
import type { ChatEvents } from './chat-events.ts';
import type { ChatStore, Message, Participant, Thread } from './store.ts';

/** What the parts of the chat service share. */
export interface ChatContext extends Pick<Emulator, 'state' | 'clock'> {
  store: ChatStore;
  events: ChatEvents;
  /** Whether a communication user exists. */
  isUser: (id: string) => boolean;
}

/** A thread and the participant that acts in it. */
export interface Place {
  thread: Thread;
  self: Participant;
}

/** The next id or version of a thread, in milliseconds; higher than all before it. The thread is to be stored. */
export function takeTick(thread: Thread, clock: () => Date): number {
  thread.tick = Math.max(clock().getTime(), thread.tick + 1);
  return thread.tick;
}

/** The time that an id or a version stands for. */
export function timeOf(tick: number): string {
  return new Date(tick).toISOString();
}

/** Throws `AcsError` 404 where there is none, or none any more. */
export function existingThread({ store }: ChatContext, id: string): Thread {
  const thread = store.thread(id);
  if (!thread || thread.deletedOn) throw new AcsError(404, 'NotFound', `There is no chat thread ${id}.`);
  return thread;
}

/** A thread and the participant that asks for it; throws `AcsError` 404 where there is none, 403 for who takes no part. */
export function openThread(context: ChatContext, id: string, user: string): Place {
  const thread = existingThread(context, id);
  const self = context.store.participant(thread, user);
  if (!self) {
    const message = "The initiator doesn't have the permission to perform the requested operation.";
    throw new AcsError(403, 'Forbidden', message);
  }
  return { thread, self };
}

/** A message that a participant may see; throws `AcsError` 404 where there is none. */
export function openMessage({ store }: ChatContext, { thread, self }: Place, id: string): Message {
  const message = store.message(thread, id);
  if (!message || !isShared(message, self)) {
    throw new AcsError(404, 'NotFound', `There is no message ${id} in this thread.`);
  }
  return message;
}

/** Whether a message is none of the history that is hidden from a participant. */
export function isShared({ createdOn }: Message, { shareHistoryTime }: Participant): boolean {
  return Date.parse(createdOn) >= Date.parse(shareHistoryTime);
}
