import { createHash } from 'node:crypto';
import type { Subscription } from './subscription.ts';

const secondsOfDisorder = 5;

/**
 * When an event is delivered, in seconds from now: once and at once, unless the subscription asks for duplicates or
 * disorder. Chance comes from the seed, the subscription and the event's number, so that it is the same each time.
 */
export function planChaos({ name, chaos }: Subscription, eventNumber: string): number[] {
  if (!chaos) return [0];
  const chance = (what: string) => fraction(`${chaos.seed}/${name}/${eventNumber}/${what}`);
  const most = Number(chaos.disorder === true ? secondsOfDisorder : chaos.disorder);
  const first = chance('delay') * most;
  return chance('duplicate') < chaos.duplicates ? [first, chance('second delay') * most] : [first];
}

/** From 0 to below 1. */
function fraction(text: string): number {
  return createHash('sha256').update(text).digest().readUInt32BE() / 2 ** 32;
}
