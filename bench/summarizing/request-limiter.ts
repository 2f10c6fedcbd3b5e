export interface Limit {
  requestsPerSecond: number;
  /** Requests that may come at once after a quiet time. */
  burst: number;
}

/**
 * Admits requests by a token bucket. Undefined: admitted; else the milliseconds after which the next one is, as endpoints
 * tell it with a 429.
 */
export function createRequestLimiter({ requestsPerSecond, burst }: Limit): () => number | undefined {
  let left = burst;
  let seen = performance.now();
  return () => {
    const now = performance.now();
    left = Math.min(burst, left + ((now - seen) / 1_000) * requestsPerSecond);
    seen = now;
    if (left < 1) return Math.ceil(((1 - left) / requestsPerSecond) * 1_000);
    left -= 1;
    return undefined;
  };
}
