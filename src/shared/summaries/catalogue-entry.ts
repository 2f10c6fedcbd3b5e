import * as z from 'zod';
import { searchWords } from '../search/search-words.ts';
import type { Summary } from './summary.ts';

const noted = { path: z.string(), at: z.string() };

/** What is needed of one summary to find it among all: what it says stands in the summary alone. */
export const catalogueEntry = z.object({
  ...noted,
  conversation: z.object({ channel: z.string(), id: z.string() }),
  period: z.object({ from: z.string(), to: z.string() }),
  /** Words of `searchWords`, with spaces between them: of headline and topics, and of everything. */
  title: z.string(),
  text: z.string(),
  actionItems: z.array(
    z.object({
      id: z.string(),
      owner: z.string().optional(),
      due: z.string().optional(),
      status: z.enum(['open', 'done', 'dropped']),
    }),
  ),
});

/** A line of the catalogue: of a conversation the one that was noted last counts. */
export const catalogueLine = z.union([catalogueEntry, z.object({ ...noted, isGone: z.literal(true) })]);

export type CatalogueEntry = z.infer<typeof catalogueEntry>;
export type CatalogueLine = z.infer<typeof catalogueLine>;

/** In characters: what is beyond is not found. */
const longestText = 16_000;

export function entryOf(path: string, summary: Summary, at: Date): CatalogueEntry {
  const { conversation, period, headline, topics, actionItems } = summary;
  return {
    path,
    at: at.toISOString(),
    conversation,
    period,
    title: wordsOf([headline, ...topics]),
    text: wordsOf([
      ...summary.summary.map(({ text }) => text),
      ...summary.keyPhrases,
      ...summary.decisions.map(({ text }) => text),
      ...summary.openQuestions.map(({ text }) => text),
      ...actionItems.map(({ text }) => text),
      ...summary.participants.flatMap(({ name }) => name ?? []),
      summary.intent ?? '',
    ]),
    actionItems: actionItems.map(({ id, owner, due, status }) => ({ id, owner, due, status })),
  };
}

function wordsOf(texts: readonly string[]): string {
  const words = searchWords(texts.join('\n')).join(' ');
  return words.length <= longestText ? words : words.slice(0, words.lastIndexOf(' ', longestText));
}
