import { AcsError } from '../exchange.ts';

type Reviver = (key: string, value: unknown) => unknown;

/** A body as JSON, `{}` where there is none; throws `AcsError` 400 for anything else. */
export function parseJson(body: Buffer, reviver?: Reviver): unknown {
  if (body.length === 0) return {};
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body), reviver);
  } catch {
    throw new AcsError(400, 'BadRequest', 'The body is not JSON in UTF-8.');
  }
}
