import { readFile } from 'node:fs/promises';
import { z } from 'zod';

const folder = new URL('bike-shop/', import.meta.url);

const turn = z.union([
  z.strictObject({
    theirs: z.string(),
    /** Name of a file beside the conversations. */
    image: z.string().optional(),
  }),
  z.strictObject({ ours: z.string() }),
]);

const conversation = z.strictObject({
  channel: z.enum(['sms', 'whatsapp', 'email']),
  /** Number or mail address. */
  from: z.string(),
  name: z.string(),
  subject: z.string().optional(),
  turns: z.tuple([turn], turn),
});

/** Somebody who writes to the bike shop, and what it answers, in turn. */
export type BikeShopConversation = z.infer<typeof conversation>;

/** What people write to a bike shop by SMS, WhatsApp and email. */
export async function readBikeShop(): Promise<BikeShopConversation[]> {
  return z
    .array(conversation)
    .parse(JSON.parse(await readFile(new URL('conversations.json', folder), 'utf8')));
}

export async function readBikeShopImage(name: string): Promise<Buffer> {
  return readFile(new URL(name, folder));
}
