import type { Conversation } from '../transcripts/conversation.ts';

/** What a model finds in a conversation. Every id is a message id or a participant id of that conversation. */
export interface SummaryContent {
  /** One line that tells this conversation from others. */
  headline: string;
  /** In the order of the conversation; each sentence names the messages it rests on. */
  summary: { text: string; cites: string[] }[];
  topics: string[];
  keyPhrases: string[];
  openQuestions: { text: string; messageId: string; by: string }[];
  actionItems: { text: string; messageId: string; owner: string }[];
  /** ISO 639-1, or `und` when it cannot be told. */
  language: string;
}

/** The port behind which every way of summarizing stands: offline extraction today, language models beside it. */
export interface SummaryModel {
  /** `extract` quotes the conversation; `model` writes about it. */
  readonly method: 'extract' | 'model';
  /** Never called with a conversation that has no messages. */
  summarize(conversation: Conversation, options?: { signal?: AbortSignal }): Promise<SummaryContent>;
}
