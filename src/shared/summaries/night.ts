import pMap from 'p-map';
import { isStorageFault, storageUnavailable } from '../storage/storage-errors.ts';
import { parseConversationPath } from '../transcripts/conversation-path.ts';
import { createByteBudget } from './byte-budget.ts';
import { type Digest, type DigestStore, emptyDigest, mergeDigest } from './digest.ts';
import type { StaleConversation } from './list-stale.ts';
import { chunkSize, chunksOf, plansOf, sizeOfPlan } from './night-files.ts';
import type { Outcome } from './outcome.ts';
import { newRun, type PlanDependencies, planStep } from './plan-night.ts';
import { type SummarizeDependencies, summarizeConversation } from './summarize-conversation.ts';

export type NightDependencies = SummarizeDependencies & PlanDependencies & { digests: DigestStore };

/** A run as the orchestrator knows it. */
export interface PlannedRun {
  id: string;
  found: number;
  isPlanned: boolean;
}

/** Of one chunk, or of a run so far. */
export interface Counts {
  done: number;
  failed: number;
}

/** Conversations of one activity that are worked on at once: storage, not the processor, is what they wait for. */
const concurrency = 4;

/**
 * Transcripts that all activities of a process may work on at once, in bytes. Summarizing needs about twenty times as
 * much memory.
 */
const mostBytes = 16 * 1024 ** 2;

/** The steps of a night, each safe to run again: they throw only for storage faults. */
export function createNight(dependencies: NightDependencies) {
  const { files, digests } = dependencies;
  const withinBudget = createByteBudget(mostBytes);

  /** Finds out what is stale. Call it again with the run it returned until that is planned. */
  async function plan({ night, run: begun }: { night: string; run?: PlannedRun }): Promise<PlannedRun> {
    const written = begun ? await files.readRun(night) : undefined;
    if (!written) await clearEarlierRun(night);
    const { id, found, next } = await planStep(night, written ?? newRun(), dependencies);
    return { id, found, isPlanned: next === undefined };
  }

  /** What an earlier run of the date came to and nobody merged goes to its digest, before its files go. */
  async function clearEarlierRun(night: string): Promise<void> {
    const left = await files.readRun(night);
    for (let plan = 0; left && plan < plansOf(left.found); plan += 1) {
      const outcomes = await outcomesOf(night, left.found, plan);
      if (outcomes.length > 0) await merge(night, left.id, plan, outcomes);
    }
    await files.removeAll(night);
  }

  /** Summarizes one chunk of a plan. Done again, it does what is left of it. */
  async function summarizeChunk(at: { night: string; plan: number; chunk: number }): Promise<Counts> {
    const [planned, earlier = []] = await Promise.all([
      files.readPlan(at.night, at.plan),
      files.readOutcomes(at.night, at.plan, at.chunk),
    ]);
    const settled = new Map(
      earlier.filter(({ state }) => state !== 'failed').map((outcome) => [outcome.path, outcome]),
    );
    const faults: unknown[] = [];
    const outcomes = await pMap(
      planned.slice(at.chunk * chunkSize, (at.chunk + 1) * chunkSize),
      async (conversation) =>
        settled.get(conversation.path) ??
        withinBudget(conversation.length, () => summarizeConversation(conversation, dependencies)).catch(
          (error: unknown) => {
            if (!isStorageFault(error)) throw error;
            faults.push(error);
            return storageFailure(conversation);
          },
        ),
      { concurrency },
    );
    await files.writeOutcomes(at.night, at.plan, at.chunk, outcomes);
    if (faults.length > 0) throw storageUnavailable(faults[0]);
    const failed = outcomes.filter(({ state }) => state === 'failed').length;
    return { done: outcomes.length - failed, failed };
  }

  /** Merges what one plan came to into the digest of the date. Returns the counts of the run so far. */
  async function settlePlan(at: { night: string; run: PlannedRun; plan: number }): Promise<Counts> {
    const { night, run, plan } = at;
    const outcomes = await outcomesOf(night, run.found, plan, storageFailure);
    const { merged } = await merge(night, run.id, plan, outcomes);
    await files.removePlan(night, plan);
    return { done: merged.done, failed: merged.failed };
  }

  /** Leaves a digest, even of a night that found nothing, and no files of the run. */
  async function finish({ night }: { night: string }): Promise<void> {
    if (!(await digests.get(night))) await digests.put(emptyDigest(night), undefined);
    await files.removeAll(night);
  }

  async function merge(
    night: string,
    run: string,
    plan: number,
    outcomes: readonly Outcome[],
  ): Promise<Digest> {
    const stored = await digests.get(night);
    const earlier = stored?.digest ?? emptyDigest(night);
    if (earlier.merged.run === run && earlier.merged.plans > plan) return earlier;
    const digest = mergeDigest(earlier, run, outcomes);
    if (await digests.put(digest, stored)) return digest;
    throw storageUnavailable(new Error('another run wrote the digest at the same time'));
  }

  /** The outcomes of a plan in order; for a chunk that left none, what `missing` makes of each conversation. */
  async function outcomesOf(
    night: string,
    found: number,
    plan: number,
    missing?: (conversation: StaleConversation) => Outcome,
  ): Promise<Outcome[]> {
    const chunks = Array.from({ length: chunksOf(sizeOfPlan(found, plan)) }, (_, chunk) => chunk);
    const read = await pMap(chunks, (chunk) => files.readOutcomes(night, plan, chunk), { concurrency: 16 });
    if (!missing || read.every((outcomes) => outcomes !== undefined)) {
      return read.flatMap((outcomes) => outcomes ?? []);
    }
    const planned = await files.readPlan(night, plan);
    return read.flatMap(
      (outcomes, chunk) => outcomes ?? planned.slice(chunk * chunkSize, (chunk + 1) * chunkSize).map(missing),
    );
  }

  return { plan, summarizeChunk, settlePlan, finish };
}

function storageFailure({ path }: StaleConversation): Outcome {
  const [channel = '', id = ''] = path.split('/');
  return {
    path,
    ...(parseConversationPath(path) ?? { channel, id }),
    state: 'failed',
    code: 'storage_unavailable',
    reason: 'The storage account did not answer; the next night tries again.',
  };
}
