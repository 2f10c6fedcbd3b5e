import type { Grounds } from '../../grounding/grounds.ts';
import { plainText } from '../../grounding/plain-text.ts';
import type { Placeholders } from '../../redaction/placeholders.ts';
import type { Conversation } from '../../transcripts/conversation.ts';
import type { People } from './number-people.ts';

/** What a model said, once it is known what may be kept of it. */
export interface Proven {
  text: string;
  cites: string[];
  isUnsupported?: true;
}

/** Proves what a model said about one conversation, sentence by sentence. */
export interface Proof {
  /** Undefined where nothing may be kept: without a message to rest on, or with words from elsewhere. */
  sentence(said: { text: string; messages: readonly number[] }, limit?: number): Proven | undefined;
  /** The same of what was proven before, by message ids. */
  again(kept: { text: string; cites: readonly string[] }, limit?: number): Proven | undefined;
  /** A text that cites nothing, such as a headline; `cites` are what it is about. */
  words(text: string, cites: readonly string[], limit: number): string | undefined;
  /** The place of the message with this number; undefined where the call did not show or name it. */
  placeOf(number: number): number | undefined;
  idOf(place: number): string;
  personOf(number: number | null): string | undefined;
}

const sentenceLength = 600;

/** Models like to say in the text, too, what they cite: `[7, 9]`, `(message 7)`. */
const citation = /\s*[[(](?:messages?\s+|#)?(\d+(?:\s*[,–-]\s*\d+)*)[\])]/giu;

function withoutCitations(text: string, cited: readonly number[]): string {
  const numbers = new Set(cited);
  return text.replace(citation, (written, list: string) =>
    list.split(/[^\d]+/).every((number) => numbers.has(Number(number))) ? '' : written,
  );
}

interface Options {
  people: People;
  grounds: Grounds;
  placeholders: Placeholders;
  firstNumber: number;
  /** Whether the call showed the message at this place, or something that cites it. */
  isShown(place: number): boolean;
}

export function createProof(
  { messages }: Conversation,
  { people, grounds, placeholders, firstNumber, isShown }: Options,
): Proof {
  const idOf = (place: number): string => messages[place]?.id ?? '';
  const placeOf = (number: number): number | undefined => {
    const place = number - firstNumber;
    return place >= 0 && place < messages.length && isShown(place) ? place : undefined;
  };
  const again: Proof['again'] = ({ text, cites }, limit = sentenceLength) => {
    const plain = plainText(text, { limit });
    if (!/[\p{L}\p{N}]/u.test(plain) || cites.length === 0) return undefined;
    // As it came, too: a link that is no text any more would have told where the words are from.
    const found = [grounds.check({ text, cites }), grounds.check({ text: plain, cites })];
    if (found.includes('foreign') || found.includes('uncited')) return undefined;
    const proven = { text: plain, cites: [...cites] };
    return found.includes('unsupported') ? { ...proven, isUnsupported: true } : proven;
  };
  return {
    again,
    sentence({ text, messages: cited }, limit) {
      const places = new Set(cited.map(placeOf).filter((place) => place !== undefined));
      const cites = [...places].sort((one, other) => one - other).map(idOf);
      return again({ text: placeholders.reveal(withoutCitations(text, cited)), cites }, limit);
    },
    words(text, cites, limit) {
      const proven = again({ text: placeholders.reveal(text), cites }, limit);
      // Nothing shows that it could not be proved: it stands without its messages.
      return proven?.isUnsupported ? undefined : proven?.text;
    },
    placeOf,
    idOf,
    personOf: (number) => (number === null ? undefined : people.idOf(number)),
  };
}
