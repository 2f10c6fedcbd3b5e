import * as z from 'zod';
import type { Happening } from '../channels/channel.ts';
import type { Advance, Importer, ImportProblem } from '../channels/importer.ts';
import { runsFolder } from '../durable/run-files.ts';
import { ParleyError } from '../errors.ts';
import type { Container } from '../storage/container.ts';
import { BadLine, parseLine } from './parse-line.ts';
import { type Chunk, findFile, type LinePosition, longestLine, readChunk } from './read-chunk.ts';

/** Dots as a part of a name would lead out of the container. */
const fileSource = z
  .string()
  .min(1)
  .max(1024)
  .refine((name) => !name.split(/[/\\]/).some((part) => part === '.' || part === '..'));

/** Where the import of one file stands. */
export const fileWork = z.object({
  /** Name of the blob. */
  where: z.string(),
  etag: z.string(),
  size: z.number(),
  offset: z.number(),
  line: z.number(),
  isTooLong: z.boolean().optional(),
});
export type FileWork = z.infer<typeof fileWork>;

/** Imports a JSONL file that an operator put into a container: see docs/transfer.md for its lines. */
export function createFileImporter(files: Container): Importer {
  return {
    async begin(source) {
      const name = fileSource.safeParse(source);
      if (!name.success || name.data.startsWith(`${runsFolder}/`)) {
        throw new ParleyError('bad_request', 'file must be the name of a blob in the container "imports".');
      }
      const work = await openFile(files, name.data);
      if (work) return work;
      throw new ParleyError(
        'not_found',
        'There is no such blob in the container "imports". Upload the file there first, with any tool for blobs.',
      );
    },
    async advance(work, { signal }) {
      return readLines(files, fileWork.parse(work), { signal });
    },
  };
}

/** Undefined where there is no such blob. */
export async function openFile(files: Container, name: string): Promise<FileWork | undefined> {
  const facts = await findFile(files, name);
  return facts && { where: name, ...facts, offset: 0, line: 1 };
}

interface ReadOptions {
  signal: AbortSignal;
  chunkBytes?: number;
  /** Told of each happening before it counts; what it throws fails the piece. */
  onHappening?: (happening: Happening, problems: ImportProblem[]) => Promise<void>;
}

/** One chunk of a file: good lines become happenings, bad ones problems. */
export async function readLines(
  files: Container,
  work: FileWork,
  { signal, chunkBytes, onHappening }: ReadOptions,
): Promise<Advance> {
  const chunk = await readChunk(files, work.where, work, work, { signal, chunkBytes });
  const problems: ImportProblem[] = chunk.tooLong.map((number) => ({
    where: `${work.where} line ${number}`,
    reason: `is longer than ${longestLine / 1024 ** 2} MiB`,
  }));
  const { happenings, read } = parseLines(work.where, chunk, problems);
  const skipped = problems.length;
  for (const happening of happenings) await onHappening?.(happening, problems);
  return { happenings, read: read + chunk.tooLong.length, skipped, problems, ...nextOf(work, chunk.next) };
}

function parseLines(where: string, { lines }: Chunk, problems: ImportProblem[]) {
  const happenings: Happening[] = [];
  let read = 0;
  for (const { number, bytes } of lines) {
    try {
      const happening = parseLine(bytes);
      if (!happening) continue;
      happenings.push(happening);
    } catch (error) {
      if (!(error instanceof BadLine)) throw error;
      problems.push({ where: `${where} line ${number}`, reason: error.message });
    }
    read += 1;
  }
  return { happenings, read };
}

function nextOf(work: FileWork, next: LinePosition | undefined): { next?: FileWork } {
  if (!next) return {};
  const { where, etag, size } = work;
  return { next: { where, etag, size, ...next } };
}
