import pMap from 'p-map';
import { isStorageFault, storageUnavailable } from '../storage/storage-errors.ts';
import { parseConversationPath } from '../transcripts/conversation-path.ts';
import { createByteBudget } from './byte-budget.ts';
import { type DigestStore, emptyDigest, mergeDigest } from './digest.ts';
import type { StaleConversation } from './list-stale.ts';
import { chunkSize, chunksOf, isErasedPlace, plansOf, type Run, sizeOfPlan } from './night-files.ts';
import type { PlannedRun } from './orchestrate-night.ts';
import type { Outcome } from './outcome.ts';
import { newRun, type PlanDependencies, planStep } from './plan-night.ts';
import { type SummarizeDependencies, summarizeConversation } from './summarize-conversation.ts';

export type NightDependencies = SummarizeDependencies & PlanDependencies & { digests: DigestStore };

/** Of one chunk, or of a run so far. */
export interface Counts {
  done: number;
  failed: number;
}

export interface ChunkCounts extends Counts {
  /** Conversations for which there was no time: call again. */
  left: number;
}

/** Conversations of one activity that are worked on at once: storage, not the processor, is what they wait for. */
const concurrency = 4;

/**
 * Transcripts that all activities of a process may work on at once, in bytes. Summarizing needs about twenty times as
 * much memory.
 */
const mostBytes = 16 * 1024 ** 2;

/** An activity begins no conversation after this long, well within the `functionTimeout` of host.json. */
const chunkMilliseconds = 3 * 60_000;

/** The steps of a night, each safe to run again: they throw only for storage faults. */
export function createNight(dependencies: NightDependencies) {
  const { files, digests, clock } = dependencies;
  const withinBudget = createByteBudget(mostBytes);

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
    const run = newRun();
    await files.writeRun(night, run);
    return run;
  }

  /** What an earlier run of the date came to and nobody merged goes to its digest, before its files go. */
  async function clearEarlierRun(night: string): Promise<void> {
    const left = await files.readRun(night);
    for (let plan = 0; left && plan < plansOf(left.found); plan += 1) {
      if (await mergedCounts(night, left.id, plan)) continue;
      const outcomes = (await readOutcomes(night, left.found, plan)).flat();
      if (outcomes.length > 0) await merge(night, { run: left.id, plan, outcomes });
    }
    await files.removeAll(night);
  }

  /** Summarizes one chunk of a plan, as far as time allows. Done again, it does what is left of it. */
  async function summarizeChunk(at: { night: string; plan: number; chunk: number }): Promise<ChunkCounts> {
    const [planned, earlier = []] = await Promise.all([
      files.readPlan(at.night, at.plan),
      files.readOutcomes(at.night, at.plan, at.chunk),
    ]);
    if (planned.length === 0) throw missingPlan();
    const chunk = planned.slice(at.chunk * chunkSize, (at.chunk + 1) * chunkSize);
    const settled = new Map(
      earlier.filter(({ state }) => state !== 'failed').map((outcome) => [outcome.path, outcome]),
    );
    const end = clock().getTime() + chunkMilliseconds;
    const faults: unknown[] = [];
    const summarize = async (conversation: StaleConversation): Promise<Outcome[]> => {
      if (clock().getTime() >= end) return [];
      try {
        return [await summarizeConversation(conversation, dependencies)];
      } catch (error) {
        if (!isStorageFault(error)) throw error;
        faults.push(error);
        return [storageFailure(conversation)];
      }
    };
    const done = await pMap(
      chunk,
      async (conversation) => {
        const outcome = settled.get(conversation.path);
        return outcome ? [outcome] : withinBudget(conversation.length, () => summarize(conversation));
      },
      { concurrency },
    );
    const outcomes = done.flat();
    await files.writeOutcomes(at.night, at.plan, at.chunk, outcomes);
    if (faults.length > 0) throw storageUnavailable(faults[0]);
    const failed = outcomes.filter(({ state }) => state === 'failed').length;
    return { done: outcomes.length - failed, failed, left: chunk.length - outcomes.length };
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
    const read = (await readOutcomes(night, found, plan)).flat();
    const planned = await files.readPlan(night, plan);
    if (planned.length === 0) throw missingPlan();
    const known = new Map(read.map((outcome) => [outcome.path, outcome]));
    const outcomes = planned.map(
      (conversation) => known.get(conversation.path) ?? missingOutcome(conversation),
    );
    return merge(night, { run: id, plan, outcomes });
  }

  /** Leaves a digest, even of a night that found nothing, and no files of the run. */
  async function finish({ night }: { night: string }): Promise<void> {
    const stored = await digests.get(night);
    if (!stored?.digest) await digests.put(emptyDigest(night), stored);
    await files.removeAll(night);
  }

  /** The counts of a run so far, where the digest holds this plan of it already. */
  async function mergedCounts(night: string, run: string, plan: number): Promise<Counts | undefined> {
    const merged = (await digests.get(night))?.digest?.merged;
    return merged?.run === run && merged.plans > plan ? countsOf(merged) : undefined;
  }

  async function merge(night: string, of: Parameters<typeof mergeDigest>[1]): Promise<Counts> {
    const stored = await digests.get(night);
    const digest = mergeDigest(stored?.digest ?? emptyDigest(night), of);
    if (await digests.put(digest, stored)) return countsOf(digest.merged);
    throw storageUnavailable(new Error('another run wrote the digest at the same time'));
  }

  /** What each chunk of a plan left, nothing for one that left none. */
  function readOutcomes(night: string, found: number, plan: number): Promise<Outcome[][]> {
    const chunks = Array.from({ length: chunksOf(sizeOfPlan(found, plan)) }, (_, chunk) => chunk);
    return pMap(chunks, async (chunk) => (await files.readOutcomes(night, plan, chunk)) ?? [], {
      concurrency: 16,
    });
  }

  return { plan, summarizeChunk, settlePlan, finish };
}

function countsOf({ done, failed }: Counts): Counts {
  return { done, failed };
}

/** Only when somebody removed it, or another run of the date did. */
function missingPlan(): Error {
  return new Error('The plan of this run is not there any more: start the night again.');
}

function missingOutcome(conversation: StaleConversation): Outcome {
  const failure = storageFailure(conversation);
  const { path, channel, id } = failure;
  return isErasedPlace(path) ? { path, channel, id, state: 'removed' } : failure;
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
