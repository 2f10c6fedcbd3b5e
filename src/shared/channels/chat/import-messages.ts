import * as z from 'zod';
import type { TranscriptEntry } from '../../transcripts/entry.ts';
import { MalformedEvent } from '../channel.ts';
import type { Advance, ImportProblem } from '../importer.ts';
import { Refused } from './chat-failures.ts';
import type { Page, ThreadMessage } from './chat-reader.ts';
import { threadEntries, toEntries } from './read-chat-message.ts';

const member = z.object({
  id: z.string(),
  name: z.string().optional(),
  shareHistoryTime: z.string().optional(),
});

/** Where reading the messages of a thread stands, newest first. */
export const messagesWork = z.object({
  step: z.literal('messages'),
  where: z.string(),
  thread: z.string(),
  /** In whose name it is read. */
  user: z.string(),
  createdOn: z.string(),
  /** The topic, until a message told of it. */
  topic: z.string().optional(),
  /** Who takes part now, until a message told of their coming. */
  members: z.array(member),
  /** When the oldest message so far was sent. */
  oldest: z.string().optional(),
  from: z.string().optional(),
  restarts: z.int(),
});
export type MessagesWork = z.infer<typeof messagesWork>;

/** The address of a page may become invalid when an import rests for long. */
const mostRestarts = 3;

/** Reads one page. */
export async function readMessages(
  work: MessagesWork,
  readPage: (from: string | undefined) => Promise<Page<ThreadMessage>>,
  now: Date,
): Promise<Advance> {
  const page = await readPage(work.from).catch((error: unknown) => {
    const isStale = error instanceof Refused && (error.status === 400 || error.status === 410);
    if (isStale && work.from !== undefined && work.restarts < mostRestarts) return undefined;
    throw error;
  });
  if (!page) return { next: { ...work, from: undefined, restarts: work.restarts + 1 } };

  const problems: ImportProblem[] = [];
  const read = page.values.flatMap((message) => entriesOf(work.thread, message, problems));
  const { entries, members, hasTopic } = tellHistory(read, work.members);
  const left: MessagesWork = {
    ...work,
    members,
    topic: hasTopic ? undefined : work.topic,
    oldest: page.values.at(-1)?.createdOn ?? work.oldest,
    from: page.next,
  };
  const isEnd = page.next === undefined;
  return {
    happenings: [
      {
        conversation: { channel: 'chat', id: work.thread },
        entries: isEnd ? [...entries, ...lastEntries(left, now)] : entries,
      },
    ],
    read: page.values.length,
    skipped: problems.length,
    problems,
    ...(isEnd ? {} : { next: left }),
  };
}

function entriesOf(thread: string, message: ThreadMessage, problems: ImportProblem[]): TranscriptEntry[] {
  try {
    return toEntries(thread, message);
  } catch (error) {
    if (!(error instanceof MalformedEvent)) throw error;
    problems.push({ where: `${thread} message ${message.id}`, reason: error.message });
    return [];
  }
}

/**
 * The last coming of everybody who takes part now says from when on the history is shown to them, and under which name,
 * which messages of the thread do not always tell.
 */
function tellHistory(read: readonly TranscriptEntry[], known: MessagesWork['members']) {
  const members = new Map(known.map((one) => [one.id, one]));
  const entries = read.map((entry): TranscriptEntry => {
    if (entry.kind !== 'participant' || entry.change !== 'added') return entry;
    const { participant } = entry;
    const { name, shareHistoryTime } = members.get(participant.id) ?? {};
    members.delete(participant.id);
    return {
      ...entry,
      participant: { ...participant, ...(participant.name === undefined && name ? { name } : {}) },
      ...(shareHistoryTime === undefined ? {} : { shareHistoryTime }),
    };
  });
  const hasTopic = read.some(({ kind }) => kind === 'topic');
  return { entries, members: [...members.values()], hasTopic };
}

/** What no message told: how the thread began, and who takes part since before what can be seen. */
function lastEntries(
  { thread, topic, createdOn, members, oldest }: MessagesWork,
  now: Date,
): TranscriptEntry[] {
  const seen = oldest ?? now.toISOString();
  return [
    ...threadEntries(thread, { topic, createdOn }),
    ...members.flatMap((one) => addedBefore(thread, one, { createdOn, seen })),
  ];
}

/** They came between the thread's beginning and the first message seen: when exactly, the history shown to them tells best. */
function addedBefore(
  thread: string,
  one: MessagesWork['members'][number],
  { createdOn, seen }: { createdOn: string; seen: string },
): TranscriptEntry[] {
  const told =
    one.shareHistoryTime !== undefined && one.shareHistoryTime < seen ? one.shareHistoryTime : seen;
  const at = told < createdOn ? createdOn : told;
  const version = String(Date.parse(at));
  const coming = { id: version, type: 'participantAdded', version, createdOn: at, participants: [one] };
  return tellHistory(toEntries(thread, coming), [one]).entries;
}
