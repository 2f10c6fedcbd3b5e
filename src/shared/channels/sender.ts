import type { Conversation } from '../transcripts/conversation.ts';
import type { ConversationKey, TranscriptEntry } from '../transcripts/entry.ts';

/** What is to be sent: exactly one of four kinds. */
export type OutgoingContent =
  | { text: string }
  | { html: string; text?: string; subject?: string }
  | { media: OutgoingMedia }
  | { template: OutgoingTemplate };

export interface OutgoingMedia {
  /** Public https address: the provider fetches it. */
  url: string;
  kind: 'image' | 'document' | 'video' | 'audio';
  caption?: string;
  fileName?: string;
}

/** A WhatsApp template, approved at Meta; `values` and `bindings` are those of the ACS Messages API. */
export interface OutgoingTemplate {
  name: string;
  language: string;
  values?: Record<string, unknown>[];
  bindings?: Record<string, unknown>;
}

export interface Outgoing {
  content: OutgoingContent;
  /** The id of the message that it answers. */
  replyTo?: string;
  /** Who has it sent; kept with the message. */
  sentBy: string;
  /** Set where the message begins a conversation. */
  opening?: Opening;
  /** Email: whom it goes to and what it answers, settled before the first try. */
  envelope?: Envelope;
  /** SMS: confirms to whoever just opted out that they did, the one message that may still go to them. */
  isOptOutReply?: boolean;
}

export interface Envelope {
  from: string;
  to: string[];
  subject: string;
  headers: Record<string, string>;
}

/** Whom a new conversation is with; what each text means is the channel's. */
export interface Opening {
  to: string[];
  /** Our number, channel or address; the one in the settings where it is left out. */
  from?: string;
  /** Chat: the thread's topic. Email: the subject, where the content has none. */
  topic?: string;
}

export interface Attempt {
  /** A UUID, the same for every try of this message: what the provider knows the message by, where it can. */
  id: string;
  /** When the first try began. */
  firstTriedAt: Date;
  /** When this one began. */
  triedAt: Date;
  /** True where an earlier try may have reached the provider. */
  isRepeated: boolean;
  signal: AbortSignal;
}

export interface Sent {
  /** The id that later events give the message. */
  messageId: string;
  /** What goes into the transcript: at least the message. */
  entries: TranscriptEntry[];
  /** SMS: into how many parts the text is divided, each of which is charged. */
  segments?: number;
}

/**
 * How a channel sends. Every method throws a `ParleyError` where the caller is to be told: `bad_request`, `too_large`,
 * `opted_out`, `whatsapp_window_closed`, `not_a_participant`, `not_configured`, `provider_refused` for good,
 * `provider_unavailable` where trying again may help.
 */
export interface Sender {
  /** Refuses what this channel cannot carry or could not begin, whoever it is for: nothing is looked up. */
  checkContent(outgoing: Outgoing): void;
  /**
   * Settles, before it is written down, what depends on the settings or on the conversation as it stands: every try must
   * send the same, or the provider takes it for another message. The conversation is empty where one is to begin.
   */
  settle?(outgoing: Outgoing, conversation: Conversation): Outgoing;
  /** The conversation that an opening begins or joins. Called again with the same attempt id, it is the same one. */
  open(opening: Opening, attempt: Attempt): Promise<ConversationKey>;
  /** Refuses what must not be sent into the conversation as it stands; has no effect. */
  check(outgoing: Outgoing, conversation: Conversation, options: { signal: AbortSignal }): Promise<void>;
  /** With the same attempt id it has one effect, as far as the provider can tell. */
  send(outgoing: Outgoing, conversation: Conversation, attempt: Attempt): Promise<Sent>;
}
