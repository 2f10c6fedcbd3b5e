import { AcsError, type Caller, type ReceivedRequest, type Route } from '../exchange.ts';
import { checkSignature } from './check-signature.ts';
import { unauthorized } from './unauthorized.ts';

/** Knows the tokens that were issued. */
export interface Tokens {
  /** Whom a token names; throws `AcsError` 401 for one that is expired, revoked or not from here. */
  check(token: string): { id: string; scopes: readonly string[] };
}

/** Who sends a request; throws `AcsError` 401 that says what is wrong, and 403 for a token without the scope. */
export function authenticate(request: ReceivedRequest, route: Route, tokens: Tokens): Caller {
  const { authorization } = request.headers;
  if (route.caller === 'key') {
    // Clients sign by the machine's clock, whatever time the emulator is set to.
    checkSignature(request, new Date());
    return { kind: 'key' };
  }
  const [, token] = /^Bearer (.+)$/i.exec(authorization ?? '') ?? [];
  if (!token) {
    const message = authorization?.startsWith('HMAC-SHA256')
      ? 'This operation takes the token of a communication user, not the access key.'
      : 'The request has no header "Authorization: Bearer <user token>".';
    throw unauthorized(message);
  }
  const { id, scopes } = tokens.check(token);
  const needed = route.scopes ?? [];
  if (needed.length > 0 && !needed.some((scope) => scopes.includes(scope))) {
    throw new AcsError(403, 'Forbidden', `The token has none of the scopes ${needed.join(', ')}.`);
  }
  return { kind: 'user', id, scopes };
}
