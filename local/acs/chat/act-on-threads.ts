import { randomUUID } from 'node:crypto';
import { AcsError } from '../exchange.ts';
import { type ChatContext, takeTick, timeOf } from './chat-context.ts';
import { communicationUserId } from './identifiers.ts';
import type { Message, Participant, RetentionPolicy, Thread } from './store.ts';

/** A participant as asked for. */
export interface Newcomer {
  id: string;
  displayName?: string;
  /** All of it is shared where none is named. */
  shareHistoryTime?: string;
  metadata?: Record<string, string>;
}

/** A participant that was not added, in ACS's form. */
export interface InvalidParticipant {
  target: string;
  code: string;
  message: string;
}

export interface ThreadProperties {
  topic?: string;
  metadata?: Record<string, string>;
  retentionPolicy?: RetentionPolicy;
}

export interface ThreadActions {
  /** Whoever creates a thread takes part in it. */
  createThread(
    by: string,
    properties: ThreadProperties & { topic: string },
    newcomers: Newcomer[],
  ): { thread: Thread; invalidParticipants: InvalidParticipant[] };
  deleteThread(by: string, thread: Thread): void;
  updateThread(by: string, thread: Thread, properties: ThreadProperties): void;
  /** Those who take part already stay as they are. */
  addParticipants(by: string, thread: Thread, newcomers: Newcomer[]): InvalidParticipant[];
  /** Nothing happens where that user takes no part. */
  removeParticipant(by: string, thread: Thread, user: string): void;
}

const mostParticipants = 250;
const mostParticipantsAtOnce = 200;
const sinceInception = '1970-01-01T00:00:00Z';

/** What can be done to threads; each call is one transaction with its events. */
export function createThreadActions({ store, events, state, clock, isUser }: ChatContext): ThreadActions {
  const whyInvalid = ({ id }: Newcomer): InvalidParticipant[] => {
    if (!communicationUserId.test(id)) {
      const isOfOtherSystem = /^(4:|28:|8:(?!acs:))/.test(id);
      return [
        isOfOtherSystem
          ? { target: id, code: '403', message: 'Permissions check failed' }
          : { target: id, code: '400', message: 'Identifier format is not valid' },
      ];
    }
    return isUser(id) ? [] : [{ target: id, code: '404', message: 'Not found' }];
  };
  const check = (newcomers: Newcomer[]) => {
    if (newcomers.length > mostParticipantsAtOnce) {
      throw badParticipants(`At most ${mostParticipantsAtOnce} participants can be added at once.`);
    }
    const invalidParticipants = newcomers.flatMap(whyInvalid);
    const invalid = new Set(invalidParticipants.map(({ target }) => target));
    const valid = new Map<string, Participant>();
    for (const newcomer of newcomers) {
      if (!invalid.has(newcomer.id)) valid.set(newcomer.id, asParticipant(newcomer));
    }
    return { invalidParticipants, valid };
  };
  const note = (
    thread: Thread,
    by: string,
    type: Message['type'],
    content: Omit<Message['content'], 'initiator'>,
  ): void => {
    const tick = takeTick(thread, clock);
    thread.sequence += 1;
    store.putMessage(thread, {
      id: String(tick),
      type,
      sequenceId: String(thread.sequence),
      version: String(tick),
      content: { ...content, initiator: by },
      createdOn: timeOf(tick),
    });
    store.putThread(thread);
  };

  return {
    createThread: (by, properties, newcomers) =>
      state.transaction(() => {
        const { invalidParticipants, valid } = check(newcomers);
        const participants = new Map([[by, asParticipant({ id: by })], ...valid]);
        const now = clock();
        const thread: Thread = {
          ...properties,
          id: `19:${randomUUID().replaceAll('-', '')}@thread.v2`,
          createdOn: now.toISOString(),
          createdBy: by,
          tick: now.getTime(),
          sequence: 0,
        };
        for (const participant of participants.values()) store.putParticipant(thread, participant);
        events.threadCreated(thread, [...participants.values()]);
        note(thread, by, 'participantAdded', { participants: [...participants.values()] });
        note(thread, by, 'topicUpdated', { topic: thread.topic });
        return { thread, invalidParticipants };
      }),
    deleteThread: (by, thread) =>
      state.transaction(() => {
        const tick = takeTick(thread, clock);
        thread.deletedOn = timeOf(tick);
        store.putThread(thread);
        events.threadDeleted(thread, store.participantsOf(thread), by);
      }),
    updateThread: (by, thread, properties) =>
      state.transaction(() => {
        const isRenamed = properties.topic !== undefined && properties.topic !== thread.topic;
        Object.assign(thread, properties);
        if (isRenamed) note(thread, by, 'topicUpdated', { topic: thread.topic });
        else takeTick(thread, clock);
        store.putThread(thread);
        events.propertiesUpdated(thread, store.participantsOf(thread), by);
      }),
    addParticipants: (by, thread, newcomers) =>
      state.transaction(() => {
        const { invalidParticipants, valid } = check(newcomers);
        const before = store.participantsOf(thread);
        for (const { id } of before) valid.delete(id);
        if (before.length + valid.size > mostParticipants) {
          throw badParticipants(`A thread has at most ${mostParticipants} participants.`);
        }
        if (valid.size === 0) return invalidParticipants;
        const added = [...valid.values()];
        for (const participant of added) store.putParticipant(thread, participant);
        note(thread, by, 'participantAdded', { participants: added });
        for (const participant of added) {
          events.participantAdded(thread, [...before, ...added], by, participant);
        }
        return invalidParticipants;
      }),
    removeParticipant: (by, thread, user) =>
      state.transaction(() => {
        const removed = store.participant(thread, user);
        if (!removed) return;
        const before = store.participantsOf(thread);
        store.removeParticipant(thread, user);
        note(thread, by, 'participantRemoved', { participants: [removed] });
        events.participantRemoved(thread, before, by, removed);
      }),
  };
}

function asParticipant({ shareHistoryTime = sinceInception, ...newcomer }: Newcomer): Participant {
  return { ...newcomer, shareHistoryTime };
}

function badParticipants(message: string): AcsError {
  return new AcsError(400, 'BadRequest', message, {}, 'participants');
}
