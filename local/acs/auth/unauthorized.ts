import { AcsError } from '../exchange.ts';

/** 401, with what is wrong. */
export function unauthorized(message: string): AcsError {
  return new AcsError(401, 'Unauthorized', message, { 'www-authenticate': 'HMAC-SHA256, Bearer' });
}
