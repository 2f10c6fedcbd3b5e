import type { Attempt } from './sender.ts';

/** Providers promise to remember a request for five minutes, and refuse one that says it is older. */
const remembered = 4 * 60_000;

/**
 * When to say that a repeatable request was first sent. Beyond the time that it is remembered for sure it is sent as new
 * under its old id: a provider that remembers longer still has one effect, any other may have a second.
 */
export function firstSent({ firstTriedAt, triedAt }: Attempt): Date {
  return triedAt.getTime() - firstTriedAt.getTime() < remembered ? firstTriedAt : triedAt;
}
