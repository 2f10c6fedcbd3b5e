import * as z from 'zod';

/**
 * Where a conversation lives: `channel` is `chat`, `sms`, …; `id` is that channel's own key. Chat: the thread id. SMS and
 * WhatsApp: our number or channel and theirs. Email: the id of the mail that began it.
 */
export interface ConversationKey {
  channel: string;
  id: string;
}

/** `id` is an identity, one string everywhere: `8:acs:…`, `4:+15551230001`, `mailto:joe@example.com`, `whatsapp:<BSUID>`. */
const person = z.object({ id: z.string(), name: z.string().optional() });

/** What came with a message, or went with it. The bytes are in the container `media` once an `attachment` entry says so. */
export const attachment = z.object({
  /** The provider's own id, or the hash of the content. */
  id: z.string(),
  /** A media type such as `image/jpeg`. */
  type: z.string(),
  name: z.string().optional(),
  /** Bytes. */
  size: z.int().nonnegative().optional(),
  /** Name of the blob in the container `media`; absent until it is kept there. */
  blob: z.string().optional(),
  /** Why it is not kept, in words for an operator. */
  problem: z.string().optional(),
});

/** What a reader should know of a message that its text does not say. */
const mark = z.enum(['auto-reply', 'bounce', 'unverified-sender']);

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
  /** Other identities of the sender that the message shows: a WhatsApp number beside the BSUID. */
  alsoKnownAs: z.array(z.string()).optional(),
  /** Who had it sent by us: the name that the caller of the send API gave. */
  sentBy: z.string().optional(),
  /** The id of the message that it answers. */
  replyTo: z.string().optional(),
  /** Email. */
  subject: z.string().optional(),
  /** Email: who it was addressed to, copies included. */
  to: z.array(person).optional(),
  attachments: z.array(attachment).optional(),
  /** Email: the history below the new text, which `text` leaves out. */
  quoted: z.string().optional(),
  marks: z.array(mark).optional(),
  /** The provider's payload, where this version does not know its kind of message. */
  original: z.unknown().optional(),
};

const messageEntry = z.object({ kind: z.literal('message'), ...happening, ...content });
const editEntry = z.object({ kind: z.literal('edit'), ...happening, ...content });
const deleteEntry = z.object({ kind: z.literal('delete'), ...happening, messageId: z.string() });
const participantEntry = z.object({
  kind: z.literal('participant'),
  ...happening,
  participant: person,
  change: z.enum(['added', 'removed']),
  /** Chat: the part of the history from here on is shown to them, too. */
  shareHistoryTime: z.iso.datetime().optional(),
});
/** How far a message that we sent has come, and with whom. */
const receiptEntry = z.object({
  kind: z.literal('receipt'),
  ...happening,
  messageId: z.string(),
  /** An identity; absent where the provider does not tell. */
  recipient: z.string().optional(),
  status: z.enum(['sent', 'delivered', 'read', 'clicked', 'failed']),
  /** The provider's own code and words. */
  code: z.string().optional(),
  reason: z.string().optional(),
});
/** One register for each person and message; without `emoji` it is taken back. */
const reactionEntry = z.object({
  kind: z.literal('reaction'),
  ...happening,
  messageId: z.string(),
  sender: person,
  emoji: z.string().optional(),
});
/** An attachment that has been kept, or cannot be. */
const attachmentEntry = z.object({
  kind: z.literal('attachment'),
  ...happening,
  messageId: z.string(),
  attachment,
});
/** What reading a message came to: its language, what its sender wants, what it is about. */
export const analysis = z.object({
  /** Who read it: the provider of the channel, or Parley. */
  by: z.enum(['provider', 'parley']),
  language: z
    .object({
      /** ISO 639-1, or `und` where it cannot be told. */
      code: z.string(),
      /** The share of such answers that are right, from 0 to 1; absent where nobody measured it. A provider's is its word. */
      confidence: z.number().min(0).max(1).optional(),
    })
    .optional(),
  act: z.enum(['question', 'request', 'complaint', 'greeting', 'other']).optional(),
  /** What the sender wants, in words for a person: a sentence. */
  intent: z.string().optional(),
  keyPhrases: z.array(z.string()).optional(),
  sentiment: z.object({ score: z.number().optional(), description: z.string().optional() }).optional(),
  translation: z.string().optional(),
});
/** One register for each message, its version and who read it. It changes nothing of what was said. */
const analysisEntry = z.object({
  kind: z.literal('analysis'),
  ...happening,
  /** Absent where a provider does not tell it: then `matches` says which message it is about. */
  messageId: z.string().optional(),
  /** The version of the message that was read: an edit makes its analysis void. Absent where a provider does not tell it. */
  of: z.string().optional(),
  matches: z
    .object({
      sender: z.string(),
      /** SHA-256 of the text as UTF-8, hexadecimal, and its length in UTF-16 units, so that few texts need be hashed. */
      textHash: z.string(),
      length: z.int().nonnegative(),
      /** When the message was sent, about. */
      at: z.iso.datetime(),
    })
    .optional(),
  analysis,
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
  receiptEntry,
  reactionEntry,
  attachmentEntry,
  analysisEntry,
]);

export type Attachment = z.infer<typeof attachment>;
export type Mark = z.infer<typeof mark>;
export type Person = z.infer<typeof person>;
export type ContentEntry = z.infer<typeof messageEntry> | z.infer<typeof editEntry>;
export type ReceiptEntry = z.infer<typeof receiptEntry>;
export type ReactionEntry = z.infer<typeof reactionEntry>;
export type AttachmentEntry = z.infer<typeof attachmentEntry>;
export type AnalysisEntry = z.infer<typeof analysisEntry>;
export type Analysis = z.infer<typeof analysis>;
export type TranscriptEntry = z.infer<typeof transcriptEntry>;
