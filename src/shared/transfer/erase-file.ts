import * as z from 'zod';
import type { Taken } from '../erasers/sweep-blobs.ts';
import { ParleyError } from '../errors.ts';
import { parseJson } from '../json.ts';
import type { Container } from '../storage/container.ts';
import { searchText } from '../storage/search-text.ts';
import { isConflict, isMissing, storageUnavailable } from '../storage/storage-errors.ts';
import type { FilterLines } from './filter-lines.ts';
import { findFile } from './read-chunk.ts';
import { isLineTooLong, rewriteLines } from './rewrite-lines.ts';

export interface FileJudgement {
  filter: FilterLines;
  isTraced: (text: string) => boolean;
  isTimeUp(): boolean;
  signal: AbortSignal;
}

const progress = z.object({ isOfLines: z.boolean(), from: z.unknown().optional() });
type Progress = z.infer<typeof progress>;

/** Somebody uploads it again and again. */
const mostTries = 5;
const headBytes = 64 * 1024;

/**
 * Takes the lines that have to go out of a file of lines, whatever its size, and writes it anew; a file of another kind
 * goes whole where it has a trace. Counts lines, or 1 for a file. Archives are not looked into.
 */
export async function eraseFile(
  imports: Container,
  name: string,
  from: unknown,
  judgement: FileJudgement,
): Promise<Taken> {
  let begun = progress.optional().parse(from);
  for (let tries = 0; tries < mostTries; tries += 1) {
    try {
      const file: Progress = begun ?? { isOfLines: await isOfLines(imports, name, judgement.signal) };
      return await goOn(imports, name, file, judgement);
    } catch (error) {
      if (isMissing(error)) return 0;
      if (isLineTooLong(error)) begun = { isOfLines: false };
      else if (hasChanged(error)) begun = undefined;
      else throw error;
    }
  }
  throw storageUnavailable(new Error('a file keeps changing while it is rewritten'));
}

async function goOn(
  imports: Container,
  name: string,
  { isOfLines, from }: Progress,
  judgement: FileJudgement,
): Promise<Taken> {
  if (isOfLines) {
    const rewritten = await rewriteLines(imports, name, from, judgement);
    if (!('next' in rewritten)) return rewritten.dropped;
    return { removed: 0, next: { isOfLines, from: rewritten.next } };
  }
  const searched = await searchText(imports, name, { ...judgement, from });
  if (!searched) return 0;
  if ('next' in searched) return { removed: 0, next: { isOfLines, from: searched.next } };
  if (!searched.isFound) return 0;
  const { signal } = judgement;
  // Written anew since then, it is looked at again: from the beginning.
  return (await imports.remove(name, { etag: searched.etag, signal }))
    ? 1
    : eraseFile(imports, name, undefined, judgement);
}

/** By its first line: a JSON object, or the beginning of one. Only block blobs can be written anew. */
async function isOfLines(imports: Container, name: string, signal: AbortSignal): Promise<boolean> {
  const file = await findFile(imports, name);
  const blob = imports.client.getBlobClient(name);
  const options = { abortSignal: imports.limit(signal) };
  const { blobType } = await blob.getProperties(options);
  if (blobType !== 'BlockBlob' || !file || file.size === 0) return false;
  const head = await blob.downloadToBuffer(0, Math.min(headBytes, file.size), options);
  const [first = '', ...others] = head
    .toString('utf8')
    .replace(/^\ufeff/, '')
    .trimStart()
    .split('\n', 2);
  if (!first.startsWith('{')) return false;
  return (others.length === 0 && file.size > headBytes) || isObject(parseJson(first));
}

function isObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function hasChanged(error: unknown): boolean {
  return isConflict(error) || (error instanceof ParleyError && error.code === 'provider_refused');
}
