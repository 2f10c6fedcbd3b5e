import pMap from 'p-map';
import { findActionItems, isMatch } from '../search/find-action-items.ts';
import type { Catalogue } from '../summaries/catalogue.ts';
import type { SummaryStore } from '../summaries/store.ts';
import type { ConversationKey } from '../transcripts/entry.ts';

/** An action item that is due, as its summary has it. */
export interface DueItem {
  text: string;
  due: string;
  owner?: { id: string; name?: string };
  conversation: ConversationKey;
}

export interface DueItems {
  items: DueItem[];
  /** True where there are others beyond those that were looked at. */
  hasMore: boolean;
}

const mostItems = 200;
const concurrency = 8;

/** What is open and was due by a day, as in `2026-11-24`: the one that waits longest first. */
export async function findDueItems(
  today: string,
  { catalogue, summaries }: { catalogue: Pick<Catalogue, 'read'>; summaries: Pick<SummaryStore, 'get'> },
): Promise<DueItems> {
  const filter = { status: 'open' as const, dueUntil: today };
  const found = await findActionItems(catalogue.read(), filter, { most: mostItems });
  const paths = [...new Set(found.map(({ path }) => path))];
  const read = await pMap(paths, (path) => summaries.get(path), { concurrency });
  const stored = new Map(paths.map((path, place) => [path, read[place]?.summary]));
  const items = found.flatMap(({ path, id }): DueItem[] => {
    const summary = stored.get(path);
    const item = summary?.actionItems.find((each) => each.id === id);
    if (!summary || item?.due === undefined || !isMatch(item, filter)) return [];
    const { text, due, owner } = item;
    const name = summary.participants.find((person) => person.id === owner)?.name;
    return [
      {
        text,
        due,
        ...(owner === undefined ? {} : { owner: { id: owner, ...(name === undefined ? {} : { name }) } }),
        conversation: summary.conversation,
      },
    ];
  });
  return { items, hasMore: found.length === mostItems };
}
