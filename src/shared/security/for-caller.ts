import type { HttpRequest, HttpResponseInit, InvocationContext } from '@azure/functions';
import { ParleyError } from '../errors.ts';
import type { Caller, Operator, PersonCaller, TellCaller } from './caller.ts';

/** Whoever is somebody. */
export type KnownCaller = Operator | PersonCaller;

type Handler<Who extends Caller> = (
  request: HttpRequest,
  caller: Who,
  context: InvocationContext,
) => Promise<HttpResponseInit>;

type Served = (request: HttpRequest, context: InvocationContext) => Promise<HttpResponseInit>;

/** Hands a request on with who sends it; nobody is answered 401 `not_authenticated`. */
export function forCaller(tellCaller: TellCaller, handler: Handler<KnownCaller>): Served {
  return async function servedForCaller(request, context) {
    const caller = await tellCaller(request);
    if (caller.kind === 'nobody') throw notAuthenticated();
    return handler(request, caller, context);
  };
}

export function notAllowed(message: string): ParleyError {
  return new ParleyError('not_allowed', message);
}

function notAuthenticated(): ParleyError {
  return new ParleyError(
    'not_authenticated',
    'Say who you are: with the key of an operator in the header x-functions-key (the setting OPERATOR_KEYS has them), as a ' +
      'chat user with "Authorization: Bearer <token>", or signed in where App Service authentication is on. What was sent, ' +
      'if anything, is not known here or has expired. See docs/security.md.',
  );
}
