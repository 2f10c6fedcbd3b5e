import { escapeMarkdown } from '../markdown.ts';
import { conversationAddress } from '../transcripts/conversation-address.ts';
import type { Choice, LeftOut, Output, Sentence, ToldConversation } from './answer.ts';
import type { Question } from './question.ts';
import { dateOf, toWallTime } from './wall-clock.ts';

export interface RenderOptions {
  /** How whoever asks is called, `you` mostly; undefined where nobody in particular does. */
  me?: string;
  /** Whom the request names. */
  names: readonly string[];
  timeZone: string;
}

const channelNames: Readonly<Record<string, string>> = {
  chat: 'Chat',
  email: 'Email',
  sms: 'SMS',
  whatsapp: 'WhatsApp',
};

const whyLeftOut: Record<LeftOut['reason'], (count: string) => string> = {
  too_many: (count) =>
    `${count}: the oldest, which are more than one answer looks at. Ask about a shorter time.`,
  budget: (count) =>
    `${count}: the tokens that one request may use were spent. Ask about less, or again later.`,
  not_visible: (count) => `Parts of ${count}: what was said while you took no part in them.`,
  failed: (count) => `${count}: the language model failed on them. Ask again later.`,
  off_topic: (count) => `${count}: they are about something else.`,
  brief: (count) => `${count}: only their headlines are told.`,
  overview: () =>
    'All or a part of an overview: the language model could not write it, or the tokens were spent.',
};

/** The numbers of what is cited; in Markdown they are links that are defined at the end. */
const cited = (numbers: readonly number[]): string => numbers.map((number) => ` [${number}]`).join('');

/** An answer in plain text, with the numbers of what it cites. */
export function renderPlain(answer: Omit<Output, 'text' | 'markdown'>, options: RenderOptions): string {
  const { overview, conversations, leftOut } = answer;
  const lines = [`${titleOf(answer.understood, options)}.`, factsOf(conversations, options)];
  for (const { text, cites } of overview) lines.push(`${text}${cited(cites)}`);
  for (const [channel, group] of byChannel(conversations)) {
    lines.push('', channel);
    for (const each of group) {
      lines.push(`${spanOf(each, options)}: ${each.headline}`);
      for (const { text, cites } of each.sentences) lines.push(`- ${text}${cited(cites)}`);
      for (const { text, by, cite } of each.openQuestions)
        lines.push(`- Left open by ${by}: ${text}${cited([cite])}`);
      for (const item of each.actionItems) lines.push(`- ${taskOf(item)}${cited([item.cite])}`);
    }
  }
  if (leftOut.length > 0) lines.push('', 'Left out', ...leftOut.map((one) => `- ${explain(one)}`));
  return lines.join('\n');
}

/** The same as Markdown: whatever people or models wrote is text, and every link is one of Parley's own. */
export function renderMarkdown(answer: Omit<Output, 'text' | 'markdown'>, options: RenderOptions): string {
  const { overview, conversations, cites, leftOut, understood } = answer;
  const item = ({ text, cites: numbers }: Sentence): string => `- ${escapeMarkdown(text)}${cited(numbers)}`;
  const lines = [
    `# ${escapeMarkdown(titleOf(understood, options))}`,
    '',
    escapeMarkdown(factsOf(conversations, options)),
  ];
  if (overview.length > 0) lines.push('', ...overview.map(item));
  for (const [channel, group] of byChannel(conversations)) {
    lines.push('', `## ${channel}`);
    for (const each of group) {
      const link = `[${escapeMarkdown(each.headline)}](${conversationAddress(each)})`;
      lines.push('', `### ${spanOf(each, options)}: ${link}`);
      const told = [
        ...each.sentences.map(item),
        ...each.openQuestions.map(
          ({ text, by, cite }) =>
            `- Left open by ${escapeMarkdown(by)}: ${escapeMarkdown(text)}${cited([cite])}`,
        ),
        ...each.actionItems.map((task) => `- ${escapeMarkdown(taskOf(task))}${cited([task.cite])}`),
      ];
      if (told.length > 0) lines.push('', ...told);
    }
  }
  if (leftOut.length > 0) lines.push('', '## Left out', '', ...leftOut.map((one) => `- ${explain(one)}`));
  const definitions = cites.map(
    ({ channel, conversation: id, messageId }, place) =>
      `[${place + 1}]: ${conversationAddress({ channel, id }, messageId)}`,
  );
  return `${[...lines, '', ...definitions].join('\n').trimEnd()}\n`;
}

/** Whom to choose from, without anybody's address. */
export function renderChoices(
  choices: readonly Choice[],
  { timeZone }: RenderOptions,
): { text: string; markdown: string } {
  const line = ({ name, channels, lastAt, person }: Choice): string => {
    const seen = lastAt === undefined ? '' : `, last ${dayOf(lastAt, timeZone)}`;
    return `${name} (${channels.join(', ') || 'no conversations'}${seen}): ${person}`;
  };
  const asked = [...new Set(choices.map((choice) => choice.asked))];
  const opening = `Several people are called ${asked.map((name) => `"${name}"`).join(' or ')}. Ask again and say whom you mean, with "people".`;
  return {
    text: [opening, ...choices.map((choice) => `- ${line(choice)}`)].join('\n'),
    markdown: `${[escapeMarkdown(opening), '', ...choices.map((choice) => `- ${escapeMarkdown(line(choice))}`)].join('\n')}\n`,
  };
}

/** `Conversations between you and Joe about "refund", from 2026-03-01`, or `Your conversations over Email and SMS`. */
export function titleOf(
  { topic, since, until, channels }: Question,
  { me, names, timeZone }: RenderOptions,
): string {
  const all = [...(me === undefined ? [] : [me]), ...names];
  const isAlone = all.length === 1;
  const whose = isAlone && me === 'you' ? 'Your conversations' : 'Conversations';
  const whom =
    all.length === 0 || whose.startsWith('Your') ? '' : `${isAlone ? ' of' : ' between'} ${listed(all)}`;
  const kinds =
    channels.length === 0
      ? ''
      : ` over ${listed(channels.map((channel) => channelNames[channel] ?? channel))}`;
  const about = topic === undefined ? '' : ` about "${topic}"`;
  return `${whose}${whom}${kinds}${about}${periodOf({ since, until }, timeZone)}`;
}

function periodOf({ since, until }: Pick<Question, 'since' | 'until'>, timeZone: string): string {
  const [first, last] = [since, until].map((time) => time && dayOf(time, timeZone));
  if (first && first === last) return `, on ${first}`;
  return `${first ? `, from ${first}` : ''}${last ? `, until ${last}` : ''}`;
}

function listed(words: readonly string[]): string {
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`;
}

function factsOf(conversations: readonly ToldConversation[], { timeZone }: RenderOptions): string {
  const messages = conversations.reduce((sum, each) => sum + each.messages, 0);
  const times = conversations.flatMap(({ from, to }) => [from, to]).sort();
  const [first, last] = [times[0], times.at(-1)];
  const span =
    first === undefined || last === undefined ? '' : `, ${spanOf({ from: first, to: last }, { timeZone })}`;
  return `${counted(conversations.length)}, ${messages} ${messages === 1 ? 'message' : 'messages'}${span}.`;
}

function byChannel(conversations: readonly ToldConversation[]): Map<string, ToldConversation[]> {
  return Map.groupBy(conversations, ({ channel }) => channelNames[channel] ?? channel);
}

function taskOf({ text, owner, due, status }: ToldConversation['actionItems'][number]): string {
  const done = status === 'open' ? '' : ` (${status})`;
  return `To do${owner === undefined ? '' : `, ${owner}`}${due === undefined ? '' : `, by ${due}`}: ${text}${done}`;
}

function spanOf(
  { from, to }: { from: string; to: string },
  { timeZone }: Pick<RenderOptions, 'timeZone'>,
): string {
  const [first, last] = [dayOf(from, timeZone), dayOf(to, timeZone)];
  return first === last ? first : `${first} to ${last}`;
}

function explain({ reason, count }: LeftOut): string {
  return whyLeftOut[reason](counted(count));
}

function counted(count: number): string {
  return count === 1 ? '1 conversation' : `${count} conversations`;
}

function dayOf(time: string, timeZone: string): string {
  return dateOf(toWallTime(new Date(time), timeZone));
}
