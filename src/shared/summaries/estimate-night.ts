import pMap from 'p-map';
import { addUsage, noUsage, type Usage } from '../models/language/allowance.ts';
import { createByteBudget } from './byte-budget.ts';
import { bytesOf, groupByBytes, mostBytes } from './group-by-bytes.ts';
import type { StaleConversation } from './list-stale.ts';
import { lookAtConversation, type SummarizeDependencies } from './look-at-conversation.ts';
import { chunkSize, type NightFiles } from './night-files.ts';
import { missingPlan } from './summarize-chunk.ts';

/** What the conversations of a chunk would take at most, from one of them on. */
export interface ChunkEstimate {
  /** Conversations whose summary the model would write. */
  conversations: number;
  calls: number;
  inputTokens: number;
  outputTokens: number;
  /** Of these, what would go through batches. */
  batchInputTokens: number;
  batchOutputTokens: number;
  /** Where another call goes on, where there was no time for all. */
  next?: number;
}

/** An activity looks at no further conversation after this long. */
const estimateMilliseconds = 3 * 60_000;
/** The steps of a dry run of their own; it plans as a night does. They write nothing. */
export function createDryRun(dependencies: SummarizeDependencies & { files: NightFiles }) {
  const { files, clock, model } = dependencies;
  const withinBudget = createByteBudget(mostBytes);

  /** Of those whose summary is to be written. */
  async function estimate(group: readonly StaleConversation[]): Promise<Usage[]> {
    const seen = await pMap(group, (one) => lookAtConversation(one, dependencies), { concurrency: 4 });
    const jobs = seen.flatMap((each) => (each.state === 'write' ? [each.job] : []));
    return jobs.length === 0 ? [] : model.estimate(jobs);
  }

  async function estimateChunk(at: {
    night: string;
    plan: number;
    chunk: number;
    from: number;
  }): Promise<ChunkEstimate> {
    const planned = await files.readPlan(at.night, at.plan);
    if (planned.length === 0) throw missingPlan();
    const chunk = planned.slice(at.chunk * chunkSize, (at.chunk + 1) * chunkSize);
    const end = clock().getTime() + estimateMilliseconds;
    let usage: Usage = noUsage;
    let conversations = 0;
    let place = at.from;
    // As the night groups them, so that the model counts the calls that they share.
    for (const group of groupByBytes(chunk.slice(at.from), model)) {
      if (place > at.from && clock().getTime() >= end) break;
      const estimates = await withinBudget(bytesOf(group), () => estimate(group));
      usage = estimates.reduce(addUsage, usage);
      conversations += estimates.length;
      place += group.length;
    }
    const { calls, inputTokens, outputTokens, batchInputTokens = 0, batchOutputTokens = 0 } = usage;
    const tokens = { inputTokens, outputTokens, batchInputTokens, batchOutputTokens };
    const counts = { conversations, calls, ...tokens };
    return place < chunk.length ? { ...counts, next: place } : counts;
  }

  /** Leaves nothing of a dry run. */
  async function clear({ night }: { night: string }): Promise<void> {
    await files.removeAll(night);
  }

  return { estimateChunk, clear };
}
