import { escapeMarkdown } from '../markdown.ts';
import type { Conversation, Message } from './conversation.ts';
import type { Person } from './entry.ts';

/** A page of a conversation for reading: one line for each message, further lines of it indented. */
export function renderText(conversation: Conversation): string {
  const lines = conversation.messages.map((message) => {
    const text = linesOfMessage(message).join('\n    ');
    return `[${when(message)}] ${nameOf(message.sender)}: ${text}`;
  });
  return `${[...heading(conversation), '', ...lines].join('\n')}\n`;
}

/** The same as Markdown; whatever people wrote stays text. */
export function renderMarkdown(conversation: Conversation): string {
  const [title = '', ...facts] = heading(conversation).map(escapeMarkdown);
  const lines = conversation.messages.map((message) => {
    const text = linesOfMessage(message).map(escapeMarkdown).join('\\\n  ');
    return `- ${when(message)} **${escapeMarkdown(nameOf(message.sender))}:** ${text}`;
  });
  return `${[`# ${title}`, '', facts.join('\\\n'), '', ...lines].join('\n')}\n`;
}

/** The subject, the text, and what is beside it, in square brackets. */
function linesOfMessage({
  subject,
  text,
  attachments = [],
  reactions = [],
  delivery = [],
  marks = [],
}: Message): string[] {
  const failed = delivery.filter(({ status }) => status === 'failed');
  return [
    ...(subject === undefined ? [] : [`Subject: ${oneLine(subject)}`]),
    ...linesOf(text),
    ...attachments.map(({ name, type, problem }) =>
      problem === undefined
        ? `[attachment: ${oneLine(name ?? type)}]`
        : `[attachment, not kept: ${oneLine(name ?? type)} (${oneLine(problem)})]`,
    ),
    ...reactions.map(({ sender, emoji }) => `[${nameOf(sender)}: ${oneLine(emoji)}]`),
    ...failed.map(({ code, reason }) => `[not delivered: ${oneLine(reason ?? code ?? 'no reason given')}]`),
    ...marks.map((mark) => `[${mark}]`),
  ];
}

function linesOf(text: string): string[] {
  return text.split(/\r\n|[\n\r\u2028\u2029]/);
}

/** What people call somebody: the display name, else the number or mail address, else the end of the id. */
export function nameOf({ id, name }: Person): string {
  if (name !== undefined) return oneLine(name);
  const address = /^(?:4:|mailto:)(.+)$/.exec(id)?.[1];
  return address === undefined ? `participant …${[...id].slice(-6).join('')}` : oneLine(address);
}

/** Names and topics are people's words too: a line break in one would make a line that nobody wrote. */
function oneLine(text: string): string {
  return text.replaceAll(/[\s\p{Cc}]+/gu, ' ').trim();
}

function heading({ channel, id, topic, participants, deletedAt }: Conversation): string[] {
  return [
    oneLine(topic ?? '') || oneLine(id),
    `Conversation: ${channel} ${oneLine(id)}`,
    `Participants: ${participants.map(nameOf).join(', ') || 'none'}`,
    ...(deletedAt ? [`Deleted at the provider: ${deletedAt}`] : []),
  ];
}

function when({ at, editedAt }: Message): string {
  const minute = at.slice(0, 16).replace('T', ' ');
  return editedAt ? `${minute} (edited)` : minute;
}
