/** What is to go at the provider, beside what goes here. */
export interface ProviderErasure {
  /** Whose it is: where the provider lets anybody be deleted, they are. None where only messages go. */
  identities: readonly string[];
  /** Messages of this channel that are known here; `sender` is an identity, `conversation` an id. */
  messages: readonly { conversation: string; messageId: string; sender: string }[];
}

export interface ProviderErasureOptions {
  /** What `next` was: goes on there. */
  from?: unknown;
  /** True once no new piece of work is to be begun. */
  isTimeUp(): boolean;
  signal: AbortSignal;
}

/** What one call came to. */
export interface ErasedAtProvider {
  /** Messages of which the provider said so; one that is deleted again after a crash may count twice. */
  deleted: number;
  /** What stays there and why, in words for an operator; none of them tells whom it is about. */
  problems: ErasureProblem[];
  /** JSON: call again with it as `from`, and the same erasure. Absent where all is done. */
  next?: unknown;
  /** How long `next` has to wait before it is worth a call. */
  waitMilliseconds?: number;
}

export interface ErasureProblem {
  /** A conversation, or a kind of thing. */
  where: string;
  reason: string;
}

/**
 * Deletes at the provider what a channel has there of somebody. Everything can be done again. Throws a `ParleyError` where
 * the provider does not answer (`retryable`), or refuses the app itself.
 */
export type EraseAtProvider = (
  erasure: ProviderErasure,
  options: ProviderErasureOptions,
) => Promise<ErasedAtProvider>;
