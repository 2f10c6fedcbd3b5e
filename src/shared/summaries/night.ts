import { randomUUID } from 'node:crypto';
import pMap from 'p-map';
import type { Container } from '../storage/container.ts';
import { isStorageFault, storageUnavailable } from '../storage/storage-errors.ts';
import { parseConversationPath } from '../transcripts/conversation-path.ts';
import { createByteBudget } from './byte-budget.ts';
import { type Digest, type DigestStore, emptyDigest, mergeDigest } from './digest.ts';
import { listStale, type StaleConversation } from './list-stale.ts';
import { chunkSize, chunksOf, type NightFiles, planSize, type Run, sizeOfPlan } from './night-files.ts';
import type { Outcome } from './outcome.ts';
import { type SummarizeDependencies, summarizeConversation } from './summarize-conversation.ts';

export interface NightDependencies extends SummarizeDependencies {
  summaryBlobs: Container;
  files: NightFiles;
  digests: DigestStore;
  /** How long one planning step may take; an activity has five minutes on the smallest plan of Azure. */
  planMilliseconds?: number;
}

export interface ChunkCounts {
  done: number;
  failed: number;
}

/** Conversations of one activity that are worked on at once: storage, not the processor, is what they wait for. */
const concurrency = 4;

/** Transcripts that all activities of a process may have in memory at once, in bytes. */
const mostBytes = 64 * 1024 ** 2;

/** The three steps of a night, each safe to run again: they throw only for storage faults. */
export function createNight(dependencies: NightDependencies) {
  const { transcripts, summaryBlobs, files, digests, clock, planMilliseconds = 4 * 60_000 } = dependencies;
  const withinBudget = createByteBudget(mostBytes);

  /**
   * Writes down which conversations are stale. Stops after some minutes, before the host would end it, and says where to
   * go on: call it again with the run it returned. What an earlier run of the date left goes to its digest first.
   */
  async function plan({ night, run: begun }: { night: string; run?: Run }): Promise<Run> {
    const run: Run = begun ?? { id: randomUUID(), plans: 0, found: 0 };
    if (!begun) await clearEarlierRun(night);
    const end = clock().getTime() + planMilliseconds;
    let stale: StaleConversation[] = [];
    const close = async (): Promise<void> => {
      if (stale.length === 0) return;
      await files.writePlan(night, run.plans, stale);
      run.plans += 1;
      run.found += stale.length;
      stale = [];
    };
    for await (const { position, ...conversation } of listStale(transcripts, summaryBlobs, run.next)) {
      stale.push(conversation);
      if (stale.length < planSize) continue;
      await close();
      if (clock().getTime() < end) continue;
      run.next = position;
      await files.writeRun(night, run);
      return run;
    }
    await close();
    delete run.next;
    await files.writeRun(night, run);
    return run;
  }

  async function clearEarlierRun(night: string): Promise<void> {
    const left = await files.readRun(night);
    if (left) await settle(night, left, outcomesOf(night, left));
    await files.removeAll(night);
  }

  /** Summarizes one chunk of a plan. Done again, it does what is left of it. */
  async function summarizeChunk(at: { night: string; plan: number; chunk: number }): Promise<ChunkCounts> {
    const [planned, earlier = []] = await Promise.all([
      files.readPlan(at.night, at.plan),
      files.readOutcomes(at.night, at.plan, at.chunk),
    ]);
    const settled = new Map(earlier.filter(({ state }) => state !== 'failed').map((one) => [one.path, one]));
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

  /** Merges what a run came to into the digest of its date, and clears what it had written down. */
  async function finish({ night, run }: { night: string; run: Run }): Promise<void> {
    await settle(night, run, outcomesOf(night, run, storageFailure));
    await files.removeAll(night);
  }

  async function settle(night: string, run: Run, outcomes: AsyncIterable<Outcome>): Promise<Digest> {
    const stored = await digests.get(night);
    if (stored?.digest.runs.includes(run.id)) return stored.digest;
    const digest = await mergeDigest(stored?.digest ?? emptyDigest(night), run.id, outcomes);
    if (await digests.put(digest, stored)) return digest;
    throw storageUnavailable(new Error('another run wrote the digest at the same time'));
  }

  /** The outcomes of a run in order; for a chunk that left none, what `missing` makes of each conversation. */
  async function* outcomesOf(
    night: string,
    run: Run,
    missing?: (conversation: StaleConversation) => Outcome,
  ): AsyncGenerator<Outcome> {
    for (let plan = 0; plan < run.plans; plan += 1) {
      for (let chunk = 0; chunk < chunksOf(sizeOfPlan(run, plan)); chunk += 1) {
        const outcomes = await files.readOutcomes(night, plan, chunk);
        if (outcomes) yield* outcomes;
        else if (missing) {
          const planned = await files.readPlan(night, plan);
          yield* planned.slice(chunk * chunkSize, (chunk + 1) * chunkSize).map(missing);
        }
      }
    }
  }

  return { plan, summarizeChunk, finish };
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
