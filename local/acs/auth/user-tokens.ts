import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import * as z from 'zod';
import type { State } from '../state.ts';
import { unauthorized } from './unauthorized.ts';

/** What a token says; the times are seconds since 1970. */
interface Claims {
  user: string;
  scopes: readonly string[];
  generation: number;
  issuedAt: number;
  expiresAt: number;
}

interface TokenKey {
  /** A JWT with the claims that the SDKs look for, `exp` and `skypeid`. */
  sign(claims: Claims): string;
  /** Throws `AcsError` 401 for what this emulator did not sign, and for what has expired. */
  verify(token: string, now: Date): Claims;
}

const payload = z.object({
  skypeid: z.string(),
  acsScope: z.string(),
  generation: z.int(),
  iat: z.int(),
  exp: z.int(),
});

const header = encode({ alg: 'HS256', typ: 'JWT' });

/** The key that signs tokens: made once, then kept, so that they outlive a restart. */
export function openTokenKey(state: State): TokenKey {
  const keys = state.collection<string>('token-key');
  const key = Buffer.from(keys.get('key') ?? keep(randomBytes(32).toString('base64')), 'base64');

  function keep(made: string): string {
    keys.put('key', made);
    return made;
  }
  const signatureOf = (signed: string): string =>
    createHmac('sha256', key).update(signed).digest('base64url');

  return {
    sign({ user, scopes, generation, issuedAt, expiresAt }) {
      const claims = {
        skypeid: user.replace(/^8:/, ''),
        scp: 1792,
        csi: String(issuedAt),
        acsScope: scopes.join(','),
        generation,
        iat: issuedAt,
        exp: expiresAt,
      };
      const signed = `${header}.${encode(claims)}`;
      return `${signed}.${signatureOf(signed)}`;
    },
    verify(token, now) {
      const [head = '', body = '', signature = '', ...rest] = token.split('.');
      const expected = Buffer.from(signatureOf(`${head}.${body}`));
      const given = Buffer.from(signature);
      const isOurs = head === header && given.length === expected.length && timingSafeEqual(given, expected);
      if (rest.length > 0 || !isOurs) throw unauthorized('The token was not issued by this emulator.');
      const { skypeid, acsScope, generation, iat, exp } = payload.parse(
        JSON.parse(Buffer.from(body, 'base64url').toString()),
      );
      if (exp * 1_000 <= now.getTime()) {
        throw unauthorized(`The token expired at ${new Date(exp * 1_000).toISOString()}.`);
      }
      return { user: `8:${skypeid}`, scopes: acsScope.split(','), generation, issuedAt: iat, expiresAt: exp };
    },
  };
}

function encode(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}
