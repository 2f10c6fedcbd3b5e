import { changeJson } from '../erasers/change-json.ts';
import type { TraceFinder } from '../erasers/find-traces.ts';
import { parseJson } from '../json.ts';
import type { Batches } from '../models/language/batch/open-batches.ts';
import type { Container } from '../storage/container.ts';
import { answersSchema, type BatchRecord, batchSchema, requestsSchema } from './batch-files.ts';
import { atEndpoint } from './batch-night.ts';
import { isGone } from './erase-headlines.ts';

const isConcerned = (paths: readonly string[], finder: TraceFinder): boolean =>
  paths.some((path) => finder.isTouched(path) || isGone(path, finder));

/**
 * Takes a batch back in which conversations are of which something was erased: as a whole, since a file at the endpoint cannot
 * be changed. The night asks for all of it in the end. Its record stays, so that the night does not begin it again.
 */
export async function dropBatch(
  runs: Container,
  name: string,
  { finder, batches, signal }: { finder: TraceFinder; batches: Batches | undefined; signal: AbortSignal },
): Promise<{ removed: number; isUnderWay: boolean }> {
  const change = (record: BatchRecord): BatchRecord =>
    record.state !== 'dropped' && isConcerned(record.paths, finder)
      ? { ...record, paths: [], state: 'dropped' }
      : record;
  const dropped = await changeJson(runs, name, {
    schema: batchSchema,
    change,
    isTraced: finder.isTracedJson,
    signal,
  });
  const blob = await runs.read(name, { signal });
  const record = blob && batchSchema.safeParse(parseJson(blob.text)).data;
  if (!batches || record?.state !== 'dropped') return { removed: dropped, isUnderWay: false };
  const { key, since } = record;
  const { removed, isDone } = await atEndpoint(() => batches.remove(key, { sinceSeconds: since, signal }));
  return { removed: dropped + removed, isUnderWay: dropped > 0 || !isDone };
}

/** Requests before they are handed over, and answers after: all of a chunk where any of it is concerned. */
export async function removeTexts(
  runs: Container,
  name: string,
  finder: TraceFinder,
  signal: AbortSignal,
): Promise<number> {
  const blob = await runs.read(name, { signal });
  if (!blob) return 0;
  const value = parseJson(blob.text);
  const paths =
    requestsSchema.safeParse(value).data?.requests.flatMap((request) => request.paths) ??
    answersSchema.safeParse(value).data?.paths;
  if (paths && !isConcerned(paths, finder) && !finder.isTraced(blob.text)) return 0;
  const isRemoved = await runs.remove(name, { etag: blob.etag, signal });
  return isRemoved ? 1 : removeTexts(runs, name, finder, signal);
}
