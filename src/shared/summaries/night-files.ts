import * as z from 'zod';
import { parseJson } from '../json.ts';
import type { Container } from '../storage/container.ts';
import { type StaleConversation, staleConversation } from './list-stale.ts';
import { mergedPosition } from './merge-listings.ts';
import { outcomeSchema, usageSchema } from './outcome.ts';
import { openPostponed, type PostponedFiles } from './postponed-files.ts';

/** How a night is cut: so many conversations in a plan blob, and of those in one activity. */
export const planSize = 1_000;
export const chunkSize = 20;

export const runSchema = z.object({
  id: z.string(),
  /** Conversations in its plan blobs. */
  found: z.int(),
  /** How many of them, the first ones, earlier nights had postponed. */
  postponed: z.int().default(0),
  /** When it began, ISO 8601 UTC, and what makes its requests to a model repeatable; absent in runs of earlier versions. */
  begun: z.iso.datetime().optional(),
  secret: z.string().optional(),
  /** Where planning goes on, while it has not reached the end. */
  next: mergedPosition.optional(),
});
export const planSchema = z.object({ conversations: z.array(staleConversation) });
/** What became of a chunk so far, and of the tokens that it was given. */
export const chunkSchema = z.object({
  outcomes: z.array(outcomeSchema),
  /** What all its calls of the model used, as far as it is known. */
  usage: usageSchema.optional(),
  /** Calls that were put down for a batch, and the conversations that each is about. */
  waiting: z.array(z.object({ id: z.string(), paths: z.array(z.string()) })).optional(),
  /** Tokens of the run that stay reserved for these. */
  held: z.number().optional(),
  /** The call of the activity that last worked on it: absent where there is no limit to its tokens. */
  turn: z
    .object({
      number: z.int(),
      /** Tokens spent in it. */
      spent: z.number(),
      /** While it works: where that goes on for ever, nobody knows what it spent. */
      isOpen: z.boolean(),
    })
    .optional(),
});
export type ChunkFile = z.infer<typeof chunkSchema>;

/** One planning of a night: a night run again has another id. */
export type Run = z.infer<typeof runSchema>;

/**
 * What a night writes down while it is under way, so that Durable messages carry numbers only. What cannot be read counts
 * as missing: it may be of another version of the app.
 */
export interface NightFiles {
  postponed: PostponedFiles;
  readRun(night: string): Promise<Run | undefined>;
  writeRun(night: string, run: Run): Promise<void>;
  writePlan(night: string, plan: number, conversations: readonly StaleConversation[]): Promise<void>;
  readPlan(night: string, plan: number): Promise<StaleConversation[]>;
  readChunk(night: string, plan: number, chunk: number): Promise<ChunkFile | undefined>;
  writeChunk(night: string, plan: number, chunk: number, file: ChunkFile): Promise<void>;
  /** The plan blob and the outcomes of its chunks. */
  removePlan(night: string, plan: number): Promise<void>;
  removeAll(night: string): Promise<void>;
}

export function openNightFiles(container: Container): NightFiles {
  const read = async <T>(name: string, schema: z.ZodType<T>): Promise<T | undefined> => {
    const blob = await container.read(name);
    return blob && schema.safeParse(parseJson(blob.text)).data;
  };
  const write = async (name: string, value: unknown): Promise<void> => {
    await container.write(name, JSON.stringify(value), { contentType: 'application/json' });
  };
  return {
    postponed: openPostponed(container),
    readRun: (night) => read(`${night}/run.json`, runSchema),
    writeRun: (night, run) => write(`${night}/run.json`, run),
    writePlan: (night, plan, conversations) => write(`${night}/plan-${plan}.json`, { conversations }),
    async readPlan(night, plan) {
      const found = await read(`${night}/plan-${plan}.json`, planSchema);
      return found?.conversations ?? [];
    },
    readChunk: (night, plan, chunk) => read(`${night}/${plan}-${chunk}.json`, chunkSchema),
    writeChunk: (night, plan, chunk, file) => write(`${night}/${plan}-${chunk}.json`, file),
    async removePlan(night, plan) {
      await container.removeAll(`${night}/${plan}-`);
      await container.remove(`${night}/plan-${plan}.json`);
    },
    removeAll: async (night) => void (await container.removeAll(`${night}/`)),
  };
}

/** What stands in a plan for a conversation that was erased: a path at which there never is one. */
export function erasedPlace(plan: string, place: number): string {
  return `-/${plan}-${place}`;
}

export function isErasedPlace(path: string): boolean {
  return path.startsWith('-/');
}

/** How many plan blobs hold so many conversations. */
export function plansOf(found: number): number {
  return Math.ceil(found / planSize);
}

/** The size of plan blob `plan` of so many conversations. */
export function sizeOfPlan(found: number, plan: number): number {
  return Math.min(planSize, found - planSize * plan);
}

export function chunksOf(size: number): number {
  return Math.ceil(size / chunkSize);
}

/** The size of a chunk of a plan of so many conversations. */
export function sizeOfChunk(size: number, chunk: number): number {
  return Math.min(chunkSize, size - chunkSize * chunk);
}
