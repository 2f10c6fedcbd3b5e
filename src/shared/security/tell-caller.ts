import type { HttpRequest } from '@azure/functions';
import type { Directory } from '../people/directory.ts';
import type { SecuritySettings } from '../security-settings.ts';
import type { Caller, TellCaller } from './caller.ts';
import type { CheckChatToken } from './check-chat-token.ts';
import { isFromThisMachine } from './is-from-this-machine.ts';
import { whoseKey } from './operator-keys.ts';
import { personCaller } from './person-caller.ts';
import { readPrincipal } from './read-principal.ts';

interface Dependencies {
  settings: SecuritySettings;
  directory: Pick<Directory, 'personOf'>;
  checkChatToken: CheckChatToken;
}

const nobody: Caller = { kind: 'nobody' };
const principalHeader = 'x-ms-client-principal';

/**
 * The first of these that a request carries decides, and where that is wrong nothing else is tried: the key of an operator;
 * whom the platform has signed in; the token of a chat user. Without any of them, whoever asks on their own machine is
 * its operator, as long as no key is set.
 */
export function createTellCaller({ settings, directory, checkChatToken }: Dependencies): TellCaller {
  const { operatorKeys, isSignInOn, tenants, trustsThisMachine } = settings;
  const isOpen = trustsThisMachine && operatorKeys.length === 0;

  return async function tellCaller(request) {
    const { headers } = request;
    const keys = keysOf(request);
    // On one's own machine the host takes any key, too, as long as there is none.
    if (keys.length > 0 && !isOpen) return operatorBy(keys);
    const principal = headers.get(principalHeader);
    if (principal !== null && isSignInOn) return signedIn(principal);
    const authorization = headers.get('authorization');
    if (authorization !== null) return chatUser(authorization);
    const isClaimed = [...headers.keys()].some((name) => name.startsWith(principalHeader));
    if (!isOpen || isClaimed || !isFromThisMachine(request)) return nobody;
    return { kind: 'operator', name: 'this machine' };
  };

  function operatorBy(keys: readonly string[]): Caller {
    const [name, ...others] = keys.map((key) => whoseKey(key, operatorKeys));
    if (name === undefined || others.some((other) => other !== name)) return nobody;
    return { kind: 'operator', name };
  }

  async function signedIn(header: string): Promise<Caller> {
    const principal = readPrincipal(header);
    if (!principal || (tenants.length > 0 && !tenants.includes(principal.tenant))) return nobody;
    const { identity, isOperator } = principal;
    return isOperator ? { kind: 'operator', name: identity } : personCaller(identity, directory);
  }

  async function chatUser(authorization: string): Promise<Caller> {
    const token = /^Bearer ([\w-]+\.[\w-]+\.[\w-]+)$/i.exec(authorization)?.[1];
    const user = token === undefined ? undefined : await checkChatToken(token);
    return user === undefined ? nobody : personCaller(user, directory);
  }
}

/** Where the host looks for its own keys, too, so that one key can be both. */
function keysOf({ headers, query }: HttpRequest): string[] {
  return [headers.get('x-functions-key'), query.get('code')].filter((key) => key !== null);
}
