import { setTimeout as wait } from 'node:timers/promises';
import { z } from 'zod';
import { type BikeShopConversation, readBikeShopImage } from '../../examples/read-bike-shop.ts';
import { ExplainedError } from '../explained-error.ts';
import { post, readJson } from './ask-parley.ts';

const pollMilliseconds = 100;

const listed = z.object({ conversations: z.array(z.object({ channel: z.string(), id: z.string() })) });
const transcript = z.object({
  messages: z.array(
    z.object({
      id: z.string(),
      sentBy: z.string().optional(),
      delivery: z.array(z.object({ status: z.string() })).default([]),
      attachments: z.array(z.object({ blob: z.string().optional() })).default([]),
    }),
  ),
});

const accepted = z.object({ status: z.string() });

/** Where a conversation of the demo takes place. */
interface Place {
  /** Of the app. */
  url: string;
  /** Of the ACS emulator. */
  acsUrl: string;
  signal: AbortSignal;
}

/**
 * Holds one conversation: each turn of theirs through the ACS emulator, as the person's phone or mail program would, each
 * of ours by the API of the app. Waits until each has arrived. Returns the path of the conversation.
 */
export async function holdConversation(talk: BikeShopConversation, place: Place): Promise<string> {
  let path: string | undefined;
  for (const [index, turn] of talk.turns.entries()) {
    if ('theirs' in turn) {
      await writeAsPerson(talk, turn, await lastMessageOf(path, place), place);
      path ??= await findConversation(talk, place);
    } else {
      if (path === undefined) throw new ExplainedError(`${talk.name} has not written yet.`);
      await answer(`${place.url}${path}/messages`, turn.ours, place.signal);
    }
    await arrival(path, index + 1, place);
    // WhatsApp tells times in whole seconds: what is faster than a person would come out of order.
    if (talk.channel === 'whatsapp') await wait(1_000, undefined, { signal: place.signal });
  }
  return path ?? '';
}

async function writeAsPerson(
  { channel, from, name, subject }: BikeShopConversation,
  { theirs, image }: { theirs: string; image?: string },
  replyTo: string | undefined,
  { acsUrl, signal }: Place,
): Promise<void> {
  const write = (body: object) => post(`${acsUrl}/emulator/people/${channel}`, body, signal);
  if (channel === 'sms') await write({ from, text: theirs });
  else if (channel === 'email') await write({ from, name, subject, text: theirs, replyTo });
  else if (image === undefined) await write({ from, text: theirs });
  else {
    const base64 = (await readBikeShopImage(image)).toString('base64');
    await write({ from, media: { kind: 'image', mimeType: 'image/png', base64, caption: theirs } });
  }
}

async function answer(url: string, text: string, signal: AbortSignal): Promise<void> {
  const response = await post(url, { text, sentBy: 'demo' }, signal);
  const { status } = accepted.parse(await response.json());
  if (status === 'sent') return;
  const told = await readJson(response.headers.get('location') ?? '', signal);
  throw new ExplainedError(`A message could not be sent: ${JSON.stringify(told)}`);
}

async function findConversation(
  { channel, from }: BikeShopConversation,
  { url, signal }: Place,
): Promise<string> {
  const address = channel === 'email' ? from : `+${from.replace('+', '')}`;
  const query = `${url}/api/conversations?with=${encodeURIComponent(address)}&channel=${channel}`;
  for (;;) {
    const [found] = listed.parse(await readJson(query, signal)).conversations;
    if (found) return `/api/conversations/${channel}/${encodeURIComponent(found.id)}`;
    await wait(pollMilliseconds, undefined, { signal });
  }
}

/** Until the conversation has so many messages, their attachments are kept and ours are delivered. */
async function arrival(path: string | undefined, count: number, { url, signal }: Place): Promise<void> {
  for (;;) {
    const { messages } = transcript.parse(await readJson(`${url}${path}`, signal));
    const isKept = messages.every(({ attachments }) => attachments.every(({ blob }) => blob !== undefined));
    const isDelivered = messages.every(({ sentBy, delivery }) => !sentBy || delivery.some(hasArrived));
    if (messages.length >= count && isKept && isDelivered) return;
    await wait(pollMilliseconds, undefined, { signal });
  }
}

function hasArrived({ status }: { status: string }): boolean {
  return status !== 'sent';
}

/** The id of the last message, which a mail names that answers it. */
async function lastMessageOf(path: string | undefined, { url, signal }: Place): Promise<string | undefined> {
  if (path === undefined) return undefined;
  return transcript.parse(await readJson(`${url}${path}`, signal)).messages.at(-1)?.id;
}
