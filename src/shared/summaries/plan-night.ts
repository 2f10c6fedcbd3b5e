import { randomBytes, randomUUID } from 'node:crypto';
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

export function newRun(now: Date): Run {
  const secret = randomBytes(32).toString('base64url');
  return { id: randomUUID(), found: 0, postponed: 0, begun: now.toISOString(), secret };
}

/**
 * Goes on writing down which conversations are stale, until the end or for some minutes: then `next` says where another
 * step goes on. A step done again continues from what the last one wrote down. First come those that earlier nights
 * postponed.
 */
export async function planStep(night: string, run: Run, dependencies: PlanDependencies): Promise<Run> {
  const { transcripts, summaryBlobs, files, clock, planMilliseconds = 3 * 60_000 } = dependencies;
  const end = clock().getTime() + planMilliseconds;
  const waiting = await waitingFirst(night, run, files);
  const postponed = waiting.size;
  const isNew = run.next === undefined;
  let found = isNew ? 0 : run.found;
  let open = await openPlan(night, { found }, files);

  const add = async (conversation: StaleConversation): Promise<void> => {
    open.push(conversation);
    found += 1;
    if (open.length < planSize) return;
    await files.writePlan(night, found / planSize - 1, open);
    open = [];
  };
  const save = async (next?: Run['next']): Promise<Run> => {
    if (open.length > 0) await files.writePlan(night, Math.floor(found / planSize), open);
    const { next: _, ...kept } = run;
    const saved: Run = { ...kept, found, postponed, ...(next ? { next } : {}) };
    await files.writeRun(night, saved);
    return saved;
  };

  if (isNew) for (const conversation of waiting.values()) await add(conversation);
  for await (const { stale, position } of listStale(transcripts, summaryBlobs, run.next)) {
    if (stale && !waiting.has(stale.path)) await add(stale);
    if (clock().getTime() >= end) return save(position);
  }
  return save();
}

/** What stands, or is to stand, at the beginning of the plan; by path. */
async function waitingFirst(
  night: string,
  { next, postponed }: Run,
  files: NightFiles,
): Promise<Map<string, StaleConversation>> {
  const first: StaleConversation[] = next === undefined ? await files.postponed.list() : [];
  for (let plan = 0; next !== undefined && planSize * plan < postponed; plan += 1) {
    first.push(...(await files.readPlan(night, plan)));
  }
  const waiting = next === undefined ? first : first.slice(0, postponed);
  return new Map(waiting.map((conversation) => [conversation.path, conversation]));
}

/** What the last step left in a plan that is not full; a step that broke off may have written more into it. */
async function openPlan(
  night: string,
  { found }: Pick<Run, 'found'>,
  files: NightFiles,
): Promise<StaleConversation[]> {
  const count = found % planSize;
  if (count === 0) return [];
  return (await files.readPlan(night, Math.floor(found / planSize))).slice(0, count);
}
