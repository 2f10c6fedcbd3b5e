import { escapeMarkdown } from '../markdown.ts';
import type { Conversation, Message } from './conversation.ts';
import type { Person } from './entry.ts';

/** A page of a conversation for reading: one line for each message, further lines of it indented. */
export function renderText(conversation: Conversation): string {
  const lines = conversation.messages.map((message) => {
    const text = linesOf(message.text).join('\n    ');
    return `[${when(message)}] ${nameOf(message.sender)}: ${text}`;
  });
  return `${[...heading(conversation), '', ...lines].join('\n')}\n`;
}

/** The same as Markdown; whatever people wrote stays text. */
export function renderMarkdown(conversation: Conversation): string {
  const [title = '', ...facts] = heading(conversation).map(escapeMarkdown);
  const lines = conversation.messages.map((message) => {
    const text = linesOf(message.text).map(escapeMarkdown).join('\\\n  ');
    return `- ${when(message)} **${escapeMarkdown(nameOf(message.sender))}:** ${text}`;
  });
  return `${[`# ${title}`, '', facts.join('\\\n'), '', ...lines].join('\n')}\n`;
}

function linesOf(text: string): string[] {
  return text.split(/\r\n|[\n\r\u2028\u2029]/);
}

/** What people call somebody: the display name, or the end of the id where there is none. */
export function nameOf({ id, name }: Person): string {
  return name === undefined ? `participant …${id.slice(-6)}` : oneLine(name);
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
