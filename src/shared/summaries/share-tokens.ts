import { fewTokens } from './summarize-within.ts';

/** A chunk that has something to do yet. */
export interface Waiting {
  chunk: number;
  /** How often it was called. */
  turn: number;
  /** How often of these for tokens that others gave back; 0 where part of it was not looked at yet. */
  tries: number;
  /** Tokens with which it can do anything. */
  least: number;
}

/** A chunk is called so often for tokens that others gave back. */
const mostTries = 8;

/**
 * Which chunks are called next, all at once, and the tokens that each may spend; undefined where there is no limit. Where
 * tokens are few, or a chunk has spent more than its share (`isOverspent`), one chunk alone gets them, so that a model that uses more
 * than was put aside can do so once. `cheapest` is the least with which any chunk so far could have done anything: below that, chunks are called without tokens, for what
 * needs none.
 */
export function shareTokens(
  waiting: readonly Waiting[],
  {
    tokens,
    cheapest,
    isOverspent = false,
  }: { tokens: number | undefined; cheapest: number; isOverspent?: boolean },
): { called: Waiting[]; share: number | undefined } {
  if (tokens === undefined) return { called: [...waiting], share: undefined };
  const isNew = ({ tries }: Waiting): boolean => tries === 0;
  if (tokens < Math.max(1, cheapest) && waiting.some(isNew)) {
    return { called: waiting.filter(isNew), share: 0 };
  }
  const able = waiting.filter(({ tries, least }) => least <= tokens && tries < mostTries);
  let count = 0;
  let needed = fewTokens;
  for (const { least } of able) {
    needed = Math.max(needed, least);
    if (count > 0 && (isOverspent || tokens / (count + 1) < needed)) break;
    count += 1;
  }
  const called = able.slice(0, count);
  return { called, share: called.length === 0 ? 0 : Math.floor(tokens / called.length) };
}
