import type { State } from '../state.ts';

/** A person whom one of our numbers may not reach. */
export interface OptOut {
  number: string;
  person: string;
}

export interface OptOuts {
  /** What the carrier does when a person sends a keyword to a number; any other text changes nothing. */
  heed(text: string, optOut: OptOut): void;
  has(optOut: OptOut): boolean;
  list(): OptOut[];
}

const outWords = new Set(['STOP', 'STOPALL', 'UNSUBSCRIBE', 'CANCEL', 'END', 'QUIT']);
const inWords = new Set(['START', 'UNSTOP']);

/** The carrier's list: https://learn.microsoft.com/azure/communication-services/concepts/sms/sms-faq#opt-out-handling */
export function createOptOuts(state: State): OptOuts {
  const optOuts = state.collection<OptOut>('sms.opt-outs');
  const idOf = ({ number, person }: OptOut) => `${number}/${person}`;
  return {
    heed(text, optOut) {
      const word = text.trim().toUpperCase();
      if (outWords.has(word)) optOuts.put(idOf(optOut), optOut);
      if (inWords.has(word)) optOuts.delete(idOf(optOut));
    },
    has: (optOut) => optOuts.get(idOf(optOut)) !== undefined,
    list: () => optOuts.values(),
  };
}
