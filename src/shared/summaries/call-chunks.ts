import type { OrchestrationContext, Task } from 'durable-functions';
import * as z from 'zod';
import { patience } from '../durable/patience.ts';
import type { PassName } from './batch-pass.ts';
import { addTokens, noTokens, tokensSchema } from './digest.ts';
import { chunksOf, sizeOfChunk, sizeOfPlan } from './night-files.ts';
import { shareTokens, type Waiting } from './share-tokens.ts';

/** The activity that does a part of a chunk. */
export const summarizeActivity = 'summarizeConversations';

export const countsSchema = z.object({
  done: z.int(),
  failed: z.int(),
  postponed: z.int().default(0),
  tokens: tokensSchema.default(noTokens),
});
const chunkSchema = countsSchema.extend({
  left: z.int(),
  waiting: z.int().default(0),
  spent: z.number().default(0),
  least: z.number().optional(),
});
export type Counts = z.infer<typeof countsSchema>;

/** Of a chunk of which something was not looked at yet. */
const unseen = { tries: 0, least: 1 };
/** Turns of the second pass have numbers of their own: no chunk has so many in one. */
const turnsOfPass = 100_000;

interface Options {
  night: string;
  plan: number;
  /** Conversations of the run. */
  found: number;
  pass?: PassName | undefined;
  /** What may be spent yet; changed as it is. */
  purse: { budget?: number | undefined; cheapest?: number | undefined };
  /** Is told whenever a chunk has answered: the counts of the plan so far. */
  onCounts(counts: Counts): void;
}

/**
 * Has all chunks of a plan done, as far as the tokens of the run go: they are shared out among the chunks, and what these do
 * not spend goes to those that wait. A chunk that fails for good costs only its own conversations. Returns how many
 * conversations wait for a batch.
 */
export function* callChunks(
  df: OrchestrationContext['df'],
  { night, plan, found, pass, purse, onCounts }: Options,
): Generator<Task, number, unknown> {
  const size = sizeOfPlan(found, plan);
  const counted: (Counts & { waiting: number })[] = [];
  let used = noTokens;
  const firstTurn = pass === 'answer' ? turnsOfPass : 0;
  let open = Array.from(
    { length: chunksOf(size) },
    (_, chunk): Waiting => ({ chunk, ...unseen, turn: firstTurn }),
  );
  let isOverspent = false;
  for (;;) {
    const { budget: tokens, cheapest = 1 } = purse;
    const { called, share } = shareTokens(open, { tokens, cheapest, isOverspent });
    if (called.length === 0) break;
    const given = { ...(share === undefined ? {} : { tokens: share }), ...(pass ? { pass } : {}) };
    const tasks = called.map(({ chunk, turn }) =>
      df.callActivityWithRetry(summarizeActivity, patience(), { night, plan, chunk, turn, ...given }),
    );
    // Schedules all of them: a task by itself is scheduled only when it is yielded. Which one it names is of no interest.
    yield df.Task.any(tasks);
    const again: Waiting[] = [];
    for (const [place, { chunk, turn, tries }] of called.entries()) {
      let spent = share ?? 0;
      try {
        const counts = chunkSchema.parse(yield tasks[place] as Task);
        spent = counts.spent;
        counted[chunk] = counts;
        used = addTokens(used, counts.tokens);
        const { left, postponed, least = 1 } = counts;
        if (left > 0) again.push({ chunk, ...unseen, turn: turn + 1 });
        else if (postponed > 0) again.push({ chunk, least, turn: turn + 1, tries: tries + 1 });
        if (postponed > 0) purse.cheapest = Math.min(least, purse.cheapest ?? least);
      } catch {
        const failed = sizeOfChunk(size, chunk);
        counted[chunk] = { done: 0, failed, postponed: 0, tokens: noTokens, waiting: 0 };
      }
      if (purse.budget !== undefined) purse.budget -= spent;
      isOverspent ||= share !== undefined && spent > share;
      onCounts({ ...sumOf(counted), tokens: used });
    }
    open = [...open.filter((each) => !called.includes(each)), ...again];
  }
  return counted.reduce((total, { waiting }) => total + waiting, 0);
}

function sumOf(counted: readonly Counts[]): Pick<Counts, 'done' | 'failed' | 'postponed'> {
  const sum = (name: 'done' | 'failed' | 'postponed'): number =>
    counted.reduce((total, counts) => total + counts[name], 0);
  return { done: sum('done'), failed: sum('failed'), postponed: sum('postponed') };
}
