import { escapeMarkdown } from '../markdown.ts';
import type { Digest } from './digest.ts';

const mostShown = 500;

/** The digest of a night for reading; the JSON has all of it. */
export function renderDigest({ night, found, done, failed, conversations }: Digest): string {
  const section = (title: string, items: readonly string[]): string[] =>
    items.length === 0
      ? []
      : [
          '',
          `## ${title}`,
          '',
          ...items.slice(0, mostShown).map((item) => `- ${item}`),
          ...(items.length > mostShown ? [`- and ${items.length - mostShown} more`] : []),
        ];
  return `${[
    `# Night of ${night}`,
    '',
    `${found} ${found === 1 ? 'conversation' : 'conversations'} to look at: ${done} done, ${failed.length} failed.`,
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
  ].join('\n')}\n`;
}
