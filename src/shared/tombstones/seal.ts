import { createHmac } from 'node:crypto';
import { toIdentity } from '../people/identity.ts';
import { conversationPath } from '../transcripts/conversation-path.ts';
import type { ConversationKey } from '../transcripts/entry.ts';

/**
 * Makes of what is buried a name that tells nothing, under one secret: the first 132 bits of an HMAC-SHA256, as 22
 * characters of base64url. The same text as two kinds of thing has two seals.
 */
export interface Sealer {
  /** Tells which secret it is, and nothing of it. */
  readonly fingerprint: string;
  /** However the identity is written: `4:15551230001` and `tel:+15551230001` are one. */
  identity(identity: string): string;
  conversation(conversation: ConversationKey): string;
  /** One entry, or all that belongs to one message. */
  part(kind: 'entry' | 'message', conversation: ConversationKey, id: string): string;
}

export function createSealer(secret: string): Sealer {
  const seal = (...parts: readonly string[]): string =>
    createHmac('sha256', secret).update(parts.join('\n')).digest('base64url').slice(0, 22);
  return {
    fingerprint: seal('secret'),
    identity: (identity) => seal('identity', toIdentity(identity) ?? identity),
    conversation: (conversation) => seal('conversation', conversationPath(conversation)),
    part: (kind, conversation, id) => seal(kind, conversationPath(conversation), id),
  };
}
