import pMap from 'p-map';
import { conversationPath } from '../transcripts/conversation-path.ts';
import type { TranscriptStore } from '../transcripts/store.ts';
import type { PersonRecord } from './directory.ts';
import { listTogether } from './list-together.ts';
import type { PeopleIndex } from './people-index.ts';

export interface DescribeDependencies {
  people: Pick<PeopleIndex, 'list' | 'channels'>;
  transcripts: Pick<TranscriptStore, 'list'>;
}

/** What an answer tells of a person. */
export interface PersonAnswer extends PersonRecord {
  /** Other names that they were seen with, the latest in each conversation. */
  names?: string[];
  channels: string[];
  /** The last change of a conversation of theirs; absent for whoever has more of them than are looked at. */
  lastAt?: string;
}

/** Our own numbers and bots take part in almost everything. */
const mostConversations = 20;
const concurrency = 8;

/** A record with what the index knows of its identities; `seen` are names that are known already. */
export async function describePerson(
  record: PersonRecord,
  { people, transcripts }: DescribeDependencies,
  seen: readonly string[] = [],
): Promise<PersonAnswer> {
  const paths: string[] = [];
  const names = new Set(seen);
  for await (const { conversation, name } of listTogether(people, record.identities)) {
    if (name !== undefined) names.add(name);
    if (paths.push(conversationPath(conversation)) > mostConversations) break;
  }
  const channels = await pMap(record.identities, (identity) => people.channels(identity), { concurrency });
  const changes = paths.length > mostConversations ? [] : await pMap(paths, lastChange, { concurrency });
  const lastAt = changes.flat().sort().at(-1);
  const { id, name = [...names][0], role, identities, answersFor } = record;
  const others = [...names].filter((other) => other !== name);
  return {
    id,
    ...(name === undefined ? {} : { name }),
    ...(others.length > 0 ? { names: others } : {}),
    role,
    identities,
    ...(answersFor === undefined ? {} : { answersFor }),
    channels: [...new Set(channels.flat())].sort(),
    ...(lastAt === undefined ? {} : { lastAt }),
  };

  async function lastChange(path: string): Promise<string[]> {
    const listed = await Array.fromAsync(transcripts.list({ path }));
    return listed.map(({ lastChangedAt }) => lastChangedAt);
  }
}
