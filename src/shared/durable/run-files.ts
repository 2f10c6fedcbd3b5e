import type * as z from 'zod';
import { parseJson } from '../json.ts';
import { type Container, unquote } from '../storage/container.ts';
import { isConflict } from '../storage/storage-errors.ts';
import type { StepResult } from './orchestrate-steps.ts';

/** Where a long run stands, as it was read or written last. */
export interface StoredRun<State> {
  state: State;
  /** Without quotes. */
  etag: string;
}

/** One blob for each run, `runs/<id>.json`: it is where it goes on, and what is told of it. */
export interface RunFiles<State> {
  read(id: string): Promise<StoredRun<State> | undefined>;
  /** Writes over the version that was read, or where nothing is. Undefined where somebody else wrote since. */
  save(id: string, state: State, replaces?: StoredRun<State>): Promise<StoredRun<State> | undefined>;
}

export const runsFolder = 'runs';

export function openRunFiles<State>(container: Container, schema: z.ZodType<State>): RunFiles<State> {
  const nameOf = (id: string): string => `${runsFolder}/${id}.json`;
  return {
    async read(id) {
      const blob = await container.read(nameOf(id));
      const state = blob && schema.safeParse(parseJson(blob.text)).data;
      return state && { state, etag: blob.etag };
    },
    async save(id, state, replaces) {
      const body = Buffer.from(JSON.stringify(state), 'utf8');
      const conditions = replaces ? { ifMatch: `"${replaces.etag}"` } : { ifNoneMatch: '*' };
      const upload = () =>
        container.client.getBlockBlobClient(nameOf(id)).upload(body, body.length, {
          blobHTTPHeaders: { blobContentType: 'application/json' },
          conditions,
          abortSignal: container.limit(),
        });
      try {
        const { etag = '' } = await container.creating(upload);
        return { state, etag: unquote(etag) };
      } catch (error) {
        if (isConflict(error)) return undefined;
        throw error;
      }
    },
  };
}

/** What a step tells that found its run written by somebody else: it was cancelled, or another step goes on with it. */
export async function stepAside(
  runs: Pick<RunFiles<{ state: string }>, 'read'>,
  id: string,
): Promise<StepResult> {
  const isDone = (await runs.read(id))?.state.state !== 'running';
  return { isDone, waitMilliseconds: isDone ? 0 : 10_000 };
}
