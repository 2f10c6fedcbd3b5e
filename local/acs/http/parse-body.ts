import type * as z from 'zod';
import { AcsError, type AcsRequest } from '../exchange.ts';

/** The body in the form of `schema`; throws `AcsError` 400 that names the field that is wrong. */
export function parseBody<Value>({ json }: Pick<AcsRequest, 'json'>, schema: z.ZodType<Value>): Value {
  const parsed = schema.safeParse(json());
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const field = issue?.path.map(String).join('.') || 'body';
  throw new AcsError(400, 'BadRequest', `${field}: ${issue?.message ?? 'invalid'}`, {}, field);
}
