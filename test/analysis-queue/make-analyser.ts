import { setTimeout as wait } from 'node:timers/promises';
import { createConversationAnalyser } from '../../src/shared/analysis/analyse-conversation.ts';
import { openAnalysisClaims } from '../../src/shared/analysis/analysis-claims.ts';
import type { AnalysisModel, TextAnalysis } from '../../src/shared/analysis/analysis-model.ts';
import type { AnalysisOrder } from '../../src/shared/analysis/analysis-order.ts';
import { createStrayGatherer } from '../../src/shared/analysis/gather-strays.ts';
import type { Channel } from '../../src/shared/channels/channel.ts';
import type { Container } from '../../src/shared/storage/container.ts';
import { conversationPath } from '../../src/shared/transcripts/conversation-path.ts';
import type { ContentEntry, ConversationKey, TranscriptEntry } from '../../src/shared/transcripts/entry.ts';
import { rewriteTranscript } from '../../src/shared/transcripts/rewrite.ts';
import { openTranscripts, type TranscriptStore } from '../../src/shared/transcripts/store.ts';

/** Shared by all processes of a test. */
export interface Blobs {
  transcripts: Container;
  analysis: Container;
}

/** Reads every text as its own length, and remembers what it read; `before` may wait, or fail. */
export function watchedModel(before: (texts: readonly string[], signal?: AbortSignal) => unknown = () => {}) {
  const batches: string[][] = [];
  const asked: { sender?: string | undefined; prior?: string | undefined }[] = [];
  const model: AnalysisModel = {
    method: 'extract',
    async analyse(texts, { signal } = {}) {
      const read = texts.map(({ text }) => text);
      await before(read, signal);
      batches.push(read);
      asked.push(...texts.map(({ sender, prior }) => ({ sender, prior })));
      return read.map(
        (text): TextAnalysis => ({ language: { code: 'en' }, act: 'other', intent: `says ${text}` }),
      );
    },
  };
  return {
    model,
    batches,
    asked,
    /** How often each text was read. */
    timesRead: () => {
      const times = new Map<string, number>();
      for (const text of batches.flat()) times.set(text, (times.get(text) ?? 0) + 1);
      return times;
    },
  };
}

interface ProcessOptions {
  model: AnalysisModel;
  channels?: readonly Channel[];
  clock?: () => Date;
  leaseMilliseconds?: number;
  milliseconds?: number;
  /** Around every append, to fail or to wait there. */
  append?: (store: TranscriptStore, ...all: Parameters<TranscriptStore['append']>) => Promise<void>;
}

/** One process of the app, as far as it analyses. */
export function startAnalyser(blobs: Blobs, options: ProcessOptions) {
  const { model, channels = [], clock = () => new Date(), leaseMilliseconds, milliseconds } = options;
  const store = openTranscripts(blobs.transcripts, { segmentBytes: 64 * 1024 ** 2 });
  const append: TranscriptStore['append'] = (...all) =>
    options.append ? options.append(store, ...all) : store.append(...all);
  const transcripts = { ...store, append };
  const strays = createStrayGatherer({
    channels,
    transcripts,
    removeEntries: (path, isToGo, { signal }) =>
      rewriteTranscript(blobs.transcripts, path, (entry) => (isToGo(entry) ? undefined : entry), {
        holder: 'test',
        signal,
      }),
  });
  const claims = openAnalysisClaims(blobs.analysis, { clock, leaseMilliseconds });
  const analyser = createConversationAnalyser(
    { transcripts, claims, strays, model, clock },
    { pauseMilliseconds: 20, milliseconds },
  );
  return {
    store,
    claims,
    analyse: (order: AnalysisOrder, signal = AbortSignal.timeout(60_000)) =>
      analyser.analyse(order, { signal }),
    giveUp: (order: AnalysisOrder) => analyser.giveUp(order, { signal: AbortSignal.timeout(10_000) }),
  };
}

export const chatKey: ConversationKey = { channel: 'chat', id: '19:analysis@thread.v2' };

let orders = 0;

/** An order as the webhook puts it, each at another time. */
export function orderOf(key: ConversationKey = chatKey): AnalysisOrder {
  orders += 1;
  return { ...key, at: new Date(Date.parse('2026-11-23T10:00:00Z') + orders).toISOString() };
}

export function messageOf(
  number: number,
  {
    key = chatKey,
    text = `message ${number}`,
    ...more
  }: Partial<ContentEntry> & { key?: ConversationKey } = {},
): ContentEntry {
  const at = new Date(Date.parse('2026-11-23T09:00:00Z') + number * 1_000).toISOString();
  const version = String(Date.parse(at));
  return {
    kind: 'message',
    id: `message:${number}:${version}`,
    conversation: key.id,
    version,
    at,
    messageId: String(number),
    sender: { id: '8:acs:ada', name: 'Ada' },
    text,
    composedAt: at,
    ...more,
  };
}

export function messages(count: number, from = 0): TranscriptEntry[] {
  return Array.from({ length: count }, (_, index) => messageOf(from + index));
}

/** Ids of messages with the intent that was found. */
export async function intentsIn(
  store: TranscriptStore,
  key: ConversationKey = chatKey,
): Promise<[string, string | undefined][]> {
  const transcript = await store.read(conversationPath(key));
  return transcript?.conversation.messages.map(({ id, analysis }) => [id, analysis?.intent]) ?? [];
}

/** How many lines of the transcript are analyses. */
export async function analysisLines(store: TranscriptStore, key: ConversationKey = chatKey): Promise<number> {
  let count = 0;
  await store.readEntries(conversationPath(key), ({ kind }) => {
    if (kind === 'analysis') count += 1;
  });
  return count;
}

export async function until(isSo: () => boolean | Promise<boolean>): Promise<void> {
  for (const end = performance.now() + 20_000; !(await isSo()); await wait(10)) {
    if (performance.now() > end) throw new Error('waited in vain');
  }
}
