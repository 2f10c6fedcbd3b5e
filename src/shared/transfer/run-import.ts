import { setTimeout as wait } from 'node:timers/promises';
import type { Importer } from '../channels/importer.ts';
import type { StepResult } from '../durable/orchestrate-steps.ts';
import { type RunFiles, type StoredRun, stepAside } from '../durable/run-files.ts';
import { ParleyError } from '../errors.ts';
import { isStorageFault } from '../storage/storage-errors.ts';
import { applyResult, type ImportState, type OpenWork, type WorkResult } from './import-state.ts';
import type { MergeEntries } from './merge-entries.ts';

export interface ImportDependencies {
  /** By the name that a request gives: `file`, `export` or a channel. */
  importers: ReadonlyMap<string, Importer>;
  runs: RunFiles<ImportState>;
  /** Opens what appends; it remembers for one step what the transcripts hold. */
  openMerge: () => MergeEntries;
  clock: () => Date;
  /** How long one step may take, well within the `functionTimeout` of host.json. */
  stepMilliseconds?: number;
  /** Waits within a step. */
  pause?: (milliseconds: number) => Promise<unknown>;
  /** What is done again after a crash: a few pages, whose entries are then known. */
  saveMilliseconds?: number;
}

type Progress = Pick<ImportState, 'read' | 'added' | 'readAs'>;

/** Pieces of work under way at once: the provider's limits, not the processor, are what they wait for. */
const concurrency = 8;

/** Longer waits are left to a timer of the orchestration. */
const longestWait = 3_000;

/** A piece of work that keeps failing is given up after so many tries, which take about ten minutes. */
const mostFailures = 12;

/**
 * Makes the step of an import: it goes on from what the last one wrote down, until the end or for about a minute. Done
 * twice, at once or one after the other, it does no harm. Throws only for storage faults, and goes on when called again.
 */
export function createImportStep(dependencies: ImportDependencies) {
  const { importers, runs, openMerge, clock, pause = wait } = dependencies;
  const { stepMilliseconds = 60_000, saveMilliseconds = 3_000 } = dependencies;

  return async function importStep({ id }: { id: string }): Promise<StepResult & Partial<Progress>> {
    const begun = await runs.read(id);
    if (!begun) throw new Error('The state of this import is not there any more: start another.');
    if (begun.state.state !== 'running') return { isDone: true, waitMilliseconds: 0 };
    const merge = openMerge();
    const end = clock().getTime() + stepMilliseconds;
    const signal = AbortSignal.timeout(stepMilliseconds + 120_000);
    const importer = importers.get(begun.state.importer);
    let stored: StoredRun<ImportState> = begun;
    let { state } = begun;
    let savedAt = clock().getTime();

    /** False where another step wrote since: that one goes on, or the import was cancelled. */
    const save = async (): Promise<boolean> => {
      const saved = await runs.save(id, state, stored);
      if (!saved) return false;
      stored = saved;
      savedAt = clock().getTime();
      return true;
    };

    while (state.open.length > 0) {
      const now = clock().getTime();
      const waitMilliseconds = Math.min(...state.open.map(({ notBefore }) => notBefore)) - now;
      if (now >= end || waitMilliseconds > longestWait) {
        return (await save())
          ? { isDone: false, waitMilliseconds: Math.max(0, waitMilliseconds), ...progressOf(state) }
          : stepAside(runs, id);
      }
      if (waitMilliseconds > 0) {
        await pause(waitMilliseconds);
        continue;
      }
      const ready = state.open.filter(({ notBefore }) => notBefore <= now).slice(-concurrency);
      const results = await Promise.allSettled(ready.map((open) => doWork(importer, open, merge, signal)));
      for (const result of results) {
        if (result.status === 'fulfilled') state = applyResult(state, result.value, clock().getTime());
      }
      const failure = results.find((result) => result.status === 'rejected');
      const isDue = clock().getTime() - savedAt >= saveMilliseconds;
      if ((failure || isDue) && !(await save())) return stepAside(runs, id);
      if (failure) throw failure.reason;
    }
    state = { ...state, state: 'completed', endedAt: clock().toISOString() };
    return (await save()) ? { isDone: true, waitMilliseconds: 0, ...progressOf(state) } : stepAside(runs, id);
  };

  async function doWork(
    importer: Importer | undefined,
    of: OpenWork,
    merge: MergeEntries,
    signal: AbortSignal,
  ): Promise<WorkResult> {
    try {
      if (!importer) throw new ParleyError('not_configured', 'This version has no importer of that name.');
      const { happenings = [], ...advance } = await importer.advance(of.work, { signal });
      const { added, refused, forgotten } = await merge(happenings, { signal });
      return {
        ...advance,
        of,
        added,
        skipped: (advance.skipped ?? 0) + refused.length + forgotten,
        forgotten,
        problems: [...(advance.problems ?? []), ...refused],
      };
    } catch (error) {
      if (isStorageFault(error)) throw error;
      if (error instanceof ParleyError && error.retryable && of.failures < mostFailures) {
        const notBefore = clock().getTime() + backoff(of.failures);
        return { of, added: 0, again: { ...of, notBefore, failures: of.failures + 1 } };
      }
      return {
        of,
        added: 0,
        isFailed: true,
        problems: [{ where: describeWork(of.work), reason: reasonOf(error) }],
      };
    }
  }
}

/** For the log: in whose name the provider was asked, too. */
function progressOf({ read, added, readAs }: ImportState): Progress {
  return { read, added, readAs };
}

/** 2, 4, 8, … at most 60 s. */
function backoff(failures: number): number {
  return Math.min(60_000, 2_000 * 2 ** failures);
}

/** Messages of other errors may carry what people wrote. */
function reasonOf(error: unknown): string {
  if (error instanceof ParleyError) return error.message;
  return `could not be read: ${error instanceof Error ? error.name : 'unknown error'}`;
}

/** Works name themselves by `where`, which all of ours have. */
function describeWork(work: unknown): string {
  return typeof work === 'object' && work !== null && 'where' in work ? String(work.where) : 'import';
}
