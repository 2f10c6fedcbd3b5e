import type { DurableClient } from 'durable-functions';
import { findStatus, hasStatus, isRunning } from '../durable/instances.ts';
import { type RunFiles, runsFolder, type StoredRun } from '../durable/run-files.ts';
import type { Container } from '../storage/container.ts';
import { newRetention, type RetentionState } from './retention-state.ts';

export const retentionOrchestrator = 'sweepByAge';

export type RetentionClient = Pick<DurableClient, 'startNew' | 'getStatus'>;

interface Dependencies {
  /** The container that the states are in. */
  erasures: Container;
  runs: RunFiles<RetentionState>;
  clock: () => Date;
}

export interface Started {
  /** False where one was running already. */
  isNew: boolean;
  state: RetentionState;
}

const dryRunEnding = '-dry-run';

/**
 * Makes what starts the sweep of today, goes on with one that failed, or joins the one that is running: there are never
 * two at once. A dry run has a name of its own and may run beside it.
 */
export function createStartRetention({ erasures, runs, clock }: Dependencies) {
  return async function start(client: RetentionClient, { isDryRun = false } = {}): Promise<Started> {
    const startedAt = clock().toISOString();
    const id = retentionId(`${startedAt.slice(0, 10)}${isDryRun ? dryRunEnding : ''}`);
    const stored = await runs.read(id);
    const earlier = isDryRun ? undefined : await findUnfinished(id);
    for (const run of [stored, earlier]) {
      if (run && (await isUnderWay(client, run.state.id))) return { isNew: false, state: run.state };
    }
    const fresh = newRetention({ id, isDryRun, startedAt, touched: earlier?.state.touched });
    // Where somebody else was faster, it is theirs that is started.
    if (stored?.state.state !== 'running') await runs.save(id, fresh, stored);
    if (earlier) await giveUp(earlier, startedAt);
    const state = (await runs.read(id))?.state ?? fresh;
    try {
      await client.startNew(retentionOrchestrator, { instanceId: id, input: { id } });
      return { isNew: true, state };
    } catch (error) {
      if (hasStatus(error, 409)) return { isNew: false, state };
      throw error;
    }
  };

  /** The last sweep before this one, if it has not come to its end. */
  async function findUnfinished(id: string): Promise<StoredRun<RetentionState> | undefined> {
    const ids: string[] = [];
    for await (const { blobs } of erasures.pages({ prefix: `${runsFolder}/${retentionId('')}` })) {
      ids.push(...blobs.map(({ name }) => name.slice(runsFolder.length + 1, -'.json'.length)));
    }
    const last = ids
      .filter((other) => other < id && !other.endsWith(dryRunEnding))
      .sort()
      .at(-1);
    const run = last === undefined ? undefined : await runs.read(last);
    return run?.state.state === 'running' ? run : undefined;
  }

  /** The new one has taken over what it left to do. */
  async function giveUp(run: StoredRun<RetentionState>, endedAt: string): Promise<void> {
    const { state } = run;
    await runs.save(state.id, { ...state, state: 'failed', touched: [], endedAt }, run);
  }
}

/** True while its orchestration has not come to its end. */
export async function isUnderWay(client: Pick<DurableClient, 'getStatus'>, id: string): Promise<boolean> {
  const status = await findStatus(client, id);
  return status !== undefined && isRunning(status);
}

/** The id of a sweep, and of its orchestration, by the name that its address has: a date. */
export function retentionId(name: string): string {
  return `retention-${name}`;
}
