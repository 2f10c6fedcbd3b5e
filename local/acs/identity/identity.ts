import { randomUUID } from 'node:crypto';
import * as z from 'zod';
import type { Tokens } from '../auth/authenticate.ts';
import { unauthorized } from '../auth/unauthorized.ts';
import { openTokenKey } from '../auth/user-tokens.ts';
import type { Emulator } from '../emulator.ts';
import { AcsError, type AcsRequest, type AcsResponse, type Route } from '../exchange.ts';
import { parseBody } from '../http/parse-body.ts';

/** Communication users and their tokens. */
export interface Identity extends Tokens {
  routes: Route[];
  /** A new user; its id is `8:acs:<resource>_<GUID>`. */
  createUser(): string;
  /** Makes a user of an id that a person names, such as one from a sample; nothing happens where it is one already. */
  ensureUser(id: string): void;
  isUser(id: string): boolean;
}

interface User {
  createdOn: string;
  /** Goes up when the tokens are revoked: those of an earlier number do not do any more. */
  generation: number;
}

const versions = ['2023-10-01', '2022-10-01', '2022-06-01', '2021-03-07'];
const scopeNames = ['chat', 'voip', 'chat.join', 'chat.join.limited', 'voip.join'] as const;
const defaultMinutes = 24 * 60;

const scopes = z.array(z.enum(scopeNames));
const minutes = z.int().min(60).max(1_440).optional();
const createRequest = z.object({ createTokenWithScopes: scopes.optional(), expiresInMinutes: minutes });
const issueRequest = z.object({ scopes: scopes.min(1), expiresInMinutes: minutes });

/** The Identity API. */
export function createIdentity({ state, clock, resource }: Emulator): Identity {
  const users = state.collection<User>('users');
  const tokenKey = openTokenKey(state);

  const createUser = (): string => {
    const id = `8:acs:${resource.id}_${randomUUID()}`;
    users.put(id, { createdOn: clock().toISOString(), generation: 0 });
    return id;
  };
  const userOf = (id: string): User => {
    const user = users.get(id);
    if (!user) throw new AcsError(404, 'NotFound', `There is no identity ${id}.`, {}, 'id');
    return user;
  };
  const issue = (id: string, tokenScopes: readonly string[], validFor?: number) => {
    const issuedAt = Math.floor(clock().getTime() / 1_000);
    const expiresAt = issuedAt + (validFor ?? defaultMinutes) * 60;
    const { generation } = userOf(id);
    return {
      token: tokenKey.sign({ user: id, scopes: tokenScopes, generation, issuedAt, expiresAt }),
      expiresOn: new Date(expiresAt * 1_000).toISOString(),
    };
  };

  const create = (request: AcsRequest): AcsResponse => {
    const { createTokenWithScopes = [], expiresInMinutes } = parseBody(request, createRequest);
    const id = createUser();
    const token = createTokenWithScopes.length
      ? { accessToken: issue(id, createTokenWithScopes, expiresInMinutes) }
      : {};
    return { status: 201, json: { identity: { id }, ...token } };
  };
  const remove = ({ params: { id = '' } }: AcsRequest): AcsResponse => {
    userOf(id);
    users.delete(id);
    return { status: 204 };
  };
  const revoke = ({ params: { id = '' } }: AcsRequest): AcsResponse => {
    const user = userOf(id);
    users.put(id, { ...user, generation: user.generation + 1 });
    return { status: 204 };
  };
  const issueToken = (request: AcsRequest): AcsResponse => {
    const { id = '' } = request.params;
    userOf(id);
    const asked = parseBody(request, issueRequest);
    return { status: 200, json: issue(id, asked.scopes, asked.expiresInMinutes) };
  };
  const exchangeTeamsToken = (): AcsResponse => {
    throw new AcsError(
      501,
      'NotImplemented',
      'The emulator knows no Teams users: their tokens are not exchanged.',
    );
  };

  const byKey = { caller: 'key', versions } as const;
  const limits = [{ most: 1_000, seconds: 30, key: () => 'resource' }];
  return {
    createUser,
    isUser: (id) => users.get(id) !== undefined,
    ensureUser(id) {
      if (!users.get(id)) users.put(id, { createdOn: clock().toISOString(), generation: 0 });
    },
    check(token) {
      const claims = tokenKey.verify(token, clock());
      const user = users.get(claims.user);
      if (!user) throw unauthorized('The user of this token was deleted.');
      if (user.generation !== claims.generation) throw unauthorized('The token was revoked.');
      return { id: claims.user, scopes: claims.scopes };
    },
    routes: [
      { ...byKey, method: 'POST', path: '/identities', limits, handle: create },
      { ...byKey, method: 'DELETE', path: '/identities/:id', handle: remove },
      { ...byKey, method: 'POST', path: '/identities/:id/::issueAccessToken', handle: issueToken },
      { ...byKey, method: 'POST', path: '/identities/:id/::revokeAccessTokens', handle: revoke },
      { ...byKey, method: 'POST', path: '/teamsUser/::exchangeAccessToken', handle: exchangeTeamsToken },
    ],
  };
}
