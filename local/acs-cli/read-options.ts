import { ExplainedError } from '../explained-error.ts';
import { defaultPort } from './ask-emulator.ts';

/** How an emulator is started. */
export interface AcsOptions {
  /** On 127.0.0.1; 0 takes any free one. */
  port: number;
  /** Applies the documented rate limits. */
  limits?: boolean;
  /** The waits of Event Grid are divided by it. */
  timeScale?: number;
}

/** From `ACS_PORT`, `ACS_LIMITS` and `ACS_TIME_SCALE`. Fails with a message for whoever set them. */
export function readAcsOptions(environment: NodeJS.ProcessEnv): AcsOptions {
  const { ACS_PORT, ACS_LIMITS, ACS_TIME_SCALE } = environment;
  return {
    port: readNumber('ACS_PORT', ACS_PORT, { from: 0, to: 65_535, otherwise: defaultPort }),
    limits: readSwitch('ACS_LIMITS', ACS_LIMITS),
    timeScale: readNumber('ACS_TIME_SCALE', ACS_TIME_SCALE, { from: 1, to: 100_000, otherwise: 1 }),
  };
}

function readSwitch(name: string, text: string | undefined): boolean {
  if (!text || text === 'false') return false;
  if (text === 'true') return true;
  throw new ExplainedError(`${name} is "${text}". Give true or false.`);
}

function readNumber(
  name: string,
  text: string | undefined,
  { from, to, otherwise }: { from: number; to: number; otherwise: number },
): number {
  if (!text) return otherwise;
  const number = Number(text);
  if (text.trim() !== '' && Number.isInteger(number) && number >= from && number <= to) return number;
  throw new ExplainedError(`${name} is "${text}". Give a whole number from ${from} to ${to}.`);
}
