import * as z from 'zod';
import { transcriptEntry } from '../transcripts/entry.ts';

const opening = z.object({
  to: z.array(z.string()),
  from: z.string().optional(),
  topic: z.string().optional(),
});

const content = z.union([
  z.object({ html: z.string(), text: z.string().optional(), subject: z.string().optional() }),
  z.object({ text: z.string() }),
  z.object({
    media: z.object({
      url: z.string(),
      kind: z.enum(['image', 'document', 'video', 'audio']),
      caption: z.string().optional(),
      fileName: z.string().optional(),
    }),
  }),
  z.object({
    template: z.object({
      name: z.string(),
      language: z.string(),
      values: z.array(z.record(z.string(), z.unknown())).optional(),
      bindings: z.record(z.string(), z.unknown()).optional(),
    }),
  }),
]);

const envelope = z.object({
  from: z.string(),
  to: z.array(z.string()),
  subject: z.string(),
  headers: z.record(z.string(), z.string()),
});

const outgoing = z.object({
  content,
  replyTo: z.string().optional(),
  sentBy: z.string(),
  opening: opening.optional(),
  envelope: envelope.optional(),
  isOptOutReply: z.boolean().optional(),
});

/** What the outbox knows of one message that is to be sent. */
export const send = z.object({
  sendId: z.string(),
  channel: z.string(),
  /** The conversation's id; absent until a conversation that is to begin has one. */
  conversation: z.string().optional(),
  /** SHA-256 of the request, by which a repeat is told from another request with the same key. */
  bodyHash: z.string(),
  /** `intended` may have been sent; `sent` has been, but may not be in the transcript yet. */
  state: z.enum(['intended', 'sent', 'recorded', 'failed']),
  /** Absent once it is recorded. */
  outgoing: outgoing.optional(),
  /** ISO 8601 UTC, as all times here. */
  createdAt: z.string(),
  /** How often sending was begun. */
  tries: z.int(),
  /** Who is at it, until when nobody else may be. */
  claim: z.object({ holder: z.string(), until: z.string() }).optional(),
  nextTryAt: z.string().optional(),
  messageId: z.string().optional(),
  segments: z.int().optional(),
  entries: z.array(transcriptEntry).optional(),
  /** Why it failed, or why it is tried again. */
  problem: z
    .object({ code: z.string(), message: z.string(), details: z.record(z.string(), z.unknown()).optional() })
    .optional(),
});

export type Send = z.infer<typeof send>;

/** True where nothing is left to do. */
export function isSettled({ state }: Send): boolean {
  return state === 'recorded' || state === 'failed';
}
