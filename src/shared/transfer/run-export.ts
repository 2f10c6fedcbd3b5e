import pMap from 'p-map';
import type { StepResult } from '../durable/orchestrate-steps.ts';
import { type RunFiles, type StoredRun, stepAside } from '../durable/run-files.ts';
import { inBatches } from '../in-batches.ts';
import { type ExportBlobs, exportConversation } from './export-conversation.ts';
import { emptyIndexLine, indexLine, openExportIndex } from './export-index.ts';
import { manifestName } from './export-names.ts';
import { addCounts, type ExportState, toManifest } from './export-state.ts';
import { type ListDependencies, type Listed, listToExport } from './list-to-export.ts';

export interface ExportDependencies extends ListDependencies {
  blobs: ExportBlobs;
  runs: RunFiles<ExportState>;
  clock: () => Date;
  /** How long one step may take before it begins no other batch, well within the `functionTimeout` of host.json. */
  stepMilliseconds?: number;
  batchSize?: number;
}

/** Conversations that are copied at once: storage, not the processor, is what they wait for. */
const concurrency = 8;

/** What one batch may take: media of many GB are what takes long, and those that are copied are not copied again. */
const longestBatch = 7 * 60_000;

/**
 * Makes the step of an export: it goes on from what the last one wrote down, until the end or for about a minute. Done
 * twice, it writes the same files. Throws only for storage faults, and goes on when called again.
 */
export function createExportStep(dependencies: ExportDependencies) {
  const { blobs, runs, clock, stepMilliseconds = 60_000, batchSize = 40 } = dependencies;

  return async function exportStep({ id }: { id: string }): Promise<StepResult> {
    const begun = await runs.read(id);
    if (!begun) throw new Error('The state of this export is not there any more: start another.');
    if (begun.state.state !== 'running') return done;
    const end = clock().getTime() + stepMilliseconds;
    let stored: StoredRun<ExportState> = begun;
    const listing = listToExport(begun.state, dependencies);
    for await (const batch of inBatches(listing, batchSize)) {
      const next = await exportBatch(stored.state, batch);
      const saved = await runs.save(id, next, stored);
      if (!saved) return stepAside(runs, id);
      stored = saved;
      if (clock().getTime() >= end) return { isDone: false, waitMilliseconds: 0 };
    }
    const endedAt = clock().toISOString();
    await finish(stored.state, endedAt);
    const saved = await runs.save(id, { ...stored.state, state: 'completed', endedAt }, stored);
    return saved ? done : stepAside(runs, id);
  };

  async function exportBatch(state: ExportState, batch: readonly Listed[]): Promise<ExportState> {
    const signal = AbortSignal.timeout(longestBatch);
    const exported = await pMap(batch, (listed) => exportConversation(state.id, listed, blobs, { signal }), {
      concurrency,
    });
    const lines = exported.map(({ conversation }, place) =>
      indexLine(batch[place]?.path ?? '', conversation),
    );
    await openExportIndex(blobs.exports, state.id).stage(state.batches, lines);
    return {
      ...state,
      counts: exported.reduce((sum, { counts }) => addCounts(sum, counts), state.counts),
      batches: state.batches + 1,
      position: batch.at(-1)?.position,
    };
  }

  async function finish(state: ExportState, endedAt: string): Promise<void> {
    if (await blobs.exports.read(manifestName(state.id))) return;
    const index = openExportIndex(blobs.exports, state.id);
    if (state.batches === 0) await index.stage(0, [emptyIndexLine(state.scope)]);
    await index.commit(Math.max(1, state.batches));
    const text = `${JSON.stringify(toManifest(state, endedAt), null, 2)}\n`;
    await blobs.exports.write(manifestName(state.id), text, {
      contentType: 'application/json',
      replaces: 'none',
    });
  }
}

const done: StepResult = { isDone: true, waitMilliseconds: 0 };
