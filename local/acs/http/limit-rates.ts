import { AcsError, type AcsRequest, type RateLimit, type Route } from '../exchange.ts';

/** Refuses with 429 and `Retry-After` what comes above a route's limits, in sliding windows. */
export function createRateLimits(clock: () => Date): (route: Route, request: AcsRequest) => void {
  const taken = new Map<RateLimit, Map<string, number[]>>();

  const timesOf = (limit: RateLimit, key: string, now: number): number[] => {
    const windows = taken.get(limit) ?? new Map<string, number[]>();
    taken.set(limit, windows);
    const times = (windows.get(key) ?? []).filter((time) => time > now - limit.seconds * 1_000);
    windows.set(key, times);
    return times;
  };

  return function refuseAboveRate({ limits = [] }, request) {
    const now = clock().getTime();
    const windows = limits.flatMap((limit) => {
      const key = limit.key(request);
      return key === undefined ? [] : [{ limit, times: timesOf(limit, key, now) }];
    });
    const waits = windows.flatMap(({ limit, times }) => {
      const blocking = times.at(-limit.most);
      return blocking === undefined ? [] : [blocking + limit.seconds * 1_000 - now];
    });
    if (waits.length > 0) {
      const seconds = Math.max(1, Math.ceil(Math.max(...waits) / 1_000));
      throw new AcsError(429, 'TooManyRequests', `Too many requests. Try again after ${seconds} seconds.`, {
        'retry-after': String(seconds),
      });
    }
    for (const { times } of windows) times.push(now);
  };
}
