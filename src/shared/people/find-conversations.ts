import { createHash } from 'node:crypto';
import pMap from 'p-map';
import * as z from 'zod';
import { conversationPath } from '../transcripts/conversation-path.ts';
import type { TranscriptStore } from '../transcripts/store.ts';
import { listTogether } from './list-together.ts';
import type { PeopleIndex } from './people-index.ts';
import type { TakingPart } from './taking-part.ts';

/** A conversation that a person takes part in, and the last change of its transcript, to the second. */
export interface FoundConversation extends TakingPart {
  lastChangedAt: string;
}

/**
 * A way through a person's conversations, newest first, along which some change. It goes in rounds: the first through
 * all, each later one through what has changed since the one before began.
 */
export const walk = z.object({
  /** The round holds what changed last in this time. */
  since: z.string(),
  newest: z.string(),
  /** What stood at `newest` when the round began: where it still does, nothing has changed. */
  seen: z.string(),
  /** The last conversation that was given out in this round. */
  after: z.object({ at: z.string(), path: z.string() }).optional(),
});
export type Walk = z.infer<typeof walk>;

export interface Search {
  /** All that are theirs. */
  identities: readonly string[];
  channel?: string;
  /** Only conversations with activity from here on, and until then. */
  since?: string;
  until?: string;
  limit: number;
  from?: Walk;
  /** For themselves: what happened in a conversation after they left it stays unknown. */
  isForThemselves?: boolean;
}

interface Candidate extends FoundConversation {
  path: string;
  version: string;
}

interface Dependencies {
  people: Pick<PeopleIndex, 'list' | 'deletedAt'>;
  transcripts: Pick<TranscriptStore, 'list'>;
}

/** A listing of each conversation asks for one; beyond this many, one of all takes less time. */
const mostSingleListings = 1_000;
const concurrency = 32;

/**
 * A page of the conversations of a person. None is missed, whatever changes in between; one that changes after it was
 * given out comes again at the end.
 */
export async function findConversations(
  search: Search,
  { people, transcripts }: Dependencies,
): Promise<{ conversations: FoundConversation[]; next?: Walk }> {
  const takenPart = new Map<string, TakingPart>();
  for await (const found of listTogether(people, search.identities, { channel: search.channel })) {
    if (isWithin(found, search)) takenPart.set(conversationPath(found.conversation), found);
  }
  const candidates = (await withLastChange(takenPart, transcripts))
    .map((candidate) => (search.isForThemselves ? untilTheyLeft(candidate) : candidate))
    .filter(({ lastChangedAt }) => search.since === undefined || lastChangedAt >= toSecond(search.since))
    .sort(newestFirst);
  const { from = begin(candidates, '') } = search;
  const rest = candidates.filter((candidate) => isAhead(candidate, from));
  const page = rest.slice(0, search.limit);
  const next = rest.length > page.length ? goOn(from, page) : nextRound(candidates, from);
  const conversations = await pMap(page, withDeletion, { concurrency });
  return {
    conversations: conversations.filter((found) => isWithin(found, search)),
    ...(next ? { next } : {}),
  };

  async function withDeletion({ path: _, version: __, ...found }: Candidate): Promise<FoundConversation> {
    const last = found.periods.at(-1);
    if (!last || last.until !== undefined) return found;
    const deletedAt = await people.deletedAt(found.conversation);
    if (deletedAt === undefined) return found;
    const until = deletedAt < last.from ? last.from : deletedAt;
    return { ...found, periods: [...found.periods.slice(0, -1), { ...last, until }] };
  }
}

function isWithin({ periods, addressedFrom }: TakingPart, { since = '', until = '9999' }: Search): boolean {
  return (
    (addressedFrom !== undefined && addressedFrom <= until) ||
    periods.some((period) => period.from <= until && (period.until === undefined || period.until >= since))
  );
}

/** Those without a transcript are left out: it was erased. */
async function withLastChange(
  takenPart: ReadonlyMap<string, TakingPart>,
  transcripts: Dependencies['transcripts'],
): Promise<Candidate[]> {
  const candidates: Candidate[] = [];
  const collect = async (where: { path?: string; channel?: string }): Promise<void> => {
    for await (const { path, lastChangedAt, version } of transcripts.list(where)) {
      const found = takenPart.get(path);
      if (found) candidates.push({ ...found, path, lastChangedAt, version });
    }
  };
  const channels = new Set([...takenPart.values()].map(({ conversation }) => conversation.channel));
  const listings =
    takenPart.size > mostSingleListings
      ? [...channels].map((channel) => ({ channel }))
      : [...takenPart.keys()].map((path) => ({ path }));
  await pMap(listings, collect, { concurrency });
  return candidates;
}

/** Mails give no stay: their threads tell of every change. */
function untilTheyLeft(candidate: Candidate): Candidate {
  const until = candidate.periods.at(-1)?.until;
  if (until === undefined || candidate.lastChangedAt <= until) return candidate;
  return { ...candidate, lastChangedAt: until, version: 'left' };
}

/** Storage tells the time of a change in whole seconds. */
function toSecond(time: string): string {
  return time.slice(0, '2026-11-23T09:00:00'.length);
}

function newestFirst(a: Candidate, b: Candidate): number {
  if (a.lastChangedAt !== b.lastChangedAt) return a.lastChangedAt > b.lastChangedAt ? -1 : 1;
  return a.path < b.path ? -1 : 1;
}

function begin(candidates: readonly Candidate[], since: string): Walk {
  const newest = candidates[0]?.lastChangedAt ?? since;
  return { since, newest, seen: standingAt(newest, candidates) };
}

function isAhead({ lastChangedAt, path }: Candidate, { since, newest, after }: Walk): boolean {
  if (lastChangedAt < since || lastChangedAt > newest) return false;
  return !after || lastChangedAt < after.at || (lastChangedAt === after.at && path > after.path);
}

function goOn(walk: Walk, page: readonly Candidate[]): Walk {
  const last = page.at(-1);
  return last ? { ...walk, after: { at: last.lastChangedAt, path: last.path } } : walk;
}

/** Undefined where nothing changed since this round began: two changes within a second have one time, but two versions. */
function nextRound(candidates: readonly Candidate[], { newest, seen }: Walk): Walk | undefined {
  return standingAt(newest, candidates) === seen ? undefined : begin(candidates, newest);
}

function standingAt(time: string, candidates: readonly Candidate[]): string {
  const hash = createHash('sha256');
  for (const { path, version, lastChangedAt } of candidates) {
    if (lastChangedAt >= time) hash.update(`${path} ${version}\n`);
  }
  return hash.digest('base64url').slice(0, 22);
}
