import assert from 'node:assert/strict';
import type { Eraser, ErasureScope, SweepOptions, Swept } from '../../src/shared/erasers/eraser.ts';
import type { Container } from '../../src/shared/storage/container.ts';

interface Options {
  /** After so many pieces of work each call has no more time. */
  pieces?: number;
  /** Called before each call but the first, with what the last one asked to wait. */
  between?: (waitMilliseconds: number) => Promise<void> | void;
}

type Sweep = (options: SweepOptions) => Promise<Swept>;

/** Calls a sweep until it is done, as an erasure does: `next` goes through JSON. */
export async function runSweep(
  sweep: Sweep,
  { pieces = Number.POSITIVE_INFINITY, between = () => {} }: Options = {},
): Promise<{ removed: number; calls: number }> {
  let removed = 0;
  for (let calls = 1, from: unknown; ; calls += 1) {
    assert.ok(calls < 1_000, 'the sweep never ends');
    let begun = 0;
    const isTimeUp = (): boolean => {
      begun += 1;
      return begun > pieces;
    };
    const swept = await sweep({ from, isTimeUp, signal: AbortSignal.timeout(120_000) });
    removed += swept.removed;
    if (swept.next === undefined) return { removed, calls };
    from = JSON.parse(JSON.stringify(swept.next));
    await between(swept.waitMilliseconds ?? 0);
  }
}

export function sweepAll(eraser: Eraser, scope: ErasureScope, options?: Options) {
  return runSweep((each) => {
    assert.ok(eraser.sweep);
    return eraser.sweep(scope, each);
  }, options);
}

export function expireAll(eraser: Eraser, before: string, options?: Options) {
  return runSweep((each) => {
    assert.ok(eraser.expire);
    return eraser.expire(before, each);
  }, options);
}

/** Everything that a container tells through the storage API: names, metadata and content, by name. */
export async function contentOf(container: Container): Promise<Map<string, string>> {
  const found = new Map<string, string>();
  for await (const { blobs } of container.pages({ includeUncommitted: true })) {
    for (const { name, metadata } of blobs) {
      const blob = await container.read(name);
      found.set(name, [decodeName(name), JSON.stringify(metadata), blob?.text].join('\n'));
    }
  }
  return found;
}

/** Fails where a container has one of the words anywhere. */
export async function assertNone(container: Container, words: readonly string[]): Promise<void> {
  for (const [name, content] of await contentOf(container)) {
    for (const word of words) assert.ok(!content.includes(word), `${word} is in ${name}: ${content}`);
  }
}

export async function namesIn(container: Container): Promise<string[]> {
  return [...(await contentOf(container)).keys()];
}

function decodeName(name: string): string {
  return name.replaceAll(/~([0-9a-f]{2})/g, (_, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  );
}
