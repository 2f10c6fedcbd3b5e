import { createHash } from 'node:crypto';
import * as z from 'zod';

const cites = z.array(z.string()).describe('Message ids');
const participantId = z.string().describe('Participant id');

const isUnsupported = z
  .literal(true)
  .optional()
  .describe('A number or a name in it stands in none of the messages that it cites');

export const actionItem = z.object({
  id: z
    .string()
    .describe('The same in every night: it tells one action item from others of the conversation'),
  text: z.string(),
  messageId: z.string().describe('Where it was said'),
  owner: participantId.optional().describe('Participant id of who said they would; absent where nobody did'),
  due: z.iso.date().optional(),
  status: z.enum(['open', 'done', 'dropped']),
  isUnsupported,
});

/** What a model finds in a conversation. Every id is a message id or a participant id of that conversation. */
export const summaryContent = z.object({
  headline: z.string().describe('One line that tells this conversation from others'),
  summary: z
    .array(z.object({ text: z.string(), cites, isUnsupported }))
    .describe('In the order of the conversation; each sentence names the messages it rests on'),
  topics: z.array(z.string()),
  keyPhrases: z.array(z.string()),
  decisions: z.array(z.object({ text: z.string(), cites, isUnsupported })),
  openQuestions: z.array(
    z.object({ text: z.string(), messageId: z.string(), by: participantId, isUnsupported }),
  ),
  actionItems: z.array(actionItem),
  sentiment: z
    .object({
      value: z.enum(['positive', 'neutral', 'negative', 'mixed']),
      turnedAt: z.string().optional().describe('Message id, where it changed'),
    })
    .optional()
    .describe('Absent in extracts'),
  intent: z.string().optional().describe('What the person who is no staff wants; absent in extracts'),
  leftOut: z
    .array(
      z.object({
        from: z.string().describe('Message id of the first'),
        to: z.string().describe('Message id of the last'),
        messages: z.int().positive(),
        reason: z
          .enum(['limit', 'refused'])
          .describe(
            'limit: more than may be spent on one conversation; refused: the model would not read them',
          ),
      }),
    )
    .optional()
    .describe('Stretches of the conversation that the summary knows nothing of'),
  language: z.string().describe('Of the conversation: ISO 639-1, or und where it cannot be told'),
  summaryLanguage: z.string().describe('What the summary is written in, likewise'),
});

export type SummaryContent = z.infer<typeof summaryContent>;
export type ActionItem = z.infer<typeof actionItem>;

/** The id of an action item that is new: of what was said and where, so that the same is found again. */
export function actionItemId({ messageId, text }: Pick<ActionItem, 'messageId' | 'text'>): string {
  return createHash('sha256')
    .update(JSON.stringify([messageId, text]))
    .digest('hex')
    .slice(0, 16);
}
