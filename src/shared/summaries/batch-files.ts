import * as z from 'zod';
import { parseJson } from '../json.ts';
import type { Container } from '../storage/container.ts';

const paths = z.array(z.string());

/** Requests of a chunk on their way to a batch: text of people. */
export const requestsSchema = z.object({
  requests: z.array(z.object({ id: z.string(), paths, body: z.record(z.string(), z.unknown()) })),
});
/** What a batch answered to them: text of a model about people. */
export const answersSchema = z.object({
  paths,
  answers: z.array(z.object({ id: z.string(), completion: z.unknown() })),
});
export type ChunkRequests = z.infer<typeof requestsSchema>['requests'];
export type ChunkAnswers = z.infer<typeof answersSchema>;

/**
 * A batch of a run, from before it is begun until all its files at the endpoint are gone. `begun`: it may be there;
 * `submitted`: it is there, and is waited for; `read`: its answers lie here; `dropped`: nobody wants it.
 */
export const batchSchema = z.object({
  night: z.string(),
  run: z.string(),
  plan: z.int(),
  /** What it is found by at the endpoint. */
  key: z.string(),
  /** When it was claimed, Unix time in seconds. */
  since: z.int(),
  /** From then on no run waits for it, Unix time in seconds. */
  until: z.number(),
  chunks: z.array(z.int()),
  /** Whose conversations are in it. */
  paths,
  state: z.enum(['begun', 'submitted', 'read', 'dropped']),
  ticket: z.object({ batch: z.string(), inputFile: z.string() }).optional(),
});
export type BatchRecord = z.infer<typeof batchSchema>;
export type StoredBatch = BatchRecord & { etag: string };

/** Beside the nights: a batch has to be removed even when nothing of its night is left. */
export const batchesFolder = 'batches/';

export interface At {
  night: string;
  plan: number;
}

/** What a run writes down of its batches. What cannot be read counts as missing. */
export interface BatchFiles {
  readRequests(at: At, chunk: number): Promise<ChunkRequests>;
  writeRequests(at: At, chunk: number, requests: ChunkRequests): Promise<void>;
  /** Chunks of a plan that have requests, with their bytes. */
  listRequests(at: At): Promise<{ chunk: number; bytes: number }[]>;
  removeRequests(at: At): Promise<void>;
  readAnswers(at: At, chunk: number): Promise<ChunkAnswers | undefined>;
  writeAnswers(at: At, chunk: number, answers: ChunkAnswers): Promise<void>;
  removeAnswers(at: At, chunk: number): Promise<void>;
  /** All batches that are known, or those of one night. */
  list(night?: string): Promise<StoredBatch[]>;
  /** False where somebody else wrote first. */
  save(record: BatchRecord, replaces: { etag: string } | 'none'): Promise<boolean>;
  remove(key: string): Promise<void>;
}

export function openBatchFiles(container: Container): BatchFiles {
  const nameOf = ({ night, plan }: At, chunk: number, kind: string): string =>
    `${night}/${plan}-${chunk}-${kind}.json`;
  const recordOf = (key: string): string => `${batchesFolder}${key}.json`;
  const read = async <T>(name: string, schema: z.ZodType<T>): Promise<T | undefined> => {
    const blob = await container.read(name);
    return blob && schema.safeParse(parseJson(blob.text)).data;
  };
  const write = async (name: string, value: unknown, replaces?: { etag: string } | 'none') =>
    container.write(name, JSON.stringify(value), {
      contentType: 'application/json',
      ...(replaces ? { replaces } : {}),
    });

  return {
    async readRequests(at, chunk) {
      return (await read(nameOf(at, chunk, 'requests'), requestsSchema))?.requests ?? [];
    },
    writeRequests: async (at, chunk, requests) =>
      void (await write(nameOf(at, chunk, 'requests'), { requests })),
    async listRequests({ night, plan }) {
      const found: { chunk: number; bytes: number }[] = [];
      for await (const { blobs } of container.pages({ prefix: `${night}/${plan}-` })) {
        for (const { name, properties } of blobs) {
          const chunk = /-(\d+)-requests\.json$/.exec(name)?.[1];
          if (chunk !== undefined) found.push({ chunk: Number(chunk), bytes: properties.contentLength ?? 0 });
        }
      }
      return found.sort((one, other) => one.chunk - other.chunk);
    },
    async removeRequests(at) {
      for (const { chunk } of await this.listRequests(at))
        await container.remove(nameOf(at, chunk, 'requests'));
    },
    readAnswers: (at, chunk) => read(nameOf(at, chunk, 'answers'), answersSchema),
    writeAnswers: async (at, chunk, answers) => void (await write(nameOf(at, chunk, 'answers'), answers)),
    removeAnswers: async (at, chunk) => void (await container.remove(nameOf(at, chunk, 'answers'))),
    async list(night) {
      const found: StoredBatch[] = [];
      const prefix = `${batchesFolder}${night === undefined ? '' : `${night}-`}`;
      for await (const { blobs } of container.pages({ prefix })) {
        for (const { name } of blobs) {
          const blob = await container.read(name);
          const record = blob && batchSchema.safeParse(parseJson(blob.text)).data;
          if (record) found.push({ ...record, etag: blob.etag });
        }
      }
      return found;
    },
    save: (record, replaces) => write(recordOf(record.key), batchSchema.parse(record), replaces),
    remove: async (key) => void (await container.remove(recordOf(key))),
  };
}
