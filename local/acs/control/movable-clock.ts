import { AcsError } from '../exchange.ts';
import type { State } from '../state.ts';

/** A clock that can be put forward: what waits for a day, such as the end of WhatsApp's window, need not be waited for. */
export interface MovableClock {
  now(): Date;
  /** Seconds that it is ahead. */
  ahead(): number;
  /** Throws `AcsError` 400 beyond the year 9999. */
  advance(seconds: number): void;
  /** Back to the time it was made from. */
  reset(): void;
}

/** Later times have texts that do not sort as they do. */
const latestTime = Date.parse('9999-12-31T23:59:59Z');

/** How far it is ahead is kept, so that a restart does not put it back. */
export function createMovableClock(state: State, clock: () => Date): MovableClock {
  const kept = state.collection<number>('clock');
  let ahead = kept.get('ahead') ?? 0;
  const set = (seconds: number) => {
    ahead = seconds;
    kept.put('ahead', seconds);
  };
  const now = () => new Date(clock().getTime() + ahead * 1_000);
  return {
    now,
    ahead: () => ahead,
    advance(seconds) {
      if (now().getTime() + seconds * 1_000 > latestTime) {
        throw new AcsError(400, 'BadRequest', 'The clock goes no further than the year 9999.', {}, 'advance');
      }
      set(ahead + seconds);
    },
    reset: () => set(0),
  };
}
