import { escapeMarkdown } from '../markdown.ts';
import { describeCost } from '../models/language/prices.ts';
import type { Digest } from './digest.ts';

const mostShown = 500;

/** The digest of a night for reading; the JSON has all of it. */
export function renderDigest(digest: Digest): string {
  const { night, found, done, failed, postponed, postponedCount, conversations } = digest;
  const section = (title: string, items: readonly string[], count = items.length): string[] => {
    const shown = items.slice(0, mostShown);
    if (count === 0) return [];
    const more = count > shown.length ? [`- and ${count - shown.length} more`] : [];
    return ['', `## ${title}`, '', ...shown.map((item) => `- ${item}`), ...more];
  };
  const waiting = postponedCount > 0 ? `, ${postponedCount} postponed` : '';
  return `${[
    `# Night of ${night}`,
    '',
    `${found} ${found === 1 ? 'conversation' : 'conversations'} to look at: ${done} done, ${failed.length} failed${waiting}.`,
    ...tokensLine(digest),
    ...section(
      'Conversations',
      conversations.map(
        ({ channel, headline }) => `${escapeMarkdown(headline)} (${escapeMarkdown(channel)})`,
      ),
    ),
    ...section(
      'Failed',
      failed.map(({ channel, id, code, reason }) => escapeMarkdown(`${channel} ${id}: ${code}. ${reason}`)),
    ),
    ...section(
      'Postponed: the tokens of the run were spent; these come first in the next one',
      postponed.map(({ channel, id }) => escapeMarkdown(`${channel} ${id}`)),
      postponedCount,
    ),
  ].join('\n')}\n`;
}

function tokensLine({ tokens, cost }: Digest): string[] {
  if (tokens.calls === 0) return [];
  const { calls, input, output } = tokens;
  const price = cost === undefined ? '' : `, ${describeCost(cost)}`;
  return ['', `Language model: ${calls} calls, ${input} tokens of input, ${output} of output${price}.`];
}
