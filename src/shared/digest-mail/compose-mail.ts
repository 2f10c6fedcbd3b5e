import { describeCost } from '../models/language/prices.ts';
import type { Digest } from '../summaries/digest.ts';
import { summaryAddress } from '../transcripts/conversation-address.ts';
import type { ConversationKey } from '../transcripts/entry.ts';
import { nameOf } from '../transcripts/render.ts';
import type { DueItem, DueItems } from './due-items.ts';
import { type Block, type Line, renderHtml, renderText } from './render-mail.ts';

export interface MailOptions {
  /** The day for which something is due or overdue, as in `2026-11-24`. */
  today: string;
  /** Whether headlines and action items may be in it: they quote conversations. */
  withText: boolean;
  /** Where people reach the app; without it there are no links. */
  publicUrl?: string;
}

const mostLinked = 20;

/** The mail about a night: what it came to, and which action items are due. A pure function. */
export function composeMail(
  digest: Digest,
  due: DueItems,
  options: MailOptions,
): { subject: string; text: string; html: string } {
  const blocks = [countsOf(digest, options), failuresOf(digest, options), headlinesOf(digest, options)];
  const all = [...blocks, ...dueBlocks(due, options)].filter((block) => block.lines.length > 0);
  const title = `Night of ${digest.night}`;
  return { subject: subjectOf(digest), text: renderText(title, all), html: renderHtml(title, all) };
}

function subjectOf({ night, found, failed, postponedCount }: Digest): string {
  const waiting = postponedCount > 0 ? `, ${postponedCount} postponed` : '';
  return `Night of ${night}: ${count(found, 'conversation')}, ${failed.length} failed${waiting}`;
}

function countsOf(
  { night, found, done, failed, postponedCount, tokens, cost }: Digest,
  options: MailOptions,
): Block {
  const lines: Line[] = [
    `${count(found, 'conversation')} to look at: ${done} done, ${failed.length} failed, ${postponedCount} postponed.`,
  ];
  if (tokens.calls > 0) {
    const price = cost === undefined ? '' : `, ${describeCost(cost)}`;
    lines.push(
      `Language model: ${count(tokens.calls, 'call')}, ${tokens.input} tokens of input, ${tokens.output} of output${price}.`,
    );
  }
  if (options.publicUrl) lines.push(linkTo('The digest', `api/digests/${night}`, options));
  return { lines };
}

function failuresOf({ failed }: Digest, options: MailOptions): Block {
  const codes = new Map<string, number>();
  for (const { code } of failed) codes.set(code, (codes.get(code) ?? 0) + 1);
  const lines: Line[] = [...codes].map(([code, times]) => `${code}: ${count(times, 'conversation')}`);
  return { title: 'Failed', lines: [...lines, ...linksTo(failed, options)] };
}

function headlinesOf({ conversations }: Digest, options: MailOptions): Block {
  if (!options.withText) return { lines: [] };
  const lines = conversations
    .slice(0, mostLinked)
    .map((conversation) => ({ text: conversation.headline, url: urlOf(conversation, options) }));
  return { title: 'Conversations', lines: withRest(lines, conversations.length) };
}

/** One block for each owner, those with most first; with no text, how many there are and where. */
function dueBlocks({ items, hasMore }: DueItems, options: MailOptions): Block[] {
  const owners = new Map<string, DueItem[]>();
  for (const item of items) {
    const key = item.owner?.id ?? '';
    owners.set(key, [...(owners.get(key) ?? []), item]);
  }
  const blocks = [...owners.values()]
    .sort((one, other) => other.length - one.length)
    .map((theirs): Block => {
      const owner = theirs[0]?.owner;
      const overdue = theirs.filter(({ due }) => due < options.today).length;
      const name = owner ? nameOf(owner) : 'Nobody in particular';
      return {
        title: `Due: ${name} (${theirs.length - overdue} today, ${overdue} overdue)`,
        lines: withRest(
          theirs.slice(0, mostLinked).map((item) => lineOf(item, options)),
          theirs.length,
        ),
      };
    });
  const rest: Block = { lines: hasMore ? ['There are more action items that are due.'] : [] };
  return [...blocks, rest];
}

function lineOf({ text, due, conversation }: DueItem, options: MailOptions): Line {
  const when = due < options.today ? `since ${due}` : 'today';
  const what = options.withText ? text : `a conversation by ${conversation.channel}`;
  return { text: `${when}: ${what}`, url: urlOf(conversation, options) };
}

function linksTo(conversations: readonly ConversationKey[], options: MailOptions): Line[] {
  if (!options.publicUrl) return [];
  const lines = conversations
    .slice(0, mostLinked)
    .map((conversation) => ({ text: `by ${conversation.channel}`, url: urlOf(conversation, options) }));
  return withRest(lines, conversations.length);
}

function withRest(lines: readonly Line[], all: number): Line[] {
  return all > lines.length ? [...lines, `and ${all - lines.length} more`] : [...lines];
}

function urlOf(conversation: ConversationKey, { publicUrl }: MailOptions): string | undefined {
  return publicUrl && `${publicUrl}${summaryAddress(conversation)}`;
}

function linkTo(text: string, path: string, { publicUrl }: MailOptions): Line {
  return { text, url: publicUrl && `${publicUrl}/${path}` };
}

function count(number: number, what: string): string {
  return `${number} ${what}${number === 1 ? '' : 's'}`;
}
