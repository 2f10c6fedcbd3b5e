import type { Person } from '../transcripts/entry.ts';
import { toIdentity } from './identity.ts';

/** Who had a message sent, where the request does not say. */
export const unnamedSender = 'api';

/** Begins the identities of those of ours who are known by a name alone. */
export const staffPrefix = 'staff:';

/** Names that programs give themselves, whoever they stand for, and what stands where a name was erased. */
const nobody = new Set([unnamedSender, 'parley', 'bot', '[erased]']);

/** What begins an identity rather than a name. A bare number may be that of a desk, so it wants its + or `4:`. */
const identityForm = /^(?:(?:4|8|28|tel|mailto|whatsapp|entra|staff):|\+\d|[^\s@]+@[^\s@]+$)/i;

/**
 * Who of ours wrote a message that was sent by us, from what the caller of the send API gave as `sentBy`: the identity
 * that it is, or `staff:<name>`. Undefined for programs.
 */
export function toStaff(sentBy: string): Person | undefined {
  const name = sentBy.trim();
  if (name === '' || nobody.has(name.toLowerCase())) return undefined;
  const identity = identityForm.test(name) ? toIdentity(name) : undefined;
  return identity === undefined ? { id: staffIdentity(name), name } : { id: identity };
}

/** The identity of somebody of ours who is known by a name alone. */
function staffIdentity(name: string): string {
  return toIdentity(`${staffPrefix}${name}`) ?? `${staffPrefix}${name}`;
}
