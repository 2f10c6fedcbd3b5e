import { randomUUID } from 'node:crypto';
import type { Container } from '../storage/container.ts';

/** What a process remembers of blobs that it has seen, so that what is there is not written again. */
export interface Memory {
  recall(name: string): string | undefined;
  remember(name: string, text: string): void;
  forgetAll(): void;
}

/** Keeps the latest `most`. */
export function createMemory(most: number): Memory {
  /** The one longest unused is the first. */
  const texts = new Map<string, string>();
  const remember = (name: string, text: string): void => {
    texts.delete(name);
    texts.set(name, text);
    for (const oldest of texts.keys()) {
      if (texts.size <= most) return;
      texts.delete(oldest);
    }
  };
  return {
    remember,
    recall(name) {
      const text = texts.get(name);
      if (text !== undefined) remember(name, text);
      return text;
    },
    forgetAll: () => texts.clear(),
  };
}

/** A blob of the container `people` that changes whenever something is erased from it. */
const generationName = 'generation';

/** Tells every process, within a minute, that what it remembers of the container may be gone. */
export async function startGeneration(container: Container): Promise<void> {
  await container.write(generationName, randomUUID(), { contentType: 'text/plain' });
}

/** How long something may be taken for known that was erased meanwhile. */
const usualMilliseconds = 30_000;

/**
 * Makes a check that forgets all memories when something was erased since the last time it looked, which it does once in a
 * while. Errors are those of the storage client.
 */
export function watchGeneration(
  container: Container,
  memories: readonly Memory[],
  { milliseconds = usualMilliseconds }: { milliseconds?: number } = {},
): (options: { signal?: AbortSignal }) => Promise<void> {
  let seen: string | undefined;
  let lookAt = performance.now() + milliseconds;
  return async (options) => {
    const now = performance.now();
    if (now < lookAt) return;
    lookAt = now + milliseconds;
    try {
      const generation = (await container.read(generationName, options))?.text ?? 'first';
      if (generation !== seen) for (const memory of memories) memory.forgetAll();
      seen = generation;
    } catch (error) {
      lookAt = now;
      throw error;
    }
  };
}
