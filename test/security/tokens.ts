import { createHmac } from 'node:crypto';

/** A JWT that somebody made up: in the right form, with a signature of their own. */
export function tokenOf(
  claims: Record<string, unknown>,
  { header = { alg: 'HS256', typ: 'JWT' } }: { header?: Record<string, unknown> } = {},
): string {
  const signed = `${encode(header)}.${encode(claims)}`;
  return `${signed}.${createHmac('sha256', 'a key of their own').update(signed).digest('base64url')}`;
}

function encode(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}
