import * as z from 'zod';
import { parseJson } from '../json.ts';
import type { Container } from '../storage/container.ts';
import type { StaleConversation } from './list-stale.ts';
import { mergedPosition } from './merge-listings.ts';
import { type Outcome, outcomeSchema } from './outcome.ts';

/** How a night is cut: so many conversations in a plan blob, and of those in one activity. */
export const planSize = 1_000;
export const chunkSize = 20;

export const runSchema = z.object({
  id: z.string(),
  /** Conversations in its plan blobs. */
  found: z.int(),
  /** Where planning goes on, while it has not reached the end. */
  next: mergedPosition.optional(),
});
export const planSchema = z.object({
  conversations: z.array(z.object({ path: z.string(), segments: z.array(z.string()), length: z.number() })),
});
export const outcomesSchema = z.object({ outcomes: z.array(outcomeSchema) });

/** One planning of a night: a night run again has another id. */
export type Run = z.infer<typeof runSchema>;

/**
 * What a night writes down while it is under way, so that Durable messages carry numbers only. What cannot be read counts
 * as missing: it may be of another version of the app.
 */
export interface NightFiles {
  readRun(night: string): Promise<Run | undefined>;
  writeRun(night: string, run: Run): Promise<void>;
  writePlan(night: string, plan: number, conversations: readonly StaleConversation[]): Promise<void>;
  readPlan(night: string, plan: number): Promise<StaleConversation[]>;
  readOutcomes(night: string, plan: number, chunk: number): Promise<Outcome[] | undefined>;
  writeOutcomes(night: string, plan: number, chunk: number, outcomes: readonly Outcome[]): Promise<void>;
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
    readRun: (night) => read(`${night}/run.json`, runSchema),
    writeRun: (night, run) => write(`${night}/run.json`, run),
    writePlan: (night, plan, conversations) => write(`${night}/plan-${plan}.json`, { conversations }),
    async readPlan(night, plan) {
      const found = await read(`${night}/plan-${plan}.json`, planSchema);
      return found?.conversations ?? [];
    },
    async readOutcomes(night, plan, chunk) {
      return (await read(`${night}/${plan}-${chunk}.json`, outcomesSchema))?.outcomes;
    },
    writeOutcomes: (night, plan, chunk, outcomes) => write(`${night}/${plan}-${chunk}.json`, { outcomes }),
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
