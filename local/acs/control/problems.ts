import type * as z from 'zod';
import { AcsError } from '../exchange.ts';

interface Asked {
  path: string;
  /** Below `/emulator/`, with `*` for what follows its first part. */
  address: string;
  /** Methods and addresses, such as `PUT subscriptions/*`. */
  operations: readonly string[];
}

/** 404 or 405, by whether an operation of another method has this address. */
export function notKnown(method: string, { path, address, operations }: Asked): AcsError {
  const known = operations.map((operation) => operation.split(' '));
  const methods = known.filter(([, known]) => known === address).map(([method]) => method);
  if (methods.length === 0) return unknownAddress(path, 'GET /emulator lists all there are.');
  const allow = methods.join(', ');
  const message = `/emulator/${address} takes ${allow}, not ${method}.`;
  return new AcsError(405, 'MethodNotAllowed', message, { allow });
}

/** 404. */
export function unknownAddress(path: string, hint: string): AcsError {
  return new AcsError(404, 'NotFound', `The emulator has no ${path}. ${hint}`);
}

/** 400 that names all fields that are wrong. */
export function badInput(error: z.ZodError): AcsError {
  const problems = error.issues.map(({ path, message }) =>
    path.length === 0 ? message : `${path.join('.')}: ${message}`,
  );
  const [first] = error.issues;
  return new AcsError(400, 'BadRequest', problems.join('; '), {}, first?.path.join('.') || undefined);
}
