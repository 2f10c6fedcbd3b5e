import { createAnnotations } from './annotations.ts';
import type { Conversation, Message } from './conversation.ts';
import type { ContentEntry, ConversationKey, Person, TranscriptEntry } from './entry.ts';
import { compareText, newer } from './newer.ts';

type EntryOf<Kind extends TranscriptEntry['kind']> = Extract<TranscriptEntry, { kind: Kind }>;

interface MessageState {
  newest?: ContentEntry;
  /** What the sending of it by us left: the provider's own event for it may count more, but knows less. */
  ours?: ContentEntry;
  composedAt?: string;
  deleted: boolean;
}

/** Takes entries in any order, any number of times, and tells what they say together. */
export interface Fold {
  add(entry: TranscriptEntry): void;
  result(): Conversation;
}

/**
 * Starts the fold of one conversation. The result depends only on the set of entries added: the newest entry of each
 * thing wins (version, then time, then id), an edit without its message makes the message, and a delete is final.
 */
export function createFold(key: ConversationKey): Fold {
  const messages = new Map<string, MessageState>();
  const participants = new Map<string, EntryOf<'participant'>>();
  const annotations = createAnnotations();
  let topic: EntryOf<'topic'> | undefined;
  let deletedAt: string | undefined;

  const messageState = (id: string): MessageState => {
    const known = messages.get(id);
    if (known) return known;
    const state = { deleted: false };
    messages.set(id, state);
    return state;
  };

  const addContent = (entry: ContentEntry): void => {
    const state = messageState(entry.messageId);
    if (state.deleted) return;
    state.newest = newer(state.newest, entry);
    if (entry.sentBy !== undefined) state.ours = newer(state.ours, entry);
    state.composedAt = earlier(state.composedAt, entry.composedAt);
  };

  const addDelete = (entry: EntryOf<'delete'>): void => {
    const state = messageState(entry.messageId);
    state.deleted = true;
    delete state.newest;
    delete state.ours;
  };

  return {
    add(entry) {
      switch (entry.kind) {
        case 'message':
        case 'edit':
          return addContent(entry);
        case 'delete':
          return addDelete(entry);
        case 'participant':
          participants.set(entry.participant.id, newer(participants.get(entry.participant.id), entry));
          return;
        case 'topic':
          topic = newer(topic, entry);
          return;
        case 'thread':
          if (entry.change === 'deleted') deletedAt = earlier(deletedAt, entry.at);
          return;
        case 'analysis':
          return;
        default:
          annotations.add(entry);
      }
    },
    result() {
      const present: Message[] = [];
      for (const [id, { newest, ours, composedAt }] of messages) {
        if (newest)
          present.push(annotations.annotate(toMessage(id, { ...kept(ours), ...newest }, composedAt)));
      }
      present.sort(bySending);
      return {
        ...key,
        ...(topic ? { topic: topic.topic } : {}),
        ...(deletedAt ? { deletedAt } : {}),
        participants: whoTakesPart(participants, present),
        messages: present,
      };
    },
  };
}

function earlier(current: string | undefined, time: string | undefined): string | undefined {
  return current !== undefined && (time === undefined || current <= time) ? current : time;
}

/** Those that are not always there, so that a message has no more members than it needs. */
const contentFields = [
  'html',
  'sentBy',
  'replyTo',
  'subject',
  'to',
  'attachments',
  'quoted',
  'marks',
] as const;

/** What no later entry about the message takes away. */
function kept(ours: ContentEntry | undefined): Pick<ContentEntry, 'sentBy' | 'replyTo'> {
  return {
    ...(ours?.sentBy === undefined ? {} : { sentBy: ours.sentBy }),
    ...(ours?.replyTo === undefined ? {} : { replyTo: ours.replyTo }),
  };
}

/** Member by member: a hundred thousand messages that are made of lists of pairs cost a third more memory. */
function toMessage(id: string, newest: ContentEntry, composedAt: string | undefined): Message {
  const message: Message = {
    id,
    at: composedAt ?? newest.at,
    sender: newest.sender,
    text: newest.text,
  };
  for (const field of contentFields) copyField(message, newest, field);
  if (newest.kind === 'edit') message.editedAt = newest.at;
  return message;
}

function copyField<Field extends (typeof contentFields)[number]>(
  to: Pick<Message, Field>,
  from: Pick<Message, Field>,
  field: Field,
): void {
  if (from[field] !== undefined) to[field] = from[field];
}

function bySending(a: Message, b: Message): number {
  return compareText(a.at, b.at) || compareText(a.id, b.id);
}

/** Those last added, and those who wrote without ever having been added or removed; a name given on joining goes before those of messages. */
function whoTakesPart(
  registers: ReadonlyMap<string, EntryOf<'participant'>>,
  messages: readonly Message[],
): Person[] {
  const names = new Map<string, string>();
  const ids = new Set<string>();
  for (const { sender } of messages) {
    if (sender.name) names.set(sender.id, sender.name);
    if (!registers.has(sender.id)) ids.add(sender.id);
  }
  for (const [id, register] of registers) {
    if (register.participant.name) names.set(id, register.participant.name);
    if (register.change === 'added') ids.add(id);
  }
  return [...ids].sort(compareText).map((id) => {
    const name = names.get(id);
    return name === undefined ? { id } : { id, name };
  });
}
