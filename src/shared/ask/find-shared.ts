import pMap from 'p-map';
import { findConversations } from '../people/find-conversations.ts';
import { listTogether } from '../people/list-together.ts';
import type { PeopleIndex } from '../people/people-index.ts';
import type { ConversationKey } from '../transcripts/entry.ts';
import type { TranscriptStore } from '../transcripts/store.ts';
import type { Meant } from './ask-state.ts';
import type { Question } from './question.ts';
import { openSharing, type SharingDependencies, wholePath } from './sharing.ts';

export interface FindDependencies extends SharingDependencies {
  people: Pick<PeopleIndex, 'list' | 'deletedAt'>;
  transcripts: Pick<TranscriptStore, 'list'>;
}

interface Found extends ConversationKey {
  lastChangedAt: string;
}

const concurrency = 16;

/**
 * The conversations that a question is about, the newest first and each once: those in which all whom it names take part, at
 * the same time as whoever asks. A few may be among them of which nothing can be seen.
 */
export async function findShared(
  { channels, since, until }: Question,
  { mine, who }: { mine?: readonly string[]; who: readonly Meant[] },
  dependencies: FindDependencies,
): Promise<Found[]> {
  const base = mine ?? who[0]?.identities;
  const kinds = channels.length > 0 ? channels : [undefined];
  const search = { since, until, limit: Number.MAX_SAFE_INTEGER };
  const listed: Found[] = [];
  for (const channel of kinds) {
    if (base === undefined) {
      listed.push(...(await everything({ channel, since }, dependencies)));
      continue;
    }
    const { conversations } = await findConversations({ ...search, identities: base, channel }, dependencies);
    listed.push(
      ...conversations.map(({ conversation, lastChangedAt }) => ({ ...conversation, lastChangedAt })),
    );
  }
  const whole = await joinParts(listed, dependencies);
  const others = await pMap(who, ({ identities }) => pathsWith(identities, mine, dependencies), {
    concurrency: 2,
  });
  return [...whole]
    .filter(([path]) => others.every((paths) => paths.has(path)))
    .map(([, found]) => found)
    .sort((a, b) => (a.lastChangedAt > b.lastChangedAt ? -1 : 1));
}

async function everything(
  { channel, since = '' }: { channel?: string; since?: string },
  { transcripts }: FindDependencies,
): Promise<Found[]> {
  const found: Found[] = [];
  for await (const { key, lastChangedAt } of transcripts.list({ channel })) {
    if (lastChangedAt >= since.slice(0, 19)) found.push({ ...key, lastChangedAt });
  }
  return found;
}

/** By the path of the whole conversation. */
async function joinParts(
  listed: readonly Found[],
  { together }: FindDependencies,
): Promise<Map<string, Found>> {
  const paths = await pMap(listed, (found) => wholePath(found, together), { concurrency });
  const whole = new Map<string, Found>();
  for (const [place, found] of listed.entries()) {
    const path = paths[place] ?? '';
    const known = whole.get(path);
    if (!known || known.lastChangedAt < found.lastChangedAt) whole.set(path, found);
  }
  return whole;
}

async function pathsWith(
  identities: readonly string[],
  mine: readonly string[] | undefined,
  dependencies: FindDependencies,
): Promise<Set<string>> {
  if (mine) {
    const shared = await openSharing(mine, dependencies).with(identities);
    return new Set(shared.map(({ path }) => path));
  }
  const paths = new Set<string>();
  for await (const { conversation } of listTogether(dependencies.people, identities)) {
    paths.add(await wholePath(conversation, dependencies.together));
  }
  return paths;
}
