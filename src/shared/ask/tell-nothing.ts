import { escapeMarkdown } from '../markdown.ts';
import type { LeftOut, Output } from './answer.ts';
import type { Question } from './question.ts';
import { type RenderOptions, titleOf } from './render-answer.ts';

/** An answer that tells of no conversation, but only a text. */
export function nothing(understood: Question, text: string, leftOut: LeftOut[] = []): Output {
  const markdown = `${escapeMarkdown(text)}\n`;
  return {
    status: 'nothing',
    text,
    cites: [],
    overview: [],
    conversations: [],
    leftOut,
    choices: [],
    understood,
    markdown,
  };
}

/** The same whether there is such a person or not. */
export function nobodyText(
  names: readonly string[],
  { me = 'you' }: RenderOptions,
  mine: readonly string[] | undefined,
): string {
  const called = names.map((name) => `"${name}"`).join(' or ');
  const found = mine
    ? `Nobody called ${called} shares a conversation with ${me}, by what ${me} may see.`
    : `Nobody called ${called} takes part in any conversation.`;
  return `${found} Ask again with another spelling, or with a number or an address.`;
}

/** What was asked about, and that nothing was said of it; `others` are conversations that are about something else. */
export function nothingText(question: Question, options: RenderOptions, others: number): string {
  const { topic, ...rest } = question;
  if (topic === undefined || others === 0) return `There is nothing: ${titleOf(question, options)}.`;
  const count = others === 1 ? 'There is one, but it is not' : `There are ${others}, but none of them is`;
  return `${titleOf(rest, options)}: ${count} about "${topic}".`;
}
