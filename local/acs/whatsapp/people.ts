import { createHash } from 'node:crypto';
import type { State } from '../state.ts';

/** A person on WhatsApp. */
export interface Person {
  /** Business-scoped user id, such as `US.13491208655302741918`. */
  bsuid: string;
  /** Digits only, as in events; nothing where it was never known. */
  number?: string;
}

/** Every 24 hours without a message from a person close the window in which anything may be written to them. */
const windowMilliseconds = 24 * 60 * 60_000;

/** Who is who, and when each last wrote to which channel. */
export function createPeople(state: State) {
  const numbers = state.collection<string>('whatsapp.numbers');
  const people = state.collection<Person>('whatsapp.people');
  const lastMessages = state.collection<string>('whatsapp.last-messages');

  const bsuidOf = (number: string) => numbers.get(number) ?? makeBsuid(number);
  return {
    /** The person behind a number or a BSUID. */
    find(address: string): Person {
      if (isBsuid(address)) return people.get(address) ?? { bsuid: address };
      const number = digitsOf(address);
      return { bsuid: bsuidOf(number), number };
    },
    /** Remembers that a number and a BSUID are one person. */
    know(address: { number?: string | undefined; bsuid?: string | undefined }): Person {
      const known = address.bsuid === undefined ? undefined : people.get(address.bsuid);
      const number = address.number === undefined ? known?.number : digitsOf(address.number);
      const bsuid = address.bsuid ?? bsuidOf(number ?? '');
      const person = { bsuid, ...(number === undefined ? {} : { number }) };
      people.put(bsuid, person);
      if (number !== undefined) numbers.put(number, bsuid);
      return person;
    },
    wrote({ bsuid }: Person, channel: string, at: Date): void {
      const id = `${channel}/${bsuid}`;
      const time = at.toISOString();
      if (time > (lastMessages.get(id) ?? '')) lastMessages.put(id, time);
    },
    /** Whether a person may be written to freely. */
    isWindowOpen({ bsuid }: Person, channel: string, now: Date): boolean {
      const last = lastMessages.get(`${channel}/${bsuid}`);
      return last !== undefined && now.getTime() - Date.parse(last) < windowMilliseconds;
    },
  };
}

export type People = ReturnType<typeof createPeople>;

/** https://learn.microsoft.com/azure/communication-services/concepts/advanced-messaging/whatsapp/whatsapp-username-support-overview */
export function isBsuid(address: string): boolean {
  return /^[A-Z]{2}\.[A-Za-z0-9]{1,128}$/.test(address);
}

export function digitsOf(number: string): string {
  return number.replace(/\D/g, '');
}

function makeBsuid(number: string): string {
  const hash = createHash('sha256').update(number).digest('hex').slice(0, 16);
  return `US.${BigInt(`0x${hash}`).toString().padStart(20, '1')}`;
}
