import pMap from 'p-map';
import { addUsage, noUsage, type Usage } from '../models/language/allowance.ts';
import { storageUnavailable } from '../storage/storage-errors.ts';
import type { createBatchNight } from './batch-night.ts';
import { type DigestStore, emptyDigest, mergeDigest, type PlanResult, type Tokens } from './digest.ts';
import { chunksOf, isErasedPlace, plansOf, type Run, sizeOfPlan } from './night-files.ts';
import type { PlannedRun } from './orchestrate-night.ts';
import type { Outcome } from './outcome.ts';
import { newRun, type PlanDependencies, planStep } from './plan-night.ts';
import { type ChunkDependencies, createSummarizeChunk, missingPlan } from './summarize-chunk.ts';
import { storageFailure } from './summarize-conversations.ts';

export type NightDependencies = ChunkDependencies &
  PlanDependencies & {
    digests: DigestStore;
    /** Where there is a language model. */
    batches?: Pick<ReturnType<typeof createBatchNight>, 'sweep'>;
  };

/** Of a run so far. */
export interface Counts {
  done: number;
  failed: number;
  postponed: number;
  /** What the run used of the model. */
  tokens: Tokens;
}

/** The steps of a night, each safe to run again: they throw only for storage faults. */
export function createNight(dependencies: NightDependencies) {
  const { files, digests, costOf, batches } = dependencies;
  const summarizeChunk = createSummarizeChunk(dependencies);

  /** Finds out what is stale. Call it again with the run it returned until that is planned. */
  async function plan({ night, run: begun }: { night: string; run?: PlannedRun }): Promise<PlannedRun> {
    const written = begun ? await files.readRun(night) : undefined;
    const isDone = written !== undefined && written.next === undefined;
    const run = isDone ? written : await planStep(night, written ?? (await beginRun(night)), dependencies);
    return { id: run.id, found: run.found, isPlanned: run.next === undefined };
  }

  /** From now on whoever looks into the container sees that a night is under way. */
  async function beginRun(night: string): Promise<Run> {
    await clearEarlierRun(night);
    const run = newRun(dependencies.clock());
    await files.writeRun(night, run);
    await batches?.sweep();
    return run;
  }

  /** What an earlier run of the date came to and nobody merged goes to its digest, before its files go. */
  async function clearEarlierRun(night: string): Promise<void> {
    const left = await files.readRun(night);
    for (let plan = 0; left && plan < plansOf(left.found); plan += 1) {
      if (await mergedCounts(night, left.id, plan)) continue;
      const { outcomes, usage } = await readChunks(night, left.found, plan);
      if (outcomes.length > 0) await merge(night, { run: left.id, plan, outcomes, usage });
    }
    await files.removeAll(night);
  }

  /** Merges what one plan came to into the digest of the date. Returns the counts of the run so far. */
  async function settlePlan(at: { night: string; run: PlannedRun; plan: number }): Promise<Counts> {
    const { night, run, plan } = at;
    const counts = (await mergedCounts(night, run.id, plan)) ?? (await mergePlan(night, run, plan));
    await files.removePlan(night, plan);
    return counts;
  }

  /** Every planned conversation counts: one of which nothing is known has failed, unless it was erased. */
  async function mergePlan(night: string, { id, found }: PlannedRun, plan: number): Promise<Counts> {
    // In this order: what was erased between the two is known to the plan.
    const { outcomes: read, usage } = await readChunks(night, found, plan);
    const planned = await files.readPlan(night, plan);
    if (planned.length === 0) throw missingPlan();
    const known = new Map(read.map((outcome) => [outcome.path, outcome]));
    const outcomes = planned.map(({ path }) => known.get(path) ?? missingOutcome(path));
    // They stand in the plans of this run by now.
    if (plan === 0) await files.postponed.clear(id);
    const waiting = planned.filter(({ path }) => known.get(path)?.state === 'postponed');
    await files.postponed.note({ night, run: id, plan }, waiting);
    return merge(night, { run: id, plan, outcomes, usage });
  }

  /** Leaves a digest, even of a night that found nothing, and no files of the run. */
  async function finish({ night }: { night: string }): Promise<void> {
    const stored = await digests.get(night);
    if (!stored?.digest) await digests.put(emptyDigest(night), stored);
    await files.removeAll(night);
    await batches?.sweep();
  }

  /** The counts of a run so far, where the digest holds this plan of it already. */
  async function mergedCounts(night: string, run: string, plan: number): Promise<Counts | undefined> {
    const merged = (await digests.get(night))?.digest?.merged;
    return merged?.run === run && merged.plans > plan ? countsOf(merged) : undefined;
  }

  async function merge(night: string, of: PlanResult & { usage: Usage }): Promise<Counts> {
    const stored = await digests.get(night);
    const cost = of.usage.calls > 0 ? costOf?.(of.usage) : undefined;
    const digest = mergeDigest(stored?.digest ?? emptyDigest(night), { ...of, cost });
    if (await digests.put(digest, stored)) return countsOf(digest.merged);
    throw storageUnavailable(new Error('another run wrote the digest at the same time'));
  }

  /** What the chunks of a plan left, together. */
  async function readChunks(
    night: string,
    found: number,
    plan: number,
  ): Promise<{ outcomes: Outcome[]; usage: Usage }> {
    const chunks = Array.from({ length: chunksOf(sizeOfPlan(found, plan)) }, (_, chunk) => chunk);
    const left = await pMap(chunks, (chunk) => files.readChunk(night, plan, chunk), { concurrency: 16 });
    return {
      outcomes: left.flatMap((file) => file?.outcomes ?? []),
      usage: left.reduce((sum, file) => addUsage(sum, file?.usage ?? noUsage), noUsage),
    };
  }

  return { plan, summarizeChunk, settlePlan, finish };
}

function countsOf({ done, failed, postponed, tokens }: Counts): Counts {
  return { done, failed, postponed, tokens };
}

function missingOutcome(path: string): Outcome {
  const failure = storageFailure({ path });
  const { channel, id } = failure;
  return isErasedPlace(path) ? { path, channel, id, state: 'removed' } : failure;
}
