import { escapeMarkdown } from '../markdown.ts';
import { nameOf } from '../transcripts/render.ts';
import type { Summary } from './summary.ts';

const methods = {
  extract: 'An automatic extract: every sentence is a quote from the conversation.',
  model: 'Written by a language model from the conversation.',
};

/** `summary.md`: what a person reads. A pure function of the summary, so that the two can never tell different things. */
export function renderSummary(summary: Summary): string {
  const name = namesIn(summary);
  const section = (title: string, items: readonly string[]): string[] =>
    items.length === 0 ? [] : ['', `## ${title}`, '', ...items.map((item) => `- ${item}`)];
  return `${[
    `# ${escapeMarkdown(summary.headline)}`,
    '',
    factsOf(summary),
    '',
    `*${methods[summary.method]}*`,
    ...section(
      'Summary',
      summary.summary.map(({ text }) => escapeMarkdown(text)),
    ),
    ...section(
      'Said they would',
      summary.actionItems.map(({ text, owner }) => `${name(owner)}${took(text)}: ${escapeMarkdown(text)}`),
    ),
    ...section(
      'Left open',
      summary.openQuestions.map(({ text, by }) => `${name(by)}: ${escapeMarkdown(text)}`),
    ),
    ...section('Key phrases', summary.keyPhrases.map(escapeMarkdown)),
    ...section(
      'Participants',
      summary.participants.map((person) => `${name(person.id)} (${person.messages})`),
    ),
    '',
    escapeMarkdown(`Conversation: ${summary.conversation.channel} ${summary.conversation.id}`),
  ].join('\n')}\n`;
}

function namesIn({ participants }: Summary): (id: string) => string {
  const names = new Map(participants.map((person) => [person.id, nameOf(person)]));
  return (id) => escapeMarkdown(names.get(id) ?? nameOf({ id }));
}

/** An extract quotes the request that somebody took on. */
function took(text: string): string {
  return text.trimEnd().endsWith('?') ? ' agreed to' : '';
}

function factsOf({ messageCount, period, language }: Summary): string {
  const minute = (time: string): string => time.slice(0, 16).replace('T', ' ');
  const span =
    period.from === period.to ? minute(period.from) : `${minute(period.from)} to ${minute(period.to)}`;
  return `${messageCount} ${messageCount === 1 ? 'message' : 'messages'}, ${span} UTC, language ${language}`;
}
