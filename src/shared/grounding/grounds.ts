import type { Conversation } from '../transcripts/conversation.ts';
import { checkSentence } from './check-sentence.ts';
import { indexConversation, type WordIndex, wordsOf } from './index-conversation.ts';
import { normalize } from './read-links.ts';

/**
 * What a sentence about a conversation is worth. `uncited`: it names no message that there is. `foreign`: it has a number, a
 * name, an address, a link or mostly words that stand nowhere in the conversation. `unsupported`: what it says stands in the
 * conversation, but not where it says.
 */
export type Support = 'supported' | 'unsupported' | 'foreign' | 'uncited';

export interface Grounds {
  /** `cites` are message ids. */
  check(sentence: { text: string; cites: readonly string[] }): Support;
  /** Whether somebody wrote this link. */
  hasLink(link: string): boolean;
}

/**
 * What stands in a conversation, read when it is first asked for. `others` are what the same call was about: their words must
 * not stand in what is said about this one. `isTranslated`: what is said is in another language than the conversation. Secrets count as they are masked (`maskSecrets`).
 */
export function groundsOf(
  conversation: Conversation,
  { others = [], isTranslated = false }: { others?: readonly Conversation[]; isTranslated?: boolean } = {},
): Grounds {
  let index: WordIndex | undefined;
  let foreign: ReadonlySet<string> | undefined;
  const places = new Map(conversation.messages.map(({ id }, place) => [id, place]));
  const read = (): WordIndex => {
    index ??= indexConversation(conversation);
    return index;
  };
  return {
    check({ text, cites }) {
      const cited = cites.map((id) => places.get(id)).filter((place) => place !== undefined);
      if (cited.length === 0) return 'uncited';
      foreign ??= wordsOf(others);
      return checkSentence(text, { cited, index: read(), foreign, isTranslated });
    },
    hasLink: (link) => read().links.has(normalize(link)),
  };
}
