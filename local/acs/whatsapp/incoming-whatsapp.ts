import * as z from 'zod';
import { isBsuid } from './people.ts';

const contents = [
  'text',
  'media',
  'reaction',
  'button',
  'interactive',
  'location',
  'contacts',
  'unsupported',
] as const;

/** What a person sends: who they are (a number, a BSUID or both) and exactly one content. Bytes are base64. */
export const incomingWhatsapp = z
  .strictObject({
    from: z
      .string()
      .regex(/^\+?\d{5,15}$/, 'Say a number such as +15551230001.')
      .optional(),
    bsuid: z.string().refine(isBsuid, 'Say a BSUID such as US.13491208655302741918.').optional(),
    /** The person has a user name: events do not tell the number. */
    hiddenNumber: z.boolean().optional(),
    /** Channel registration id; the first channel unless said. */
    to: z.string().optional(),
    /** The id of the message that is answered. */
    replyTo: z.string().optional(),
    /** When it was written (ISO), now unless said: a message of two days ago leaves the 24-hour window closed. */
    at: z.iso.datetime({ offset: true }).optional(),
    text: z.string().optional(),
    media: z
      .strictObject({
        kind: z.enum(['image', 'document', 'audio', 'video', 'sticker']),
        mimeType: z.string(),
        base64: z.base64(),
        fileName: z.string().optional(),
        caption: z.string().optional(),
        animated: z.boolean().optional(),
      })
      .optional(),
    /** An empty emoji takes the reaction back. */
    reaction: z.strictObject({ messageId: z.string(), emoji: z.string() }).optional(),
    button: z.strictObject({ text: z.string(), payload: z.string() }).optional(),
    interactive: z
      .strictObject({
        type: z.enum(['buttonReply', 'listReply']),
        id: z.string(),
        title: z.string(),
        description: z.string().optional(),
      })
      .optional(),
    /** As WhatsApp's own API has them; ACS documents neither. */
    location: z
      .strictObject({
        latitude: z.number(),
        longitude: z.number(),
        name: z.string().optional(),
        address: z.string().optional(),
      })
      .optional(),
    contacts: z.array(z.looseObject({})).min(1).optional(),
    /** Something that WhatsApp does not hand on, such as a poll. */
    unsupported: z.literal(true).optional(),
  })
  .refine(({ from, bsuid }) => from !== undefined || bsuid !== undefined, 'Say from, bsuid or both.')
  .refine(
    (message) => contents.filter((content) => message[content] !== undefined).length === 1,
    `Say exactly one of ${contents.join(', ')}.`,
  );

export type IncomingWhatsapp = z.output<typeof incomingWhatsapp>;

/** As events name it: the kind of the media, or the name of the content. */
export function messageTypeOf(message: IncomingWhatsapp): string {
  return message.media?.kind ?? contents.find((content) => message[content] !== undefined) ?? 'unsupported';
}
