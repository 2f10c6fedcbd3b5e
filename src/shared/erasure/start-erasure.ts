import { randomBytes } from 'node:crypto';
import type { HttpResponseInit } from '@azure/functions';
import type { DurableClient } from 'durable-functions';
import { findStatus, hasStatus, isRunning } from '../durable/instances.ts';
import type { RunFiles } from '../durable/run-files.ts';
import type { ErasureFiles } from './erasure-files.ts';
import { type ErasureState, newErasure, toReceipt } from './erasure-state.ts';
import { instanceOf } from './serve-receipts.ts';

export const erasureOrchestrator = 'runErasure';

export type StartClient = Pick<DurableClient, 'startNew' | 'getStatus'>;

interface Dependencies {
  files: Pick<ErasureFiles, 'claim' | 'findClaim'>;
  runs: RunFiles<ErasureState>;
  clock: () => Date;
}

type Beginning = Pick<ErasureState, 'kind' | 'person' | 'conversation' | 'atProvider'>;

/** What of one subject, a person or a conversation, is being erased. */
export interface Starter {
  /** The erasure of a subject that has not come to its end, whether it runs or has failed. */
  find(subject: string): Promise<ErasureState | undefined>;
  /** Starts the erasure of a subject, or goes on with the one that there is: there are never two at once. */
  start(subject: string, beginning: Beginning, client: StartClient): Promise<ErasureState>;
}

export function createStarter({ files, runs, clock }: Dependencies): Starter {
  return {
    async find(subject) {
      const id = await files.findClaim(subject);
      const state = id === undefined ? undefined : (await runs.read(id))?.state;
      return state?.state === 'running' ? state : undefined;
    },
    async start(subject, beginning, client) {
      const now = clock();
      const id = await files.claim(subject, newId(now));
      // The claim comes first: a state without one would be a second erasure.
      await runs.save(id, newErasure({ ...beginning, id, startedAt: now.toISOString() }));
      const stored = await runs.read(id);
      if (!stored) throw new Error('the state of an erasure is gone that was just written');
      if (stored.state.state === 'running') await run(id, client);
      return stored.state;
    },
  };
}

async function run(id: string, client: StartClient): Promise<void> {
  const instanceId = instanceOf(id);
  const status = await findStatus(client, instanceId);
  if (status && isRunning(status)) return;
  try {
    await client.startNew(erasureOrchestrator, { instanceId, input: { id } });
  } catch (error) {
    // Somebody else has started it since.
    if (!hasStatus(error, 409)) throw error;
  }
}

/** Accepted: `Location` is where it tells how far it is. */
export function accepted(state: ErasureState, requestUrl: string): HttpResponseInit {
  const location = new URL(`/api/erasures/${state.id}`, requestUrl).href;
  return { status: 202, headers: { location }, jsonBody: toReceipt(state) };
}

/** Sorts by time, and tells nothing of whom it is about. */
function newId(now: Date): string {
  const [date, time] = now.toISOString().replaceAll(/[-:]/g, '').slice(0, 15).split('T');
  return `${date}-${time}-${randomBytes(4).toString('hex')}`;
}
