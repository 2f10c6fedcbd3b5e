import { ParleyError } from '../errors.ts';
import type { BatchAnswer, Batches } from '../models/language/batch/open-batches.ts';
import type { BatchFiles, BatchRecord, StoredBatch } from './batch-files.ts';
import type { NightFiles, Run } from './night-files.ts';

export interface BatchNightDependencies {
  files: Pick<NightFiles, 'readRun' | 'readChunk'>;
  batchFiles: BatchFiles;
  batches: Batches;
  clock: () => Date;
}

interface OfRun {
  night: string;
  run: Pick<Run, 'id'>;
}

/** After so long an endpoint that never answers is not asked any more. */
const forgottenSeconds = 40 * 24 * 60 * 60;

interface Order extends OfRun {
  plan: number;
  /** How long the run waits for its batches. */
  hours: number;
}

/** Both endpoints take files of 200 MB; as many requests as a plan has conversations are far below their limit. More would fill the memory. */
const mostBytes = 50_000_000;
/** What a run that has waited to the end may take until it has read what came. */
const reserveHours = 2;

/** The steps of a night that have to do with batches, each safe to run again. They throw storage faults and `model_unavailable`. */
export function createBatchNight({ files, batchFiles, batches, clock }: BatchNightDependencies) {
  const ofRun = async ({ night, run }: OfRun): Promise<StoredBatch[]> =>
    (await batchFiles.list(night)).filter((record) => record.run === run.id);

  /** Hands the requests of a plan over, each batch claimed before it is begun; then they lie at the endpoint alone. */
  async function submit(at: Order): Promise<{ batches: number }> {
    const ofPlan = async () => (await ofRun(at)).filter(({ plan }) => plan === at.plan);
    await claim(at, await ofPlan());
    const records = await ofPlan();
    for (const record of records) if (record.state === 'begun') await begin(record);
    await batchFiles.removeRequests(at);
    return { batches: records.length };
  }

  async function claim({ night, run, plan, hours }: Order, claimed: StoredBatch[]): Promise<void> {
    const known = new Set(claimed.flatMap(({ chunks }) => chunks));
    const open = (await batchFiles.listRequests({ night, plan })).filter(({ chunk }) => !known.has(chunk));
    for (const [place, chunks] of inParts(open).entries()) {
      const read = await Promise.all(chunks.map((chunk) => batchFiles.readRequests({ night, plan }, chunk)));
      const paths = [...new Set(read.flat().flatMap((request) => request.paths))];
      if (paths.length === 0) continue;
      const key = `${night}-${plan}-${claimed.length + place}-${run.id}`;
      const since = Math.floor(clock().getTime() / 1000);
      const until = since + (hours + reserveHours) * 60 * 60;
      const times = { since, until };
      const record: BatchRecord = { night, run: run.id, plan, key, ...times, chunks, paths, state: 'begun' };
      await batchFiles.save(record, 'none');
    }
  }

  async function begin({ etag, ...record }: StoredBatch): Promise<void> {
    const { night, plan, key, since } = record;
    const bodies = new Map<string, Record<string, unknown>>();
    for (const chunk of record.chunks) {
      for (const { id, body } of await batchFiles.readRequests({ night, plan }, chunk)) bodies.set(id, body);
    }
    const requests = [...bodies].map(([id, body]) => ({ id, body }));
    const ticket = await atEndpoint(() => batches.submit(key, requests, { sinceSeconds: since }));
    // It was dropped meanwhile: whoever removes it may have come before it was there.
    const isWanted = await batchFiles.save({ ...record, state: 'submitted', ticket }, { etag });
    if (!isWanted && !(await removeOne(record)))
      await batchFiles.save({ ...record, paths: [], state: 'dropped' }, 'none');
  }

  /** Fetches what has ended; with `isOver` the rest is to end, and what it has by then is kept. */
  async function watch({ isOver, ...at }: OfRun & { isOver: boolean }): Promise<{ running: number }> {
    let running = 0;
    for (const record of await ofRun(at)) {
      const { ticket } = record;
      if (record.state !== 'submitted' || !ticket) continue;
      const state = await atEndpoint(() => batches.state(ticket));
      if (state.state === 'ended') await keepAnswers(record, () => batches.answers(state));
      else {
        running += 1;
        if (isOver && state.status !== 'cancelling') await atEndpoint(() => batches.cancel(ticket));
      }
    }
    return { running };
  }

  async function keepAnswers(
    { etag, ...record }: StoredBatch,
    answers: () => AsyncGenerator<BatchAnswer>,
  ): Promise<void> {
    const completions = new Map<string, unknown>();
    await atEndpoint(async () => {
      for await (const { id, completion } of answers())
        if (completion !== undefined) completions.set(id, completion);
    });
    for (const chunk of record.chunks) {
      const { waiting = [] } = (await files.readChunk(record.night, record.plan, chunk)) ?? {};
      const answered = waiting.filter(({ id }) => completions.has(id));
      await batchFiles.writeAnswers(record, chunk, {
        paths: answered.flatMap(({ paths }) => paths),
        answers: answered.map(({ id }) => ({ id, completion: completions.get(id) })),
      });
    }
    if (await batchFiles.save({ ...record, state: 'read' }, { etag })) return;
    // Somebody in it was erased meanwhile.
    for (const chunk of record.chunks) await batchFiles.removeAnswers(record, chunk);
  }

  /** Removes a run's batches from the endpoint; `left` of them are ending still. */
  async function remove(at: OfRun): Promise<{ left: number }> {
    let left = 0;
    for (const record of await ofRun(at)) if (!(await removeOne(record))) left += 1;
    return { left };
  }

  async function removeOne({ key, since }: BatchRecord): Promise<boolean> {
    const { isDone } = await atEndpoint(() => batches.remove(key, { sinceSeconds: since }));
    if (isDone) await batchFiles.remove(key);
    return isDone;
  }

  /** Removes what runs left that are over or broke off. Where the endpoint does not answer, the next night does. */
  async function sweep(): Promise<void> {
    for (const record of await batchFiles.list()) {
      const isOver = clock().getTime() / 1000 > record.until;
      if (!isOver && (await files.readRun(record.night))?.id === record.run) continue;
      await removeOne(record).catch((error: unknown) => {
        if (!(error instanceof ParleyError)) throw error;
        // Whatever was there, if the endpoint has batches at all.
        const age = clock().getTime() / 1000 - record.since;
        if (age > forgottenSeconds) return batchFiles.remove(record.key);
        return undefined;
      });
    }
  }

  return { submit, watch, remove, sweep };
}

/** Chunks whose requests go together. */
function inParts(chunks: readonly { chunk: number; bytes: number }[]): number[][] {
  const parts: number[][] = [];
  let used = Number.POSITIVE_INFINITY;
  for (const { chunk, bytes } of chunks) {
    used += bytes;
    if (used > mostBytes) {
      parts.push([]);
      used = bytes;
    }
    parts.at(-1)?.push(chunk);
  }
  return parts;
}

/** What went wrong is told by its status: the client's own message may quote what was sent. */
export async function atEndpoint<Result>(work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    const status = error instanceof Error && 'status' in error ? error.status : undefined;
    const told = typeof status === 'number' ? ` (status ${status})` : '';
    throw new ParleyError('model_unavailable', `The model's endpoint did not do its part of a batch${told}.`);
  }
}
