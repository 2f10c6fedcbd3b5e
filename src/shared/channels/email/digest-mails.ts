import type { AcsClients } from '../../acs/clients.ts';
import { ParleyError } from '../../errors.ts';
import type { Channel } from '../channel.ts';
import { beginMail } from './begin-mail.ts';
import { toMail } from './email-sender.ts';

/** The first eight digits of their operation ids: `dige` in ASCII. */
const mark = '64696765-';

/** Whether a mail is a digest of ours, by the id that reports give it: it is of no conversation. */
export function isDigestMail(messageId: string): boolean {
  return messageId.toLowerCase().startsWith(mark);
}

/**
 * Mails to operators, which go through the outbox like all that is sent, but are of no conversation and leave no entry. Only
 * the timer knows this channel: nobody can ask to send on it.
 */
export function createDigestMails(sending: Pick<AcsClients, 'email'>) {
  return {
    name: 'digest',
    read: () => undefined,
    sender: {
      checkContent() {},
      async check() {},
      async open(_, { id }) {
        return { channel: 'digest', id };
      },
      async send({ envelope, content }, _, attempt) {
        if (!envelope || !('html' in content)) {
          throw new ParleyError('internal', 'A digest was put into the outbox without what it says.');
        }
        const id = `${mark}${attempt.id.slice(mark.length)}`;
        const body = { plainText: content.text, html: content.html };
        await beginMail(sending, toMail(envelope, body), { id, signal: attempt.signal });
        return { messageId: id, entries: [] };
      },
    },
  } satisfies Channel;
}
