import type { RecognisedAct } from './acts/recognise-act.ts';
import { cutText } from './fold-text.ts';

const longestQuote = 200;
const verbs = { question: 'asks', request: 'requests', complaint: 'complains' };

/**
 * What the sender wants, as one sentence for a person: what they do, and their own words, cut to 200 UTF-16 units.
 * Undefined where there is no more to say than that they wrote.
 */
export function describeIntent({ act, sentence }: RecognisedAct): string | undefined {
  if (act === 'other') return undefined;
  if (act === 'greeting') return 'The sender greets.';
  return `The sender ${verbs[act]}: "${cutText(sentence, longestQuote)}"`;
}
