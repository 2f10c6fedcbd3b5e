import type { ProviderErasure } from '../eraser-at-provider.ts';

/** What is asked of the service, in this order. */
export interface ErasurePlan {
  messages: ProviderErasure['messages'];
  users: string[];
}

/** The same for the same erasure, in every call. */
export function planErasure(
  { identities, messages }: ProviderErasure,
  { serviceUser }: { serviceUser?: string },
): ErasurePlan {
  const isUser = (id: string): boolean => id.startsWith('8:acs:');
  return {
    messages: inTurns(messages.filter(({ sender }) => isUser(sender))),
    users: identities.filter((id) => isUser(id) && id !== serviceUser),
  };
}

/** One of each thread, then the next one of each: writing is limited by the thread. */
function inTurns(messages: ProviderErasure['messages']): ErasurePlan['messages'] {
  const turns = new Map<string, number>();
  return messages
    .map((message) => {
      const turn = turns.get(message.conversation) ?? 0;
      turns.set(message.conversation, turn + 1);
      return { message, turn };
    })
    .sort((a, b) => a.turn - b.turn)
    .map(({ message }) => message);
}
