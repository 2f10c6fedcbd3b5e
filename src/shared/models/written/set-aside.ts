import { type Allowance, createAllowance } from '../language/allowance.ts';

/** An allowance that counts what goes through it, and is otherwise the one it is of. */
export function meterOf(allowance: Allowance): Allowance {
  const meter = createAllowance(Number.POSITIVE_INFINITY);
  return {
    get left() {
      return allowance.left;
    },
    get used() {
      return meter.used;
    },
    get settlement() {
      return allowance.settlement;
    },
    reserve(tokens) {
      const reservation = allowance.reserve(tokens);
      const counted = reservation && meter.reserve(tokens);
      return (
        reservation && {
          settle(usage) {
            reservation.settle(usage);
            counted?.settle(usage);
          },
          keep() {
            reservation.keep();
            counted?.keep();
          },
        }
      );
    },
  };
}

/**
 * Tokens for many calls, put aside before the first, so that none is made in vain: undefined where there are not so many.
 * What they lack in the end comes from the allowance. `settle` gives back what is left.
 */
export function setAside(
  allowance: Allowance,
  tokens: number,
): { allowance: Allowance; settle(): void } | undefined {
  const whole = allowance.reserve(tokens);
  if (!whole) return undefined;
  const inner = createAllowance(tokens);
  return {
    allowance: {
      get left() {
        return inner.left + allowance.left;
      },
      get used() {
        return inner.used;
      },
      // Not that of the whole, in which these tokens are reserved as long as this goes on.
      get settlement() {
        return inner.settlement;
      },
      reserve: (wanted) => inner.reserve(wanted) ?? allowance.reserve(wanted),
    },
    settle: () => whole.settle(inner.used),
  };
}
