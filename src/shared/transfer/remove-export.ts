import { openRunFiles, runsFolder } from '../durable/run-files.ts';
import type { Taken } from '../erasers/sweep-blobs.ts';
import type { Container } from '../storage/container.ts';
import { removeInParts } from '../storage/remove-folder.ts';
import { storageUnavailable } from '../storage/storage-errors.ts';
import { manifestName } from './export-names.ts';
import { exportState, newExport } from './export-state.ts';

interface Options {
  isTimeUp(): boolean;
  signal: AbortSignal;
}

/** Removes a whole export, as far as time allows. Counts it once, however often it has to be called. */
export type RemoveExport = (id: string, options: Options) => Promise<Taken>;

/** An export that is under way saves its state so often that it is no race. */
const mostTries = 20;

/**
 * Makes what removes exports. Its state says so first, so that it is gone on with whatever broke off; then the manifest
 * goes, so that nobody takes what is left for an export. Of one that was under way, and ends by that, the state stays.
 */
export function createRemoveExport(exports: Container, { clock }: { clock: () => Date }): RemoveExport {
  const runs = openRunFiles(exports, exportState);

  async function mark(id: string): Promise<{ erased: 'ended' | 'under way'; isNew: boolean }> {
    for (let tries = 0; tries < mostTries; tries += 1) {
      const stored = await runs.read(id);
      if (stored?.state.erased) return { erased: stored.state.erased, isNew: false };
      const now = clock().toISOString();
      const {
        state,
        counts,
        batches,
        startedAt,
        endedAt = now,
      } = stored?.state ?? newExport({ id, scope: {}, startedAt: now });
      const erased = stored && state === 'running' ? 'under way' : 'ended';
      const bare = {
        id,
        scope: {},
        counts,
        batches,
        startedAt,
        endedAt,
        state: 'cancelled',
        erased,
      } as const;
      if (await runs.save(id, bare, stored)) return { erased, isNew: true };
      if (!stored) await removeDamaged(id);
    }
    throw storageUnavailable(new Error('an export moves on too fast to be cancelled'));
  }

  /** What is no state stands in the way of one. */
  async function removeDamaged(id: string): Promise<void> {
    const blob = await exports.read(stateName(id));
    if (blob && !(await runs.read(id))) await exports.remove(stateName(id), { etag: blob.etag });
  }

  return async (id, { isTimeUp, signal }) => {
    const { erased, isNew } = await mark(id);
    const count = isNew ? 1 : 0;
    await exports.remove(manifestName(id), { signal });
    for await (const removed of removeInParts(exports, `${id}/`, { signal })) {
      if (removed > 0 && isTimeUp()) return { removed: count, next: id };
    }
    if (erased === 'ended') await exports.remove(stateName(id), { signal });
    return count;
  };
}

function stateName(id: string): string {
  return `${runsFolder}/${id}.json`;
}
