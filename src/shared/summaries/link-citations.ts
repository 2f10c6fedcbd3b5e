import { conversationAddress } from '../transcripts/conversation-address.ts';
import type { ConversationKey } from '../transcripts/entry.ts';

/** A sentence links to so many of the messages that it rests on. */
const mostLinks = 4;

/** Numbers of messages, in the order in which they are cited, as links that are defined together at the end. */
export interface Citations {
  /** A number for each of them. */
  link(cites: readonly string[]): string;
  /** What all numbers so far lead to: Parley's own address of the messages. */
  definitions(): string[];
}

export function createCitations(conversation: ConversationKey): Citations {
  const numbers = new Map<string, number>();
  const numberOf = (cite: string): number => {
    const number = numbers.get(cite) ?? numbers.size + 1;
    numbers.set(cite, number);
    return number;
  };
  return {
    link: (cites) =>
      [...new Set(cites)]
        .slice(0, mostLinks)
        .map((cite) => ` [${numberOf(cite)}]`)
        .join(''),
    definitions: () =>
      [...numbers].map(([cite, number]) => `[${number}]: ${conversationAddress(conversation, cite)}`),
  };
}
