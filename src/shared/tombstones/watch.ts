interface WatchOptions {
  /** How old may be what `current` answers. */
  milliseconds: number;
  clock: () => Date;
}

/** Something that is looked at again and again, once for all who ask at the same time. */
export interface Watch<Seen> {
  /** Not older than the watch allows. Throws where it cannot be looked at, and what `signal` says, but looks on then. */
  current(signal?: AbortSignal): Promise<Seen>;
  /** What was seen so far counts no more. */
  forget(): void;
}

/** `look` is given what it came to the last time. */
export function createWatch<Seen>(
  look: (last: Seen | undefined) => Promise<Seen>,
  { milliseconds, clock }: WatchOptions,
): Watch<Seen> {
  let last: Seen | undefined;
  let latest: { since: number; seen: Promise<Seen> } | undefined;

  const isYoung = (since: number, now: number): boolean => now >= since && now - since < milliseconds;

  const begin = (since: number): Promise<Seen> => {
    const mine = { since, seen: look(last) };
    latest = mine;
    mine.seen.then(
      (seen) => {
        last = seen;
      },
      () => {
        if (latest === mine) latest = undefined;
      },
    );
    return mine.seen;
  };

  return {
    async current(signal) {
      const now = clock().getTime();
      return orAborted(latest && isYoung(latest.since, now) ? latest.seen : begin(now), signal);
    },
    forget() {
      latest = undefined;
    },
  };
}

/** Waits for what others wait for, too, but no longer than `signal` allows: it goes on for them. */
export async function orAborted<Result>(work: Promise<Result>, signal?: AbortSignal): Promise<Result> {
  if (!signal) return work;
  signal.throwIfAborted();
  const { promise: aborted, reject } = Promise.withResolvers<never>();
  const onAbort = (): void => reject(signal.reason);
  signal.addEventListener('abort', onAbort, { once: true });
  try {
    return await Promise.race([work, aborted]);
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}
