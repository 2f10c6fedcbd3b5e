import type * as z from 'zod';
import { parseJson } from '../json.ts';
import type { Container } from '../storage/container.ts';
import { storageUnavailable } from '../storage/storage-errors.ts';

/** Knowledge that is only ever added to: `join` gives the same in every order and however often. */
interface Knowledge<Known> {
  schema: z.ZodType<Known>;
  join(all: readonly [Known, ...Known[]]): Known;
  toMetadata(known: Known): Record<string, string>;
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
 * Keeps knowledge in blobs, one each. The latest `mostRemembered` are remembered, as they stood when last seen: what
 * these know costs no request, in a process that is new to a blob one read, and what is new one write.
 */
export function createKeep<Known>(
  container: Container,
  { schema, join, toMetadata }: Knowledge<Known>,
  { mostRemembered }: { mostRemembered: number },
): Keep<Known> {
  /** As text: a third of the memory. The one longest unused is the first. */
  const remembered = new Map<string, string>();

  const recall = (name: string): string | undefined => {
    const text = remembered.get(name);
    if (text !== undefined) remember(name, text);
    return text;
  };

  const remember = (name: string, text: string): void => {
    remembered.delete(name);
    remembered.set(name, text);
    for (const oldest of remembered.keys()) {
      if (remembered.size <= mostRemembered) return;
      remembered.delete(oldest);
    }
  };

  /** What is unreadable counts for nothing, so that it is written anew. */
  const joined = (text: string | undefined, shown: Known): Known => {
    const known = text === undefined ? undefined : schema.safeParse(parseJson(text)).data;
    return join(known === undefined ? [shown] : [known, shown]);
  };

  return async (name, shown, { isLikelyNew, signal }) => {
    const seen = recall(name);
    if (seen !== undefined && JSON.stringify(joined(seen, shown)) === seen) return;
    for (let tries = 0; tries < mostTries; tries += 1) {
      const isGuess = tries === 0 && seen === undefined && isLikelyNew;
      const stored = isGuess ? undefined : await container.read(name, { signal });
      const known = joined(stored?.text, shown);
      const text = JSON.stringify(known);
      const isWritten =
        text === stored?.text ||
        (await container.write(name, text, {
          contentType: 'application/json',
          metadata: toMetadata(known),
          replaces: stored ? { etag: stored.etag } : 'none',
          signal,
        }));
      if (isWritten) return remember(name, text);
    }
    throw storageUnavailable(new Error('others keep writing about the same person'));
  };
}
