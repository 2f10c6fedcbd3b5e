import { randomUUID } from 'node:crypto';
import type { Container } from '../storage/container.ts';
import type { TranscriptStore } from '../transcripts/store.ts';
import { listStale, type StaleConversation } from './list-stale.ts';
import { type NightFiles, planSize, type Run } from './night-files.ts';

export interface PlanDependencies {
  transcripts: TranscriptStore;
  summaryBlobs: Container;
  files: NightFiles;
  clock: () => Date;
  /** How long one step may take, well within the `functionTimeout` of host.json. */
  planMilliseconds?: number;
}

export function newRun(): Run {
  return { id: randomUUID(), found: 0 };
}

/**
 * Goes on writing down which conversations are stale, until the end or for some minutes: then `next` says where another
 * step goes on. A step done again continues from what the last one wrote down.
 */
export async function planStep(night: string, run: Run, dependencies: PlanDependencies): Promise<Run> {
  const { transcripts, summaryBlobs, files, clock, planMilliseconds = 3 * 60_000 } = dependencies;
  const end = clock().getTime() + planMilliseconds;
  let { found } = run;
  let open = await openPlan(night, run, files);

  const save = async (next?: Run['next']): Promise<Run> => {
    if (open.length > 0) await files.writePlan(night, Math.floor(found / planSize), open);
    const saved: Run = { id: run.id, found, ...(next ? { next } : {}) };
    await files.writeRun(night, saved);
    return saved;
  };

  for await (const { stale, position } of listStale(transcripts, summaryBlobs, run.next)) {
    if (stale) {
      open.push(stale);
      found += 1;
    }
    if (open.length === planSize) {
      await files.writePlan(night, found / planSize - 1, open);
      open = [];
    }
    if (clock().getTime() >= end) return save(position);
  }
  return save();
}

/** What the last step left in a plan that is not full; a step that broke off may have written more into it. */
async function openPlan(night: string, { found }: Run, files: NightFiles): Promise<StaleConversation[]> {
  const count = found % planSize;
  if (count === 0) return [];
  return (await files.readPlan(night, Math.floor(found / planSize))).slice(0, count);
}
