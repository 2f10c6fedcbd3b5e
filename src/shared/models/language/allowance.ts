/** What calls of a model used, as the endpoint told or as it was counted here, whichever is more. */
export interface Usage {
  calls: number;
  inputTokens: number;
  /** Reasoning included. */
  outputTokens: number;
  /** Input tokens among them that the endpoint had cached; absent: none that it told of. */
  cachedInputTokens?: number;
  /** Tokens among them that a batch used, at its own price; absent: none. */
  batchInputTokens?: number;
  batchOutputTokens?: number;
}

export const noUsage: Usage = { calls: 0, inputTokens: 0, outputTokens: 0 };

export function addUsage(one: Usage, other: Usage): Usage {
  const sum: Usage = {
    calls: one.calls + other.calls,
    inputTokens: one.inputTokens + other.inputTokens,
    outputTokens: one.outputTokens + other.outputTokens,
  };
  for (const part of partsOfUsage) {
    const tokens = (one[part] ?? 0) + (other[part] ?? 0);
    if (tokens > 0) sum[part] = tokens;
  }
  return sum;
}

/** What is told beside the sums only where there is any of it. */
export const partsOfUsage = ['cachedInputTokens', 'batchInputTokens', 'batchOutputTokens'] as const;

/** Tokens put aside for one call. */
export interface Reservation {
  /** Books what the call used, which may be more than was put aside, and gives the rest back. Counts once. */
  settle(usage: Usage): void;
  /** Leaves them put aside for good: whoever uses them later books that elsewhere. Counts once, in place of `settle`. */
  keep(): void;
}

/** How many tokens may be spent, input and output together. Reserved before a call, so that what is spent is capped. */
export interface Allowance {
  /** Tokens that nobody has reserved or used; below zero where a call used more than it had reserved. */
  readonly left: number;
  readonly used: Usage;
  /** Undefined where so many are not left: then the call must not be made. None at all are always had. */
  reserve(tokens: number): Reservation | undefined;
  /**
   * Ends with the next settlement, which may give tokens back; undefined where nothing is reserved. Whoever waits for it must
   * hold no reservation of its own.
   */
  readonly settlement?: Promise<void> | undefined;
}

/** `tokens` may be infinite. */
export function createAllowance(tokens: number): Allowance {
  let left = tokens;
  let used = noUsage;
  let open = 0;
  let next = Promise.withResolvers<void>();
  return {
    get left() {
      return left;
    },
    get used() {
      return used;
    },
    get settlement() {
      return open > 0 ? next.promise : undefined;
    },
    reserve(reserved) {
      if (reserved > Math.max(left, 0)) return undefined;
      left -= reserved;
      open += 1;
      let isOpen = true;
      const close = (): boolean => {
        if (!isOpen) return false;
        isOpen = false;
        open -= 1;
        next.resolve();
        next = Promise.withResolvers();
        return true;
      };
      return {
        settle(usage) {
          if (!close()) return;
          used = addUsage(used, usage);
          left += reserved - usage.inputTokens - usage.outputTokens;
        },
        keep: () => void close(),
      };
    },
  };
}
