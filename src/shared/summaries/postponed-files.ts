import * as z from 'zod';
import { parseJson } from '../json.ts';
import type { Container } from '../storage/container.ts';
import { type StaleConversation, staleConversation } from './list-stale.ts';

/** Who waits longer than for so many plans comes when the listing does. */
const mostBlobs = 100;

export const postponedFolder = 'postponed/';
export const postponedSchema = z.object({ conversations: z.array(staleConversation) });

/** What nights had no tokens for, until a later one has planned it. */
export interface PostponedFiles {
  /** Each conversation once, those that have waited longest first. */
  list(): Promise<StaleConversation[]>;
  /** Notes those of one plan of a run; noted again, it replaces what was noted. */
  note(
    of: { night: string; run: string; plan: number },
    conversations: readonly StaleConversation[],
  ): Promise<void>;
  /** Removes what other runs noted. */
  clear(run: string): Promise<void>;
}

export function openPostponed(container: Container): PostponedFiles {
  async function names(): Promise<string[]> {
    const found: string[] = [];
    for await (const { blobs } of container.pages({ prefix: postponedFolder })) {
      found.push(...blobs.map(({ name }) => name));
    }
    return found.sort();
  }

  async function read(name: string): Promise<StaleConversation[]> {
    const blob = await container.read(name);
    return (blob && postponedSchema.safeParse(parseJson(blob.text)).data?.conversations) ?? [];
  }

  return {
    async list() {
      const found = new Map<string, StaleConversation>();
      for (const name of (await names()).slice(0, mostBlobs)) {
        for (const one of await read(name)) if (!found.has(one.path)) found.set(one.path, one);
      }
      return [...found.values()];
    },
    async note({ night, run, plan }, conversations) {
      if (conversations.length === 0) return;
      const number = String(plan).padStart(6, '0');
      // Which segments there are by then is found out when it is read.
      const listed = conversations.map(({ path, length }) => ({ path, segments: [], length }));
      await container.write(
        `${postponedFolder}${night}-${number}-${run}.json`,
        JSON.stringify({ conversations: listed }),
        {
          contentType: 'application/json',
        },
      );
    },
    async clear(run) {
      for (const name of await names()) {
        if (!name.endsWith(`-${run}.json`)) await container.remove(name);
      }
    },
  };
}
