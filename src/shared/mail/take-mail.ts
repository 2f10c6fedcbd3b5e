import * as z from 'zod';
import type { ToAnalyse } from '../analysis/to-analyse.ts';
import { MalformedEvent } from '../channels/channel.ts';
import type { Accepted } from '../events/accept-events.ts';
import type { DeadLetterStore } from '../events/dead-letters.ts';
import { isStorageFault } from '../storage/storage-errors.ts';
import { type ForgottenMail, type ReceivedMail, receiveMail } from './receive-mail.ts';

/** The media type of a mail as it travels. */
export const mailType = 'message/rfc822';

/** How a mail that could not be understood is kept. */
const kept = z.object({ contentType: z.literal(mailType), base64: z.string() });

export type TakenMail = ReceivedMail | ForgottenMail | { deadLettered: string };

interface Dependencies {
  deadLetters: Pick<DeadLetterStore, 'put'>;
  /** Whether messages are analysed as they come. */
  isAnalysing?: boolean;
}

interface Options {
  signal?: AbortSignal;
  /** Told, once all is durable, what is to be analysed. */
  orderAnalysis?: (orders: ToAnalyse[]) => void;
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
      const received = await receiveMail(raw, dependencies, options);
      if (dependencies.isAnalysing && 'conversation' in received) {
        options?.orderAnalysis?.([{ channel: 'email', id: received.conversation }]);
      }
      return received;
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
      const counts = { received: 1, stored: 0, deadLettered: 0, ignored: {} };
      if ('deadLettered' in taken) return { ...counts, deadLettered: 1 };
      return 'forgotten' in taken ? { ...counts, forgotten: 1 } : { ...counts, stored: 1 };
    },
  };
}
