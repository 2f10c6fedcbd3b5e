import type { z } from 'zod';

/** Reads JSON lines of one form. Throws an error that names the line which is none, `what` being what it should be. */
export const parseLines = <Value>(text: string, form: z.ZodType<Value>, what: string): Value[] =>
  text
    .split('\n')
    .map((json, index) => ({ json, number: index + 1 }))
    .filter(({ json }) => json.trim() !== '')
    .map(({ json, number }) => {
      try {
        return form.parse(JSON.parse(json));
      } catch (cause) {
        throw new Error(`line ${number} is no ${what}`, { cause });
      }
    });
