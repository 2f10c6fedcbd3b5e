import type { Happening } from './channel.ts';

/**
 * How what a provider, or a file, still holds is brought in, piece by piece. A piece of work is a JSON value that only its
 * importer understands; it is kept between two steps, so that an import goes on wherever it broke off. An importer reads
 * and never writes at the provider.
 */
export interface Importer {
  /** The first piece of work for what a request names. Throws `bad_request`, `not_found`, `not_configured`. */
  begin(source: unknown): Promise<unknown>;
  /**
   * Does one piece, such as a page: the same piece may be done again. Throws a `ParleyError` where the piece is to be
   * tried again (`retryable`) or given up.
   */
  advance(work: unknown, options: { signal: AbortSignal }): Promise<Advance>;
}

/** What a piece of work came to. */
export interface Advance {
  happenings?: Happening[];
  /** Messages, or lines, that were read. */
  read?: number;
  /** Of those, how many are not brought in. */
  skipped?: number;
  problems?: ImportProblem[];
  /** Work that this piece found, each to be done apart from the others. */
  found?: unknown[];
  /** Where it goes on; absent at its end. */
  next?: unknown;
  /** How long `next` has to wait before it is worth a try. */
  waitMilliseconds?: number;
  /** In whose name the provider was asked. */
  readAs?: string;
}

/** What could not be brought in and why, in words for an operator: never text of a conversation. */
export interface ImportProblem {
  /** A thread, or a file and the number of a line. */
  where: string;
  reason: string;
}
