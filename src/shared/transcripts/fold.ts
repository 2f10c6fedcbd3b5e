import type { Conversation, Message } from './conversation.ts';
import type { ContentEntry, ConversationKey, Person, TranscriptEntry } from './entry.ts';

type EntryOf<Kind extends TranscriptEntry['kind']> = Extract<TranscriptEntry, { kind: Kind }>;

interface MessageState {
  newest?: ContentEntry;
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
    state.composedAt = earlier(state.composedAt, entry.composedAt);
  };

  const addDelete = (entry: EntryOf<'delete'>): void => {
    const state = messageState(entry.messageId);
    state.deleted = true;
    delete state.newest;
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
      }
    },
    result() {
      const present: Message[] = [];
      for (const [id, { newest, composedAt }] of messages) {
        if (newest) present.push(toMessage(id, newest, composedAt));
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

/** Orders two entries about one thing; the last comparison only makes the order total, whatever the entries hold. */
function isNewer(a: TranscriptEntry, b: TranscriptEntry): boolean {
  if (a.version !== b.version) return isGreater(a.version, b.version);
  if (a.at !== b.at) return a.at > b.at;
  if (a.id !== b.id) return a.id > b.id;
  return JSON.stringify(a) > JSON.stringify(b);
}

/** Decimal text without leading zeros: the longer is the greater, and of equal length the later in the alphabet. */
function isGreater(a: string, b: string): boolean {
  return a.length === b.length ? a > b : a.length > b.length;
}

function newer<Entry extends TranscriptEntry>(current: Entry | undefined, entry: Entry): Entry {
  return current && !isNewer(entry, current) ? current : entry;
}

function earlier(current: string | undefined, time: string | undefined): string | undefined {
  return current !== undefined && (time === undefined || current <= time) ? current : time;
}

function toMessage(id: string, newest: ContentEntry, composedAt: string | undefined): Message {
  return {
    id,
    at: composedAt ?? newest.at,
    sender: newest.sender,
    text: newest.text,
    ...(newest.html === undefined ? {} : { html: newest.html }),
    ...(newest.kind === 'edit' ? { editedAt: newest.at } : {}),
  };
}

function bySending(a: Message, b: Message): number {
  return compareText(a.at, b.at) || compareText(a.id, b.id);
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
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
