import * as z from 'zod';

/** Where a conversation lives: `channel` is `chat`, `sms`, …; `id` is that channel's own key (chat: the thread id). */
export interface ConversationKey {
  channel: string;
  id: string;
}

const person = z.object({ id: z.string(), name: z.string().optional() });

const happening = {
  /** Kind, thing and version: equal for every delivery of the same happening, whichever event family brought it. */
  id: z.string(),
  /** The conversation's own id, so that a line explains itself without the name of its blob. */
  conversation: z.string(),
  /** Decimal text without leading zeros, compared as an integer of any size. */
  version: z.string().regex(/^(0|[1-9]\d*)$/),
  /** When it happened, ISO 8601 in UTC with milliseconds. */
  at: z.iso.datetime(),
};

const content = {
  messageId: z.string(),
  sender: person,
  /** What a person reads: for HTML messages its plain-text form. */
  text: z.string(),
  /** The original of an HTML message. */
  html: z.string().optional(),
  /** When the message was first sent; an edit that does not tell leaves it out. */
  composedAt: z.iso.datetime().optional(),
  metadata: z.record(z.string(), z.string()).optional(),
};

const messageEntry = z.object({ kind: z.literal('message'), ...happening, ...content });
const editEntry = z.object({ kind: z.literal('edit'), ...happening, ...content });
const deleteEntry = z.object({ kind: z.literal('delete'), ...happening, messageId: z.string() });
const participantEntry = z.object({
  kind: z.literal('participant'),
  ...happening,
  participant: person,
  change: z.enum(['added', 'removed']),
});
const topicEntry = z.object({ kind: z.literal('topic'), ...happening, topic: z.string() });
const threadEntry = z.object({
  kind: z.literal('thread'),
  ...happening,
  change: z.enum(['created', 'deleted']),
});

/** One line of a transcript: something that happened in a conversation. Lines are appended and never changed. */
export const transcriptEntry = z.discriminatedUnion('kind', [
  messageEntry,
  editEntry,
  deleteEntry,
  participantEntry,
  topicEntry,
  threadEntry,
]);

export type Person = z.infer<typeof person>;
export type ContentEntry = z.infer<typeof messageEntry> | z.infer<typeof editEntry>;
export type TranscriptEntry = z.infer<typeof transcriptEntry>;
