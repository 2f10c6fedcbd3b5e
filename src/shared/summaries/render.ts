import { escapeMarkdown } from '../markdown.ts';
import type { ActionItem } from '../models/summary-content.ts';
import { nameOf } from '../transcripts/render.ts';
import { type Citations, createCitations } from './link-citations.ts';
import type { Summary } from './summary.ts';

/** Stands behind a sentence that could not be proved. */
const unproved = ' *(not found in the messages it names)*';

const reasons = {
  limit: 'more than may be spent on one conversation',
  refused: 'the model would not read them',
};

/** `summary.md`: what a person reads. A pure function of the summary, so that the two can never tell different things. */
export function renderSummary(summary: Summary): string {
  const name = namesIn(summary);
  const citations = createCitations(summary.conversation);
  const section = (title: string, items: readonly string[]): string[] =>
    items.length === 0 ? [] : ['', `## ${title}`, '', ...items.map((item) => `- ${item}`)];
  const said = (text: string, cites: readonly string[], isUnsupported = false): string =>
    `${escapeMarkdown(text)}${isUnsupported ? unproved : ''}${citations.link(cites)}`;
  const lines = [
    `# ${escapeMarkdown(summary.headline)}`,
    '',
    factsOf(summary),
    '',
    methodOf(summary),
    ...leftOut(summary),
    ...section(
      'Summary',
      summary.summary.map(({ text, cites, isUnsupported }) => said(text, cites, isUnsupported)),
    ),
    ...section(
      'Decisions',
      summary.decisions.map(({ text, cites, isUnsupported }) => said(text, cites, isUnsupported)),
    ),
    ...section(
      summary.method === 'extract' ? 'Said they would' : 'To do',
      summary.actionItems.map(
        (item) =>
          `${ownerOf(item, name)}${said(item.text, [item.messageId], item.isUnsupported)}${stateOf(item)}`,
      ),
    ),
    ...section(
      'Left open',
      summary.openQuestions.map(
        ({ text, by, messageId, isUnsupported }) => `${name(by)}: ${said(text, [messageId], isUnsupported)}`,
      ),
    ),
    ...section('Topics', summary.topics.map(escapeMarkdown)),
    ...section('Key phrases', summary.keyPhrases.map(escapeMarkdown)),
    ...section('Mood and intent', moodOf(summary, citations)),
    ...section(
      'Participants',
      summary.participants.map((person) => `${name(person.id)} (${person.messages})`),
    ),
    '',
    escapeMarkdown(`Conversation: ${summary.conversation.channel} ${summary.conversation.id}`),
  ];
  return `${[...lines, '', ...citations.definitions()].join('\n').trimEnd()}\n`;
}

function namesIn({ participants }: Summary): (id: string) => string {
  const names = new Map(participants.map((person) => [person.id, nameOf(person)]));
  return (id) => escapeMarkdown(names.get(id) ?? nameOf({ id }));
}

/** An extract quotes the request that somebody took on. */
function ownerOf({ owner, text }: ActionItem, name: (id: string) => string): string {
  if (owner === undefined) return '';
  return `${name(owner)}${text.trimEnd().endsWith('?') ? ' agreed to' : ''}: `;
}

function stateOf({ due, status }: ActionItem): string {
  const told = [...(due === undefined ? [] : [`due ${due}`]), ...(status === 'open' ? [] : [status])];
  return told.length === 0 ? '' : ` (${told.join(', ')})`;
}

function moodOf({ sentiment, intent }: Summary, citations: Citations): string[] {
  const turned =
    sentiment?.turnedAt === undefined ? '' : `, turned at${citations.link([sentiment.turnedAt])}`;
  return [
    ...(sentiment ? [`Mood: ${sentiment.value}${turned}`] : []),
    ...(intent === undefined ? [] : [`Intent: ${escapeMarkdown(intent)}`]),
  ];
}

function methodOf({ method, model }: Summary): string {
  return method === 'extract'
    ? '*An automatic extract: every sentence is a quote from the conversation.*'
    : `*Written by the language model ${escapeMarkdown(model)} from the conversation. The numbers lead to the messages.*`;
}

function leftOut({ leftOut: stretches = [] }: Summary): string[] {
  return stretches.flatMap(({ messages, reason }) => [
    '',
    `**It knows nothing of ${messages} ${messages === 1 ? 'message' : 'messages'}: ${reasons[reason]}.**`,
  ]);
}

function factsOf({ messageCount, period, language }: Summary): string {
  const minute = (time: string): string => time.slice(0, 16).replace('T', ' ');
  const span =
    period.from === period.to ? minute(period.from) : `${minute(period.from)} to ${minute(period.to)}`;
  return `${messageCount} ${messageCount === 1 ? 'message' : 'messages'}, ${span} UTC, language ${escapeMarkdown(language)}`;
}
