import type { Timing } from './timing.ts';

/** A call's place among those that are under way. */
interface Place {
  /** The endpoint asks to wait: nobody goes on for so long, and, once for all that were under way, fewer do at once. */
  slowDown(milliseconds: number): void;
  /** The endpoint answered: when as many have been as are under way at once, there is one place more. */
  speedUp(): void;
  /** What the endpoint takes is known, whatever became of this request: others may follow. */
  open(): void;
  leave(): void;
}

/** How many calls of a deployment are under way at once, in this process, and when they may go on. */
export interface Pace {
  /** Waits for a place; who came first, by `order`, goes first. Throws when `signal` ends it. */
  enter(order: number, signal: AbortSignal | undefined): Promise<Place>;
  /** Milliseconds until the endpoint may be asked again; 0: now. */
  pause(): number;
}

interface Waiter {
  order: number;
  admit(): void;
}

/**
 * The first request goes alone, so that what the endpoint refuses is learnt by one. Then there are `most` at once: half as
 * many when the endpoint says that it is too much, and one more with each round of answers.
 */
export function createPace({ most, now }: { most: number; now: Timing['now'] }): Pace {
  const waiters: Waiter[] = [];
  let places = 1;
  let isOpen = false;
  let taken = 0;
  let openAt = 0;
  let episode = 0;

  function admitNext(): void {
    while (taken < Math.floor(places) && waiters.length > 0) {
      taken += 1;
      waiters.shift()?.admit();
    }
  }

  function open(): void {
    if (isOpen) return;
    isOpen = true;
    places = most;
    admitNext();
  }

  function takePlace(): Place {
    const startedIn = episode;
    let isTaken = true;
    return {
      slowDown(milliseconds) {
        openAt = Math.max(openAt, now() + milliseconds);
        if (startedIn !== episode) return;
        episode += 1;
        places = Math.max(1, places / 2);
      },
      speedUp() {
        open();
        places = Math.min(most, places + 1 / places);
        admitNext();
      },
      open,
      leave() {
        if (!isTaken) return;
        isTaken = false;
        taken -= 1;
        admitNext();
      },
    };
  }

  return {
    pause: () => Math.max(0, openAt - now()),
    async enter(order, signal) {
      signal?.throwIfAborted();
      await new Promise<void>((resolve, reject) => {
        const giveUp = () => {
          waiters.splice(waiters.indexOf(waiter), 1);
          reject(signal?.reason);
        };
        const waiter: Waiter = {
          order,
          admit() {
            signal?.removeEventListener('abort', giveUp);
            resolve();
          },
        };
        signal?.addEventListener('abort', giveUp, { once: true });
        const after = waiters.findIndex((other) => other.order > order);
        waiters.splice(after < 0 ? waiters.length : after, 0, waiter);
        admitNext();
      });
      return takePlace();
    },
  };
}
