import type { HttpRequest, HttpResponseInit } from '@azure/functions';
import { ParleyError } from '../errors.ts';
import { waysToName } from '../people/identities-of.ts';
import { toIdentity } from '../people/identity.ts';
import { isPersonId } from '../people/person-id.ts';
import { serveConversationsOf } from '../people/serve-conversations-with.ts';
import type { PersonCaller } from './caller.ts';
import { notAllowed } from './for-caller.ts';

type Dependencies = Parameters<typeof serveConversationsOf>[1];

/** `GET /api/conversations` for a person: their own, newest first; `with` may name one of their identities, or themselves. */
export function serveOwnConversations(caller: PersonCaller, dependencies: Dependencies) {
  return async function ownConversations(request: HttpRequest): Promise<HttpResponseInit> {
    const identities = whichOfThem(request.query.get('with'), caller);
    return serveConversationsOf(identities, dependencies, { isForThemselves: true })(request);
  };
}

/** Nobody else is looked up: whether there is such a person stays unknown. */
function whichOfThem(text: string | null, { identities, person }: PersonCaller): readonly string[] {
  if (text === null || text.trim() === person) return identities;
  const identity = isPersonId(text.trim()) ? text : toIdentity(text);
  if (identity === undefined) throw new ParleyError('bad_request', `with must name a person: ${waysToName}.`);
  if (identities.includes(identity)) return [identity];
  throw notAllowed('with may name nobody but yourself: only operators list the conversations of others.');
}
