import type { BlobItem } from '@azure/storage-blob';
import * as z from 'zod';
import { openConversationFinder } from '../channels/find-conversation.ts';
import type { Eraser } from '../erasers/eraser.ts';
import { expireBlobs } from '../erasers/expire-blobs.ts';
import { openTraceFinder } from '../erasers/find-traces.ts';
import { charsetsIn, decodeBytes } from '../erasers/matching/decode-bytes.ts';
import { sweepBlobs } from '../erasers/sweep-blobs.ts';
import { parseJson } from '../json.ts';
import type { Container } from '../storage/container.ts';

interface Options {
  pageSize?: number;
}

/** A mail that could not be understood; see `mail/take-mail.ts`. */
const keptMail = z.looseObject({ original: z.looseObject({ base64: z.string() }) });

/**
 * Removes the dead letters that name the person, have words of theirs, or are of a conversation of which nothing stays.
 * They go as they are: what nobody could read, nobody can take a part of. Damaged ones are searched as text.
 */
export function createDeadLettersEraser(container: Container, { pageSize }: Options = {}): Eraser {
  return {
    store: 'dead-letters',
    async sweep(scope, options) {
      const { isTraced } = openTraceFinder(scope);
      const conversations = openConversationFinder(scope.conversations);
      const isGone = (text: string): boolean => {
        const mail = keptMail.safeParse(parseJson(text)).data;
        const texts = mail ? [withoutBase64(mail), ...readings(mail.original.base64)] : [text];
        return texts.some((one) => isTraced(one) || conversations.isIn(one));
      };
      const take = async ({ name }: BlobItem): Promise<number> => {
        const blob = await container.read(name, { signal: options.signal });
        if (!blob || !isGone(blob.text)) return 0;
        return (await container.remove(name, { signal: options.signal })) ? 1 : 0;
      };
      return sweepBlobs(container, take, { ...options, pageSize });
    },
    expire: (before, options) => expireBlobs(container, before, { ...options, pageSize, timeOf }),
  };
}

function withoutBase64(mail: z.infer<typeof keptMail>): string {
  return JSON.stringify({ ...mail, original: { ...mail.original, base64: '' } });
}

/** What bytes may say, in the charsets that they name. */
function readings(base64: string): string[] {
  const bytes = Buffer.from(base64, 'base64');
  return ['utf-8', ...charsetsIn(bytes.toString('latin1'))].map((charset) => decodeBytes(bytes, charset));
}

/** The day of the event, or when it was received where that is earlier: some tell of a day to come. */
function timeOf({ name, properties }: BlobItem): string {
  const received = properties.lastModified.toISOString();
  const [, day] = /^(\d{4}-\d\d-\d\d)\//.exec(name) ?? [];
  const endOfDay = day === undefined ? received : `${day}T23:59:59.999Z`;
  return endOfDay < received ? endOfDay : received;
}
