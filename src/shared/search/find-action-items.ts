import * as z from 'zod';
import type { CatalogueEntry } from '../summaries/catalogue-entry.ts';

/** By which they are sorted: the one that is due first, then the one of the newest conversation. */
export const itemPosition = z.object({
  due: z.string().optional(),
  lastAt: z.string(),
  path: z.string(),
  id: z.string(),
});
export type ItemPosition = z.infer<typeof itemPosition>;

/** An action item as the catalogue has it. */
export interface FoundItem extends ItemPosition {
  conversation: CatalogueEntry['conversation'];
}

export interface ItemFilter {
  status: 'open' | 'done' | 'dropped';
  /** Participants of whom one said that they would. */
  owners?: readonly string[];
  /** The last day on which it may be due, as in `2026-11-24`; without it, those that are never due, too. */
  dueUntil?: string;
  /** By the path of its conversation. */
  isWanted?: (path: string) => boolean;
}

/** Whether a filter lets an action item through, wherever it is read from. */
export function isMatch(
  { owner, due, status }: { owner?: string; due?: string; status: string },
  { status: wanted, owners, dueUntil }: ItemFilter,
): boolean {
  if (status !== wanted) return false;
  if (owners !== undefined && (owner === undefined || !owners.includes(owner))) return false;
  return dueUntil === undefined || (due !== undefined && due <= dueUntil);
}

/** The next `most` action items after a place in their order. Goes through the whole catalogue and keeps no more than these. */
export async function findActionItems(
  groups: AsyncIterable<readonly CatalogueEntry[]>,
  filter: ItemFilter,
  { after, most }: { after?: ItemPosition; most: number },
): Promise<FoundItem[]> {
  const { isWanted = () => true } = filter;
  let found: FoundItem[] = [];
  for await (const entries of groups) {
    for (const { path, conversation, period, actionItems } of entries) {
      if (!isWanted(path)) continue;
      for (const item of actionItems) {
        const { id, due } = item;
        const place = { ...(due === undefined ? {} : { due }), lastAt: period.to, path, id };
        if (!isMatch(item, filter) || (after && compare(place, after) <= 0)) continue;
        found.push({ ...place, conversation });
      }
    }
    if (found.length > 4 * most) found = found.sort(compare).slice(0, most);
  }
  return found.sort(compare).slice(0, most);
}

function compare(one: ItemPosition, other: ItemPosition): number {
  const keys = ({ due, path, id }: ItemPosition): string[] => [due ?? '9999-99-99', path, id];
  const [[due = '', path = '', id = ''], [otherDue = '', otherPath = '', otherId = '']] = [
    keys(one),
    keys(other),
  ];
  return (
    order(due, otherDue) || order(other.lastAt, one.lastAt) || order(path, otherPath) || order(id, otherId)
  );
}

function order(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0;
}
