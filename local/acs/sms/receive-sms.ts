import type { Emulator } from '../emulator.ts';
import { AcsError } from '../exchange.ts';
import type { KeptSettings } from '../keep-settings.ts';
import type { Collection } from '../state.ts';
import { newMessageId, smsReceived } from './events.ts';
import type { OptOuts } from './opt-outs.ts';
import type { SmsSettings } from './settings.ts';

/** A text that a person sends to one of our numbers, the first one unless said. */
export interface IncomingSms {
  from: string;
  to?: string | undefined;
  text: string;
}

export interface ReceivedSms {
  messageId: string;
  from: string;
  to: string;
  text: string;
  /** ISO. */
  receivedAt: string;
}

interface Options {
  emulator: Emulator;
  settings: KeptSettings<SmsSettings>;
  received: Collection<ReceivedSms>;
  optOuts: OptOuts;
}

/** STOP and START change what the carrier lets through, and are relayed like any other text. */
export function createReceive({ emulator, settings, received, optOuts }: Options) {
  const { state, clock, emit } = emulator;

  return function receive({ from, to: number, text }: IncomingSms): ReceivedSms {
    const { numbers, fieldNames } = settings.read();
    const to = number ?? numbers[0];
    if (to === undefined || !numbers.includes(to)) {
      throw new AcsError(404, 'NotFound', `The resource has no number ${to}. It has ${numbers.join(', ')}.`);
    }
    const now = clock();
    const messageId = newMessageId('Incoming', now);
    const message = { messageId, from, to, text, receivedAt: now.toISOString() };
    state.transaction(() => {
      optOuts.heed(text, { number: to, person: from });
      received.put(messageId, message);
      emit(smsReceived(message, fieldNames));
    });
    return message;
  };
}
