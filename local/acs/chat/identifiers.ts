import * as z from 'zod';
import type { Participant } from './store.ts';

/** How a request names somebody: `rawId`, or the id of a communication user. */
export const identifierRequest = z.object({
  rawId: z.string().optional(),
  communicationUser: z.object({ id: z.string() }).optional(),
});

/** `8:acs:<resource>_<user>`. */
export const communicationUserId = /^8:acs:[0-9a-f-]{36}_[0-9a-f-]{36}$/i;

/** The id that an identifier in a request names. */
export function idOf({ rawId, communicationUser }: z.infer<typeof identifierRequest>): string {
  return communicationUser?.id ?? rawId ?? '';
}

/** A communication user as answers name it. */
export function describeUser(id: string) {
  return { kind: 'communicationUser', ...describeUserInEvent(id) };
}

/** A communication user as events name it, which say no `kind`. */
export function describeUserInEvent(id: string) {
  return { rawId: id, communicationUser: { id } };
}

/** A participant as answers name it. */
export function describeParticipant({ id, ...participant }: Participant) {
  return { communicationIdentifier: describeUser(id), ...participant };
}
