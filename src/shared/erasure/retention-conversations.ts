import { type MergedPosition, mergeListings } from '../summaries/merge-listings.ts';
import type { TranscriptStore } from '../transcripts/store.ts';
import { type BatchDependencies, createSweepBatch } from './retention-batch.ts';
import { type Due, toDue } from './retention-due.ts';
import type { RetentionPeriods } from './retention-periods.ts';
import type { RetentionStep } from './retention-step.ts';

export interface ConversationsDependencies extends BatchDependencies {
  transcripts: BatchDependencies['transcripts'] & Pick<TranscriptStore, 'list'>;
  periods: RetentionPeriods;
  /** Paths of the conversations that are left alone. */
  readHeld(options: { signal: AbortSignal }): Promise<ReadonlySet<string>>;
  batchSize?: number;
  /** What the state holds before the stores are swept of what was made from them. */
  mostTouched?: number;
}

/** Of all conversations in a batch, in bytes; a larger one is taken alone. */
const mostBytes = 64 * 1024 ** 2;

/** Goes through all conversations in key order, and takes out of each what is too old. */
export function createConversationsStep(dependencies: ConversationsDependencies): RetentionStep {
  const { transcripts, summaryBlobs, periods, readHeld, batchSize = 20, mostTouched = 1_000 } = dependencies;
  const sweepBatch = createSweepBatch(dependencies);

  return async (begun, { isTimeUp, save, signal }) => {
    let reading: Promise<ReadonlySet<string>> | undefined;
    /** Once a call: there are few holds and many conversations. */
    const held = () => {
      reading ??= readHeld({ signal });
      return reading;
    };
    let state = begun;
    let batch: Due[] = [];
    let seen = 0;
    const finishBatch = async (position: MergedPosition | undefined): Promise<void> => {
      const swept = batch.length > 0 ? await sweepBatch(state, batch, { held, save, signal }) : state;
      const counts = { ...swept.counts, conversations: swept.counts.conversations + seen };
      state = { ...swept, counts, position };
      batch = [];
      seen = 0;
    };

    let last = begun.position;
    for await (const merged of mergeListings(transcripts, summaryBlobs, begun.position)) {
      const due = toDue(merged, periods, begun.startedAt);
      if (due && batch.length > 0 && bytesOf(batch) + due.length > mostBytes) await finishBatch(last);
      if (due) batch.push(due);
      if (merged.listed) seen += 1;
      last = merged.position;
      const isFull = state.touched.length >= mostTouched;
      if (batch.length < batchSize && !isTimeUp() && !isFull) continue;
      await finishBatch(last);
      if (state.touched.length >= mostTouched) return { state: { ...state, step: 'stores' } };
      if (isTimeUp()) return { state };
      await save(state);
    }
    await finishBatch(undefined);
    return { state: { ...state, isListed: true, step: 'stores' } };
  };
}

function bytesOf(batch: readonly Due[]): number {
  return batch.reduce((sum, { length }) => sum + length, 0);
}
