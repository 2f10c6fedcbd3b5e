import type * as z from 'zod';
import { parseJson } from '../json.ts';
import type { Container } from '../storage/container.ts';
import { storageUnavailable } from '../storage/storage-errors.ts';
import type { Memory } from './memory.ts';

/** Knowledge that is only ever added to: `join` gives the same in every order and however often. */
interface Knowledge<Known> {
  schema: z.ZodType<Known>;
  join(all: readonly [Known, ...Known[]]): Known;
  toMetadata(known: Known): Record<string, string>;
  /** What must be durable before `shown` is added to what is known, as far as that could be read. */
  prepare?(shown: Known, known: Known | undefined, options: { signal?: AbortSignal }): Promise<void>;
}

interface KeepOptions {
  /** True where probably nothing is kept yet: saves the request that would find out. */
  isLikelyNew: boolean;
  signal?: AbortSignal;
}

/** Adds to what a blob knows. When it returns, that is durable; what is known already is not written again. */
export type Keep<Known> = (name: string, shown: Known, options: KeepOptions) => Promise<void>;

/** Somebody else wrote first so often that it is no race. */
const mostTries = 10;

/**
 * Keeps knowledge in blobs, one each. What the memory has, as text, a third of what it takes otherwise, costs no request
 * where it is known; in a process that is new to a blob one read, and what is new one write.
 */
export function createKeep<Known>(
  container: Container,
  { schema, join, toMetadata, prepare }: Knowledge<Known>,
  memory: Memory,
): Keep<Known> {
  /** What is unreadable counts for nothing, so that it is written anew. */
  const parse = (text: string | undefined): Known | undefined =>
    text === undefined ? undefined : schema.safeParse(parseJson(text)).data;

  const joined = (known: Known | undefined, shown: Known): Known =>
    join(known === undefined ? [shown] : [known, shown]);

  return async (name, shown, { isLikelyNew, signal }) => {
    const seen = memory.recall(name);
    if (seen !== undefined && JSON.stringify(joined(parse(seen), shown)) === seen) return;
    for (let tries = 0; tries < mostTries; tries += 1) {
      const isGuess = tries === 0 && seen === undefined && isLikelyNew;
      const stored = isGuess ? undefined : await container.read(name, { signal });
      const before = parse(stored?.text);
      const known = joined(before, shown);
      const text = JSON.stringify(known);
      if (text === stored?.text) return memory.remember(name, text);
      await prepare?.(shown, before, { signal });
      const isWritten = await container.write(name, text, {
        contentType: 'application/json',
        metadata: toMetadata(known),
        replaces: stored ? { etag: stored.etag } : 'none',
        signal,
      });
      if (isWritten) return memory.remember(name, text);
    }
    throw storageUnavailable(new Error('others keep writing about the same person'));
  };
}
