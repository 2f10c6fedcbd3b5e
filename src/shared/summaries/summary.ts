import * as z from 'zod';

/** What `summary.json` holds. Its JSON schema stands in docs/summary.schema.json. */
export const summarySchema = z
  .object({
    conversation: z.object({ channel: z.string(), id: z.string() }),
    source: z
      .object({
        version: z
          .string()
          .describe('Of the transcript it was made from: SHA-256 over its segments, hexadecimal'),
        segments: z.int().nonnegative(),
        length: z.int().nonnegative().describe('Bytes'),
      })
      .describe('The transcript that was read'),
    at: z.iso.datetime().describe('When it was made, UTC'),
    method: z
      .enum(['extract', 'model'])
      .describe('extract: quotes found by rule; model: written by a language model'),
    headline: z.string(),
    summary: z.array(z.object({ text: z.string(), cites: z.array(z.string()).describe('Message ids') })),
    topics: z.array(z.string()),
    keyPhrases: z.array(z.string()),
    openQuestions: z.array(
      z.object({ text: z.string(), messageId: z.string(), by: z.string().describe('Participant id') }),
    ),
    actionItems: z.array(
      z.object({ text: z.string(), messageId: z.string(), owner: z.string().describe('Participant id') }),
    ),
    participants: z.array(
      z.object({ id: z.string(), name: z.string().optional(), messages: z.int().nonnegative() }),
    ),
    period: z
      .object({ from: z.iso.datetime(), to: z.iso.datetime() })
      .describe('First and last message, UTC'),
    messageCount: z.int().positive(),
    language: z.string().describe('ISO 639-1, or und where it cannot be told'),
  })
  .meta({ title: 'Summary of a conversation' });

export type Summary = z.infer<typeof summarySchema>;
