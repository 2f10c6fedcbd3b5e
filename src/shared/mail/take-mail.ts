import * as z from 'zod';
import { MalformedEvent } from '../channels/channel.ts';
import type { Accepted } from '../events/accept-events.ts';
import type { DeadLetterStore } from '../events/dead-letters.ts';
import { isStorageFault } from '../storage/storage-errors.ts';
import { type ReceivedMail, receiveMail } from './receive-mail.ts';

/** The media type of a mail as it travels. */
export const mailType = 'message/rfc822';

/** How a mail that could not be understood is kept. */
const kept = z.object({ contentType: z.literal(mailType), base64: z.string() });

export type TakenMail = ReceivedMail | { deadLettered: string };

interface Dependencies {
  deadLetters: Pick<DeadLetterStore, 'put'>;
}

interface Options {
  signal?: AbortSignal;
}

export interface MailTaker {
  /** Stores a mail, or keeps it as a dead letter with the reason. Throws storage faults. */
  take(raw: Uint8Array, options?: Options): Promise<TakenMail>;
  /** Takes a mail that is a dead letter already; undefined where the originals are none. */
  takeAgain(originals: readonly unknown[], options?: Options): Promise<Accepted | undefined>;
}

export function createMailTaker(dependencies: Dependencies & Parameters<typeof receiveMail>[1]): MailTaker {
  const tryToTake = async (raw: Uint8Array, options?: Options): Promise<TakenMail> => {
    try {
      return await receiveMail(raw, dependencies, options);
    } catch (error) {
      if (isStorageFault(error)) throw error;
      // Sent again, a mail that trips over a fault of ours would do so again: it is kept for whoever mends that.
      const name = error instanceof Error ? error.name : 'unknown error';
      return { deadLettered: error instanceof MalformedEvent ? error.message : `could not be read: ${name}` };
    }
  };
  return {
    async take(raw, options) {
      const taken = await tryToTake(raw, options);
      if (!('deadLettered' in taken)) return taken;
      const original = { contentType: mailType, base64: Buffer.from(raw).toString('base64') };
      await dependencies.deadLetters.put(original, taken.deadLettered, options);
      return taken;
    },
    async takeAgain(originals, options) {
      const [mail, ...others] = originals.map((original) => kept.safeParse(original).data);
      if (!mail || others.length > 0) return undefined;
      const taken = await tryToTake(Buffer.from(mail.base64, 'base64'), options);
      const deadLettered = 'deadLettered' in taken ? 1 : 0;
      return { received: 1, stored: 1 - deadLettered, deadLettered, ignored: {} };
    },
  };
}
