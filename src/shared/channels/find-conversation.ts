import type { TouchedConversation } from '../erasers/eraser.ts';
import { textsIn } from '../erasers/find-traces.ts';
import { parseJson } from '../json.ts';
import { bothEnds } from './both-ends.ts';

/** Whether an event or a mail, whatever its form, is of one of some conversations. */
export interface ConversationFinder {
  isIn(text: string): boolean;
}

/**
 * Looks for those of which nothing stays: for the id of a conversation as one of the values of a JSON text, or of a text of
 * another kind in quotation marks or angle brackets; or for both of its ends, where the id is made of these.
 */
export function openConversationFinder(conversations: readonly TouchedConversation[]): ConversationFinder {
  const whole = conversations.filter(({ isWhole }) => isWhole);
  const ids = new Set(whole.map(({ id }) => id));
  const pairs = whole.flatMap((conversation) => {
    const ends = bothEnds(conversation);
    return ends ? [ends.map(bare)] : [];
  });

  const hasEnds = (values: ReadonlySet<string>): boolean =>
    pairs.some((ends) => ends.every((end) => values.has(end)));

  return {
    isIn(text) {
      if (ids.size === 0) return false;
      const value = parseJson(text);
      if (value !== undefined) {
        const values = textsIn(value);
        return values.some((one) => ids.has(one)) || (pairs.length > 0 && hasEnds(new Set(values.map(bare))));
      }
      const words = new Set(text.split(/[\s"'<>()[\]{},;\\]+/));
      return (
        [...ids].some((id) => words.has(id)) || (pairs.length > 0 && hasEnds(new Set([...words].map(bare))))
      );
    },
  };
}

/** A number or name without what tells of which kind it is: `4:+1555…`, `+1555…` and `1555…` are one. */
function bare(text: string): string {
  return text.replace(/^(?:\d:|[a-z]+:)?\+?/i, '');
}
