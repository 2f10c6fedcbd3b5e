import { ParleyError } from '../errors.ts';
import { isStorageFault } from '../storage/storage-errors.ts';
import {
  type Analysis,
  type ConversationKey,
  type TranscriptEntry,
  transcriptEntry,
} from '../transcripts/entry.ts';
import type { Unread, UnreadMessage } from '../transcripts/unread-message.ts';
import type { AnalysisModel, TextAnalysis } from './analysis-model.ts';

export interface BatchDependencies {
  model: AnalysisModel;
  clock: () => Date;
}

/** What is read at once. */
export interface Batch {
  messages: readonly UnreadMessage[];
  /** The language of the conversation, as far as it is known. */
  prior?: string;
}

const batchSize = 100;
/** UTF-16 units of one text that are read: what somebody wants stands before that. */
const readLength = 4_000;

export function batchesOf({ messages, language }: Unread): Batch[] {
  const prior = language === undefined ? {} : { prior: language };
  const starts = Array.from(
    { length: Math.ceil(messages.length / batchSize) },
    (_, index) => index * batchSize,
  );
  return starts.map((start) => ({ messages: messages.slice(start, start + batchSize), ...prior }));
}

/** What a batch comes to, as entries of its transcript. Throws what the model throws. */
export async function readBatch(
  { id: conversation }: ConversationKey,
  { messages, prior }: Batch,
  { model, clock }: BatchDependencies,
  { signal }: { signal: AbortSignal },
): Promise<TranscriptEntry[]> {
  const texts = messages.map(({ text, senderName: sender }) => ({
    text: text.slice(0, readLength).toWellFormed(),
    sender,
    prior,
  }));
  const readings = await model.analyse(texts, { signal });
  if (readings.length !== messages.length) throw new Error('the model did not read every text');
  const version = String(clock().getTime());
  return messages.map(({ id: messageId, version: of, at, provider }, index) =>
    // Nothing is written that reading would pass over: it would be analysed again and again.
    transcriptEntry.parse({
      kind: 'analysis',
      id: `analysis:${messageId}:${of}:parley:${version}`,
      conversation,
      version,
      // The message's, so that whatever is decided by time is decided alike for both.
      at,
      messageId,
      of,
      analysis: { ...withoutKnown(readings[index] ?? {}, provider), by: 'parley' },
    }),
  );
}

/** What the provider has said of it need not be said again, nor that there are no key phrases. */
function withoutKnown(reading: TextAnalysis, known: Analysis | undefined): TextAnalysis {
  const { keyPhrases = [], ...rest } = reading;
  const told = keyPhrases.length > 0 ? { ...rest, keyPhrases } : rest;
  const members = Object.entries(told).filter(([name]) => known === undefined || !Object.hasOwn(known, name));
  return Object.fromEntries(members);
}

/** Whether another batch can fare better: one that fails for good must not hold up those after it. */
export function isWorthGoingOn(error: unknown): boolean {
  if (isStorageFault(error)) return false;
  return !(error instanceof ParleyError && error.retryable);
}
