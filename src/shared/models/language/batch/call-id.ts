import { createHash } from 'node:crypto';
import type { Call } from '../language-model.ts';
import { toJsonSchema } from '../to-json-schema.ts';

/** Equal for equal calls, whatever form of request the deployment is known to take by then. */
export function callId<Value>({ job, instructions, input, answer, mostOutputTokens }: Call<Value>): string {
  const asked = [job, instructions, input, answer.name, toJsonSchema(answer.schema), mostOutputTokens];
  return createHash('sha256').update(JSON.stringify(asked)).digest('hex').slice(0, 40);
}
