import type { AcsSettings } from '../../acs-settings.ts';
import type { Conversation, Delivery, Message } from '../../transcripts/conversation.ts';

type Words = Pick<AcsSettings['sms'], 'optOutWords' | 'optInWords'>;

/**
 * Whether the person with this identity asked not to be written to: the newest of their opt-out and opt-in words, each
 * a message of its own, decides. That the carrier blocked a message of ours counts as an opt-out, too.
 */
export function hasOptedOut(conversation: Conversation, person: string, words: Words): boolean {
  let optedOut = '';
  let optedIn = '';
  for (const message of conversation.messages) {
    if (message.sender.id !== person) {
      for (const delivery of message.delivery ?? [])
        if (isBlocked(delivery)) optedOut = later(optedOut, delivery.at);
    } else if (isWord(message.text, words.optOutWords)) optedOut = later(optedOut, message.at);
    else if (isWord(message.text, words.optInWords)) optedIn = later(optedIn, message.at);
  }
  return optedOut > optedIn;
}

/** The provider's words for a number that its carrier has on the list. */
export function saysBlocked(text: string | undefined): boolean {
  return /sender blocked|opted[ -]?out/i.test(text ?? '');
}

/** Whether a text is one of the words and nothing else, whatever its case, spaces and punctuation. */
export function isWord(text: string, words: readonly string[]): boolean {
  const bare = toBare(text);
  return bare !== '' && words.some((word) => toBare(word) === bare);
}

/** The conversation as it was before a message came. */
export function before(conversation: Conversation, messageId: string | undefined): Conversation {
  const end = conversation.messages.findIndex(({ id }) => id === messageId);
  const messages: Message[] = conversation.messages.slice(0, Math.max(0, end));
  return { ...conversation, messages };
}

function isBlocked({ status, reason }: Delivery): boolean {
  return status === 'failed' && saysBlocked(reason);
}

function toBare(text: string): string {
  return text.length > 200
    ? ''
    : text
        .normalize('NFKC')
        .toUpperCase()
        .replaceAll(/[^\p{L}\p{N}]/gu, '');
}

function later(a: string, b: string): string {
  return a > b ? a : b;
}
