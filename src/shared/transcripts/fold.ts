import { createAnalyses, joinAnalyses } from './analyses.ts';
import { createAnnotations } from './annotations.ts';
import type { Conversation, Message } from './conversation.ts';
import type { ContentEntry, ConversationKey, Person, TranscriptEntry } from './entry.ts';
import { createLanguageTally } from './language-tally.ts';
import type { WrittenText } from './match-texts.ts';
import { compareText, newer } from './newer.ts';
import { kept, toMessage } from './to-message.ts';
import { byWriting, toUnread, type Unread, type UnreadMessage } from './unread-message.ts';

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
  /** What Parley has not analysed, as it stands now; what we sent is not among it. */
  unread(): Unread;
}

/**
 * Starts the fold of one conversation. The result depends only on the set of entries added: the newest entry of each
 * thing wins (version, then time, then id), an edit without its message makes the message, and a delete is final.
 */
export function createFold(key: ConversationKey): Fold {
  const messages = new Map<string, MessageState>();
  const participants = new Map<string, EntryOf<'participant'>>();
  const annotations = createAnnotations();
  const analyses = createAnalyses();
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

  /** Of the messages as they stand. */
  function* texts(): Generator<WrittenText> {
    for (const [messageId, { newest, composedAt }] of messages) {
      if (!newest) continue;
      const { sender, text } = newest;
      yield { messageId, sender: sender.id, text, at: writtenAt(newest, composedAt) };
    }
  }

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
          return analyses.add(entry);
        default:
          annotations.add(entry);
      }
    },
    result() {
      const findAnalyses = analyses.settle(texts);
      const present: Message[] = [];
      for (const [id, { newest, ours, composedAt }] of messages) {
        if (!newest) continue;
        const message = annotations.annotate(toMessage(id, { ...kept(ours), ...newest }, composedAt));
        const found = findAnalyses(id, newest.version);
        const analysis = found && joinAnalyses(found);
        if (analysis) message.analysis = analysis;
        present.push(message);
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
    unread() {
      const findAnalyses = analyses.settle(texts);
      const unread: UnreadMessage[] = [];
      const languages = createLanguageTally();
      for (const [id, { newest, ours, composedAt }] of messages) {
        if (!newest || newest.sentBy !== undefined || ours) continue;
        const found = findAnalyses(id, newest.version);
        languages.add(found && joinAnalyses(found)?.language?.code, newest.text);
        const message = toUnread(newest, writtenAt(newest, composedAt), found);
        if (message) unread.push(message);
      }
      const language = languages.most();
      return { messages: unread.sort(byWriting), ...(language === undefined ? {} : { language }) };
    },
  };
}

/** When the version that stands was written. */
function writtenAt(newest: ContentEntry, composedAt: string | undefined): string {
  return newest.kind === 'edit' ? newest.at : (composedAt ?? newest.at);
}

function earlier(current: string | undefined, time: string | undefined): string | undefined {
  return current !== undefined && (time === undefined || current <= time) ? current : time;
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
