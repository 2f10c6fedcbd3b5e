import * as z from 'zod';
import { parseJson } from '../json.ts';

/** What the token of a communication user says of itself: nothing of it is believed until the endpoint has accepted it. */
export interface ChatToken {
  /** `8:acs:<resource>_<user>`. */
  user: string;
  /** Milliseconds since 1970. */
  expiresAt: number;
}

const header = z.object({ alg: z.string().regex(/^(?!none$)/i) });
const claims = z.object({
  skypeid: z.string().regex(/^(?:8:)?(?:dod-|gcch-)?acs:[\w-]{1,200}$/),
  exp: z.number().positive(),
});
const longest = 16 * 1024;

/** Reads a JWT without checking its signature; undefined for what is none of a communication user. */
export function readChatToken(token: string): ChatToken | undefined {
  const parts = /^([\w-]+)\.([\w-]+)\.[\w-]+$/.exec(token);
  if (!parts || token.length > longest) return undefined;
  const [head, body] = parts
    .slice(1)
    .map((part) => parseJson(Buffer.from(part, 'base64url').toString('utf8')));
  const claimed = claims.safeParse(body).data;
  if (!header.safeParse(head).success || !claimed) return undefined;
  return { user: `8:${claimed.skypeid.replace(/^8:/, '')}`, expiresAt: claimed.exp * 1_000 };
}
