import { createHash } from 'node:crypto';
import type { AnalysisEntry } from './entry.ts';
import { compareText } from './newer.ts';

/** The text of a message as it stands, and when it was written, ISO 8601 UTC. */
export interface WrittenText {
  messageId: string;
  /** An identity. */
  sender: string;
  text: string;
  at: string;
}

/**
 * How far apart in time an analysis and its message may be. Providers tell when they read, not what: that is seconds after
 * the message came, and more on a bad day. Text and sender are equal, so that a wrong guess shows a right analysis.
 */
const mostMilliseconds = 60 * 60_000;

/** SHA-256 of a text as UTF-8, hexadecimal. */
export function hashText(text: string): string {
  return createHash('sha256').update(text, 'utf8').digest('hex');
}

/**
 * The analysis of each message, by message id, among entries that name none: of the same sender and text, and within an
 * hour. In the order of their times, each takes the message nearest in time that is still free. The result depends on the
 * sets alone, never on their order.
 */
export function matchTexts(
  entries: readonly AnalysisEntry[],
  texts: Iterable<WrittenText>,
): Map<string, AnalysisEntry> {
  const groups = groupByText(entries);
  const sizes = new Set([...groups.values()].map(({ size }) => size));
  for (const text of texts) {
    // A hash costs more than all else here: only those that can be meant are hashed.
    const size = sizeKey(text.sender, text.text.length);
    if (sizes.has(size)) groups.get(`${hashText(text.text)} ${size}`)?.texts.push(text);
  }
  const matched = new Map<string, AnalysisEntry>();
  for (const group of groups.values()) matchGroup(group, matched);
  return matched;
}

/** Of one sender and text. */
interface Group {
  size: string;
  entries: { entry: AnalysisEntry; time: number }[];
  texts: WrittenText[];
}

function groupByText(entries: readonly AnalysisEntry[]): Map<string, Group> {
  const groups = new Map<string, Group>();
  for (const entry of entries) {
    if (!entry.matches) continue;
    const { sender, textHash, length, at } = entry.matches;
    const size = sizeKey(sender, length);
    const key = `${textHash} ${size}`;
    const group = groups.get(key) ?? { size, entries: [], texts: [] };
    group.entries.push({ entry, time: Date.parse(at) });
    groups.set(key, group);
  }
  return groups;
}

function matchGroup({ entries, texts }: Group, matched: Map<string, AnalysisEntry>): void {
  const free = texts
    .map(({ messageId, at }) => ({ messageId, time: Date.parse(at) }))
    .sort((a, b) => a.time - b.time || compareText(a.messageId, b.messageId));
  const inOrder = entries.sort((a, b) => a.time - b.time || compareText(a.entry.id, b.entry.id));
  for (const { entry, time } of inOrder) {
    const index = nearest(free, time);
    const found = free[index];
    if (!found || Math.abs(found.time - time) > mostMilliseconds) continue;
    matched.set(found.messageId, entry);
    free.splice(index, 1);
  }
}

/** The index of the time that is nearest; of two, the earlier one. The list is in ascending order. */
function nearest(times: readonly { time: number }[], time: number): number {
  let low = 0;
  let high = times.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((times[middle]?.time ?? 0) < time) low = middle + 1;
    else high = middle;
  }
  const before = times[low - 1];
  const after = times[low];
  if (!before) return low;
  return after && after.time - time < time - before.time ? low : low - 1;
}

function sizeKey(sender: string, length: number): string {
  return `${length} ${sender}`;
}
