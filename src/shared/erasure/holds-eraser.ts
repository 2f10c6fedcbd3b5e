import type { Eraser } from '../erasers/eraser.ts';

/** A hold goes when somebody lifts it, and never by itself: what it is on cannot be erased before. */
export function eraserOfHolds(): Eraser {
  return { store: 'holds', sweep: async () => ({ removed: 0 }) };
}
