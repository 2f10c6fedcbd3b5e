import type { HttpRequest, HttpResponseInit, InvocationContext } from '@azure/functions';
import type { Directory } from '../people/directory.ts';
import { actAs } from './act-as.ts';
import type { TellCaller } from './caller.ts';
import { forCaller, type KnownCaller } from './for-caller.ts';

interface Dependencies {
  tellCaller: TellCaller;
  directory: Pick<Directory, 'get' | 'personOf'>;
}

/**
 * Hands a request on with whose eyes it is answered for: those of its sender, or, for an operator, of whom `?as=` names. What
 * they may see is for the handler to decide.
 */
export function forReader(
  { tellCaller, directory }: Dependencies,
  handler: (request: HttpRequest, reader: KnownCaller) => Promise<HttpResponseInit>,
): (request: HttpRequest, context: InvocationContext) => Promise<HttpResponseInit> {
  return forCaller(tellCaller, async (request, caller, context) => {
    const as = request.query.get('as');
    const reader = as === null ? caller : await actAs(caller, as, { directory, log: context });
    return handler(request, reader);
  });
}
