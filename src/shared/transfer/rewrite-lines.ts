import { randomUUID } from 'node:crypto';
import * as z from 'zod';
import type { Container } from '../storage/container.ts';
import { isConflict } from '../storage/storage-errors.ts';
import type { FileJudgement } from './erase-file.ts';
import { findFile, readChunk } from './read-chunk.ts';

const progress = z.object({
  etag: z.string(),
  size: z.number(),
  offset: z.number(),
  line: z.number(),
  /** Absent until a line was found that has to go; then it begins again, and uploads what stays. */
  upload: z.object({ id: z.string(), blocks: z.int(), dropped: z.int() }).optional(),
});
type Progress = z.infer<typeof progress>;

class LineTooLong extends Error {
  override readonly name = 'LineTooLong';
}

/** A file has a line that is too long to be imported, and so is none of lines. */
export function isLineTooLong(error: unknown): boolean {
  return error instanceof LineTooLong;
}

const lineFeed = Buffer.from('\n');

/**
 * Takes lines out of a file, chunk by chunk, as far as time allows, at least one chunk. What stays is uploaded beside the
 * file and takes its place at the end, unless somebody wrote it meanwhile: then it throws a conflict. Memory does not grow
 * with the file.
 */
export async function rewriteLines(
  imports: Container,
  name: string,
  from: unknown,
  { filter, isTimeUp, signal }: Pick<FileJudgement, 'filter' | 'isTimeUp' | 'signal'>,
): Promise<{ dropped: number } | { next: unknown }> {
  const begin = async (): Promise<Progress> => {
    const { etag = '', size = 0 } = (await findFile(imports, name)) ?? {};
    return { etag, size, offset: 0, line: 1 };
  };
  const blob = imports.client.getBlockBlobClient(name);
  let state = progress.optional().parse(from) ?? (await begin());
  for (let isFirst = true; state.offset < state.size; isFirst = false) {
    if (!isFirst && isTimeUp()) return { next: state };
    const chunk = await readChunk(imports, name, state, state, { signal });
    if (chunk.tooLong.length > 0 || chunk.next?.isTooLong) throw new LineTooLong();
    const lines = chunk.lines.map(({ bytes }) => bytes);
    const left = filter(lines);
    const at = chunk.next ?? { offset: state.size, line: 0 };
    const { upload } = state;
    if (upload) {
      const dropped = upload.dropped + lines.length - left.length;
      if (left.length > 0) {
        const body = Buffer.concat(left.flatMap((line) => [line, lineFeed]));
        const id = blockId(upload.id, upload.blocks);
        await blob.stageBlock(id, body, body.length, { abortSignal: imports.limit(signal) });
      }
      const blocks = upload.blocks + (left.length > 0 ? 1 : 0);
      state = { ...state, ...at, upload: { ...upload, blocks, dropped } };
    } else if (left === lines) {
      state = { ...state, ...at };
    } else {
      state = { ...state, offset: 0, line: 1, upload: { id: randomUUID(), blocks: 0, dropped: 0 } };
    }
  }
  return { dropped: state.upload ? await putInPlace(imports, name, state.etag, state.upload, signal) : 0 };
}

async function putInPlace(
  imports: Container,
  name: string,
  etag: string,
  { id, blocks, dropped }: NonNullable<Progress['upload']>,
  signal: AbortSignal,
): Promise<number> {
  const blob = imports.client.getBlockBlobClient(name);
  const { contentType, metadata } = await blob.getProperties({ abortSignal: imports.limit(signal) });
  const ids = Array.from({ length: blocks }, (_, block) => blockId(id, block));
  const written = await blob.commitBlockList(ids, {
    blobHTTPHeaders: { blobContentType: contentType },
    metadata,
    conditions: { ifMatch: `"${etag}"` },
    abortSignal: imports.limit(signal),
  });
  if (blocks === 0) await removeEmpty(imports, name, written.etag, signal);
  return dropped;
}

/** Nothing stays of it, unless somebody has written it since. */
async function removeEmpty(
  imports: Container,
  name: string,
  etag: string | undefined,
  signal: AbortSignal,
): Promise<void> {
  try {
    await imports.client.deleteBlob(name, {
      conditions: { ifMatch: etag },
      abortSignal: imports.limit(signal),
    });
  } catch (error) {
    if (!isConflict(error)) throw error;
  }
}

/** All of the same length, as the service wants it. */
function blockId(upload: string, block: number): string {
  return Buffer.from(`${upload}-${String(block).padStart(6, '0')}`).toString('base64');
}
