import type { HttpRequest } from '@azure/functions';

/** Who asks, as far as it was verified: decided here and nowhere else, never from text. */
export type Caller = Operator | PersonCaller | Nobody;

/** Sees everything. */
export interface Operator {
  kind: 'operator';
  /** The name of the key, or whose identity it is: for the log. */
  name: string;
}

/** Sees what was said while they took part. */
export interface PersonCaller {
  kind: 'person';
  /** The verified one first, then those that the directory says are theirs; for staff, what they answer for, too. */
  identities: readonly [string, ...string[]];
  /** Who they are in the directory, where it knows them. */
  person?: string;
}

export interface Nobody {
  kind: 'nobody';
}

/**
 * Tells who sends a request. What cannot be believed makes nobody of its sender; throws only where that cannot be found out
 * just now: `provider_unavailable`, `too_many_requests`, or a fault of storage.
 */
export type TellCaller = (request: HttpRequest) => Promise<Caller>;
