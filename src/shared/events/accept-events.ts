import pMap from 'p-map';
import { type ToAnalyse, toAnalyse } from '../analysis/to-analyse.ts';
import { type Channel, type Happening, MalformedEvent } from '../channels/channel.ts';
import type { MediaOrder } from '../media/order.ts';
import type { PeopleIndex } from '../people/people-index.ts';
import { isStorageFault, storageUnavailable } from '../storage/storage-errors.ts';
import { timeOf } from '../tombstones/about-entry.ts';
import type { Tombstones } from '../tombstones/tombstones.ts';
import { conversationPath } from '../transcripts/conversation-path.ts';
import { type ConversationKey, type TranscriptEntry, transcriptEntry } from '../transcripts/entry.ts';
import type { TranscriptStore } from '../transcripts/store.ts';
import type { DeadLetterStore } from './dead-letters.ts';
import { openEnvelope } from './envelope.ts';
import type { ResumeMemory } from './resume-memory.ts';

/** What became of a batch. */
export interface Accepted {
  received: number;
  /** Events whose entries are durable. */
  stored: number;
  deadLettered: number;
  /** Events that tell of nothing but what was erased: acknowledged, and not stored. Absent where there are none. */
  forgotten?: number;
  /** Events that are none of a channel's business, by type. */
  ignored: Record<string, number>;
}

export interface AcceptOptions {
  signal?: AbortSignal;
  /** Told, once all is durable, what is to be fetched off the webhook's path; again for a repeated delivery. */
  orderMedia?: (orders: MediaOrder[]) => void;
  /** Told, once all is durable, what is to be analysed. */
  orderAnalysis?: (orders: ToAnalyse[]) => void;
}

interface Dependencies {
  channels: readonly Channel[];
  transcripts: Pick<TranscriptStore, 'append'>;
  deadLetters: Pick<DeadLetterStore, 'put'>;
  memory: ResumeMemory;
  people: Pick<PeopleIndex, 'note'>;
  tombstones: Pick<Tombstones, 'admit'>;
  /** Whether messages are analysed as they come. */
  isAnalysing?: boolean;
}

type Verdict = { happening: Happening } | { ignoredType: string } | { original: unknown; reason: string };

/** What a batch adds to one conversation. */
interface Addition {
  conversation: ConversationKey;
  path: string;
  entries: TranscriptEntry[];
  isAstray?: boolean;
}

/** Requests to storage under way at once for one batch. */
const concurrency = 32;

/**
 * Stores a batch of events: one append for each conversation, a dead letter for each event that cannot be understood.
 * When it returns, all of it is durable. Throws `storage_unavailable` when any of it may not be: the same batch can be
 * sent again, goes on where it broke off, and counts once.
 */
export async function acceptEvents(
  events: readonly unknown[],
  { channels, transcripts, deadLetters, memory, people, tombstones, isAnalysing = false }: Dependencies,
  { signal, orderMedia, orderAnalysis }: AcceptOptions = {},
): Promise<Accepted> {
  const options = { signal };
  const verdicts = await judgeAll(events, channels, options);
  const told = verdicts.flatMap((verdict) => ('happening' in verdict ? [verdict.happening] : []));
  const happenings = await withoutErased(told, tombstones, options);
  const refused = verdicts.flatMap((verdict) => ('reason' in verdict ? [verdict] : []));
  const additions = groupByConversation(happenings);
  const appended: Addition[] = [];
  const writes = [
    ...additions.map((addition) => async () => {
      const { conversation, path, entries } = addition;
      const missing = entries.filter((entry) => !memory.has(path, entry));
      if (missing.length > 0) await transcripts.append(conversation, missing, options);
      appended.push(addition);
      await people.note(conversation, entries, options);
    }),
    ...refused.map(
      ({ original, reason }) =>
        () =>
          deadLetters.put(original, reason, options),
    ),
  ];
  try {
    await pMap(writes, (write) => write(), { concurrency, stopOnError: false });
  } catch (error) {
    for (const { path, entries } of appended) memory.add(path, entries);
    throw toFailure(error);
  }
  for (const { path, entries } of additions) memory.forget(path, entries);
  const forgotten = told.length - happenings.length;
  const orders = additions
    .filter(({ conversation }) => fetches(channels, conversation))
    .flatMap(toMediaOrders);
  if (orders.length > 0) orderMedia?.(orders);
  const unread = toAnalyse(additions, { isAnalysing });
  if (unread.length > 0) orderAnalysis?.(unread);
  return {
    received: events.length,
    stored: happenings.length,
    deadLettered: refused.length,
    ...(forgotten > 0 ? { forgotten } : {}),
    ignored: countTypes(verdicts),
  };
}

function fetches(channels: readonly Channel[], { channel: name }: ConversationKey): boolean {
  return channels.some((channel) => channel.name === name && channel.fetchMedia !== undefined);
}

function toMediaOrders({ conversation, entries }: Addition): MediaOrder[] {
  return entries.flatMap((entry) =>
    entry.kind === 'message' || entry.kind === 'edit'
      ? (entry.attachments ?? [])
          .filter(({ blob, problem }) => blob === undefined && problem === undefined)
          .map((attachment) => ({
            ...conversation,
            messageId: entry.messageId,
            at: timeOf(entry),
            attachment,
          }))
      : [],
  );
}

/** Happenings as far as they may be kept; one of which nothing may is left out. Throws what cannot be looked up. */
async function withoutErased(
  happenings: readonly Happening[],
  tombstones: Dependencies['tombstones'],
  options: { signal?: AbortSignal },
): Promise<Happening[]> {
  try {
    const admitted = await pMap(
      happenings,
      async (happening) => {
        const { conversation, entries } = happening;
        const kept = await tombstones.admit(conversation, entries, options);
        return kept.length > 0 || entries.length === 0 ? [{ ...happening, entries: kept }] : [];
      },
      { concurrency },
    );
    return admitted.flat();
  } catch (error) {
    throw toFailure(error);
  }
}

/** Storage faults are to be tried again; anything else is a fault of ours, and says so in the log. */
function toFailure(error: unknown): unknown {
  const causes: unknown[] = error instanceof AggregateError ? error.errors : [error];
  return causes.find((cause) => !isStorageFault(cause)) ?? storageUnavailable(error);
}

/** In the order of the events. Throws storage faults of a channel that has to look something up. */
async function judgeAll(
  events: readonly unknown[],
  channels: readonly Channel[],
  options: { signal?: AbortSignal },
): Promise<Verdict[]> {
  try {
    return await pMap(events, (event) => judge(event, channels, options), { concurrency });
  } catch (error) {
    throw toFailure(error);
  }
}

async function judge(
  original: unknown,
  channels: readonly Channel[],
  options: { signal?: AbortSignal },
): Promise<Verdict> {
  try {
    const event = openEnvelope(original);
    for (const channel of channels) {
      const happening = await channel.read(event, options);
      if (happening) return { happening: checked(happening) };
    }
    return { ignoredType: event.type };
  } catch (error) {
    if (isStorageFault(error)) throw error;
    // An event that trips over a fault of ours must not take the rest of its batch along, today and at each retry.
    const name = error instanceof Error ? error.name : 'unknown error';
    return {
      original,
      reason: error instanceof MalformedEvent ? error.message : `could not be read: ${name}`,
    };
  }
}

/** Nothing is written that reading would pass over, or that cannot be written. */
function checked(happening: Happening): Happening {
  const { conversation, entries } = happening;
  if (!conversation.id.isWellFormed()) {
    throw new MalformedEvent('the id of its conversation is not well-formed Unicode');
  }
  return { ...happening, entries: entries.map(checkedEntry) };
}

function checkedEntry(entry: TranscriptEntry): TranscriptEntry {
  const result = transcriptEntry.safeParse(entry);
  if (result.success) return result.data;
  throw new MalformedEvent(`${entry.kind}: ${result.error.issues[0]?.path.join('.')} cannot be kept`);
}

/** One addition for each conversation, without lines that a batch carries twice. */
function groupByConversation(happenings: readonly Happening[]): Addition[] {
  const additions = new Map<string, Addition & { seen: Set<string> }>();
  for (const { conversation, entries, isAstray = false } of happenings) {
    const path = conversationPath(conversation);
    const addition = additions.get(path) ?? { conversation, path, entries: [], seen: new Set() };
    additions.set(path, addition);
    if (isAstray) addition.isAstray = true;
    for (const entry of entries) {
      const line = JSON.stringify(entry);
      if (addition.seen.has(line)) continue;
      addition.seen.add(line);
      addition.entries.push(entry);
    }
  }
  return [...additions.values()].filter(({ entries }) => entries.length > 0);
}

function countTypes(verdicts: readonly Verdict[]): Record<string, number> {
  const counts = new Map<string, number>();
  for (const verdict of verdicts) {
    if ('ignoredType' in verdict) counts.set(verdict.ignoredType, (counts.get(verdict.ignoredType) ?? 0) + 1);
  }
  return Object.fromEntries(counts);
}
