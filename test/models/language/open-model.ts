import { setImmediate } from 'node:timers/promises';
import * as z from 'zod';
import { createAllowance } from '../../../src/shared/models/language/allowance.ts';
import type { Call, LanguageModel } from '../../../src/shared/models/language/language-model.ts';
import { openLanguageModel } from '../../../src/shared/models/language/open-language-model.ts';
import type { Timing } from '../../../src/shared/models/language/timing.ts';
import { readSettings } from '../../../src/shared/settings.ts';

/** Text of people: it must be in no error. */
export const secret = 'Joe: my card is 4111 1111 1111 1111';

export const greeting = z.object({ text: z.string(), cites: z.array(z.number()).nullable() });
export const fine = { text: 'Hello', cites: [1] };

export function makeCall(changes: Partial<Call<unknown>> = {}): Call<z.infer<typeof greeting>> {
  return {
    job: 'summary',
    instructions: 'Greet.',
    input: secret,
    mostOutputTokens: 1_000,
    ...changes,
    answer: { name: 'greeting', schema: greeting },
  };
}

/** A clock that moves on by what is waited for, and nobody waits. */
export function createFakeTiming(start = Date.UTC(2026, 10, 24)): Timing & { waits: number[] } {
  let now = start;
  const waits: number[] = [];
  return {
    waits,
    now: () => now,
    random: () => 0,
    async wait(milliseconds, signal) {
      waits.push(milliseconds);
      now += milliseconds;
      await setImmediate();
      signal?.throwIfAborted();
    },
  };
}

/** The model that settings name, with a clock of its own and an allowance that is large enough. */
export function openModel(environment: Record<string, string>, tokens = 1_000_000) {
  const timing = createFakeTiming();
  const model: LanguageModel | undefined = openLanguageModel(readSettings(environment).model, { timing });
  if (!model) throw new Error('The settings name no model.');
  const allowance = createAllowance(tokens);
  return {
    model,
    timing,
    allowance,
    ask: (changes: Partial<Call<unknown>> = {}, signal?: AbortSignal) =>
      model.call(makeCall(changes), { allowance, ...(signal ? { signal } : {}) }),
  };
}
