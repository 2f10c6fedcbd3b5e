/** At most `most` requests in any `milliseconds`. */
export interface Pace {
  most: number;
  milliseconds: number;
}

/** Of ACS, for one user, and for one user in one thread: https://learn.microsoft.com/azure/communication-services/concepts/service-limits */
export const paces = {
  thread: [{ most: 50, milliseconds: 10_000 }],
  members: [{ most: 10, milliseconds: 10_000 }],
  messages: [
    { most: 50, milliseconds: 10_000 },
    { most: 200, milliseconds: 60_000 },
  ],
} satisfies Record<string, Pace[]>;

/** Takes a place among the requests of a key: 0 where it may go now, else how many milliseconds to wait and ask again. */
export type TakePlace = (key: string, limits: readonly Pace[]) => number;

const mostKeys = 1_000;

/** Keeps the requests of this process within the provider's limits, as far as they are known. */
export function createPacing({ clock }: { clock: () => Date }): TakePlace {
  const taken = new Map<string, number[]>();

  return function takePlace(key, limits) {
    const now = clock().getTime();
    const longest = Math.max(...limits.map(({ milliseconds }) => milliseconds));
    const times = (taken.get(key) ?? []).filter((time) => time > now - longest);
    const waits = limits.flatMap(({ most, milliseconds }) => {
      const blocking = times.at(-most);
      return blocking === undefined ? [] : [blocking + milliseconds - now];
    });
    const wait = Math.max(0, ...waits);
    taken.delete(key);
    taken.set(key, wait > 0 ? times : [...times, now]);
    for (const oldest of taken.keys()) {
      if (taken.size <= mostKeys) break;
      taken.delete(oldest);
    }
    return wait;
  };
}
