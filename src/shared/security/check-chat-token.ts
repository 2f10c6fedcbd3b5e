import { createHash } from 'node:crypto';
import type { AcsSettings } from '../acs-settings.ts';
import { ParleyError } from '../errors.ts';
import { readChatToken } from './read-chat-token.ts';

/**
 * The user of a chat token, `8:acs:…`; undefined where it is not to be believed. Throws `provider_unavailable`, and
 * `too_many_requests` where many are being looked at.
 */
export type CheckChatToken = (token: string) => Promise<string | undefined>;

interface Options {
  /** Whether our endpoint takes the token. Throws `provider_unavailable`. */
  accepts: (token: string) => Promise<boolean>;
  clock: () => Date;
  /** The beginning of our own users, `8:acs:<resource>_`, where it is known. */
  prefix?: string;
}

interface Known {
  user: string | undefined;
  /** Milliseconds since 1970. */
  until: number;
}

const mostKnown = 10_000;
/** At 100 ms each, five hundred new tokens a second. */
const mostUnderWay = 50;
/** A flood of wrong tokens must not become one of requests, and a right one that was refused once must not stay out. */
const refusedMilliseconds = 30_000;

/**
 * Asks the endpoint once for each token, and remembers by hash what it said: yes until the token ends, no for half a minute. A
 * token that is revoked is believed until it ends.
 */
export function createCheckChatToken({ accepts, clock, prefix = '8:' }: Options): CheckChatToken {
  const known = new Map<string, Known>();
  const underWay = new Map<string, Promise<string | undefined>>();

  return async function checkChatToken(token) {
    const claimed = readChatToken(token);
    const now = clock().getTime();
    if (!claimed || claimed.expiresAt <= now || !claimed.user.startsWith(prefix)) return undefined;
    const hash = createHash('sha256').update(token).digest('base64url');
    const remembered = known.get(hash);
    if (remembered && remembered.until > now) return remembered.user;
    if (!underWay.has(hash) && underWay.size >= mostUnderWay) throw tooMany();
    const asking = underWay.get(hash) ?? ask(hash, token, claimed);
    underWay.set(hash, asking);
    return asking;
  };

  async function ask(
    hash: string,
    token: string,
    { user, expiresAt }: { user: string; expiresAt: number },
  ): Promise<string | undefined> {
    try {
      const isAccepted = await accepts(token);
      const refusedUntil = Math.min(expiresAt, clock().getTime() + refusedMilliseconds);
      remember(hash, isAccepted ? { user, until: expiresAt } : { user: undefined, until: refusedUntil });
      return isAccepted ? user : undefined;
    } finally {
      underWay.delete(hash);
    }
  }

  function remember(hash: string, one: Known): void {
    known.delete(hash);
    known.set(hash, one);
    for (const oldest of known.keys()) {
      if (known.size <= mostKnown) break;
      known.delete(oldest);
    }
  }
}

function tooMany(): ParleyError {
  return new ParleyError(
    'too_many_requests',
    'Too many new tokens are being looked at just now. Send the same request again in a moment.',
    { retryAfterSeconds: 1 },
  );
}

/**
 * What the ids of our resource's users begin with, as the id of our own user shows it. The emulator has users of any resource,
 * so that samples can be played with it.
 */
export function ownUserPrefix({
  chat,
  emulatorUrl,
}: Pick<AcsSettings, 'chat' | 'emulatorUrl'>): string | undefined {
  return emulatorUrl === undefined ? /^8:[a-z-]+:[^_]+_/.exec(chat.serviceUser ?? '')?.[0] : undefined;
}
