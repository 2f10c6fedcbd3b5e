import * as z from 'zod';

/** How much may be asked, and how long answers stay. */
export interface AskSettings {
  /** Requests that one person may make in an hour of the clock. Operators may make any number. */
  perHour: number;
  /** Tokens of the language model, input and output together, that one request may use. */
  tokens: number;
  /** Days that an answer is kept. */
  keepDays: number;
}

type Read = <T>(name: string, schema: z.ZodType<T>, fallback: unknown) => T | undefined;

const whole = (what: string, least: number, most: number) =>
  z.coerce
    .number(`must be a number of ${what}`)
    .int(`must be a whole number of ${what}`)
    .min(least, `must be at least ${least}`)
    .max(most, `must be at most ${most}`);

/** Reads `ASK_*`; problems are reported through `read`, which then gives nothing. */
export function readAskSettings(read: Read): AskSettings {
  return {
    perHour: read('ASK_PER_HOUR', whole('requests', 1, 10_000), 30) ?? 0,
    tokens: read('ASK_TOKENS', whole('tokens', 0, 100_000_000), 200_000) ?? 0,
    keepDays: read('ASK_KEEP_DAYS', whole('days', 1, 3_650), 30) ?? 0,
  };
}
