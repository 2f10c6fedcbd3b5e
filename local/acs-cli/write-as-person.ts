import * as z from 'zod';
import type { Ask } from './ask-emulator.ts';
import { readMedia } from './read-media.ts';

export interface Options {
  to?: string;
  media?: string;
  reply?: string;
  reaction?: string;
  at?: string;
  'hidden-number'?: boolean;
  thread?: string;
  new?: boolean;
  name?: string;
  app?: string;
  forged?: boolean;
}

const sent = z.object({ messageId: z.string(), to: z.string() });
const said = z.object({ thread: z.string(), from: z.string(), messageId: z.string() });
const mailed = z.object({ messageId: z.string(), app: z.string(), answer: z.unknown().optional() });

/** A person sends a text message. Returns what happened, for people. */
export async function writeSms(ask: Ask, person: string, text: string, options: Options): Promise<string> {
  const from = withPlus(person);
  const to = options.to && withPlus(options.to);
  const { messageId, to: number } = sent.parse(await ask('POST', '/people/sms', { from, to, text }));
  return `${from} wrote to ${number}: message ${messageId}`;
}

/** A short code stays as it is. */
function withPlus(number: string): string {
  return /^[1-9]\d{6,14}$/.test(number) ? `+${number}` : number;
}

/** Text, a file (with the text as its caption), or a reaction to a message. */
export async function writeWhatsapp(
  ask: Ask,
  from: string,
  text: string | undefined,
  options: Options,
): Promise<string> {
  const { to, media, reply, reaction, at, 'hidden-number': hiddenNumber } = options;
  const who = /^[A-Z]{2}\./.test(from) ? { bsuid: from } : { from };
  const content =
    reaction !== undefined
      ? { reaction: { messageId: reply ?? '', emoji: reaction } }
      : { replyTo: reply, ...(media ? { media: readMedia(media, text) } : { text }) };
  const body = { ...who, to, hiddenNumber, at, ...content };
  const { messageId, to: channel } = sent.parse(await ask('POST', '/people/whatsapp', body));
  return `${from} wrote to channel ${channel}: message ${messageId}`;
}

export async function writeChat(ask: Ask, from: string, text: string, options: Options): Promise<string> {
  const { thread, name, new: isNew } = options;
  const done = said.parse(await ask('POST', '/people/chat', { from, text, thread, name, isNew }));
  return `${from} (${done.from}) wrote: message ${done.messageId}\nThread: ${done.thread}`;
}

export async function writeEmail(
  ask: Ask,
  from: string,
  [subject, text]: [string, string],
  { to, name, reply, app, forged }: Options,
): Promise<string> {
  const body = { from, to, name, subject, text, replyTo: reply, app, forged };
  const done = mailed.parse(await ask('POST', '/people/email', body));
  return `${from} mailed ${done.messageId}; ${done.app} took it: ${JSON.stringify(done.answer)}`;
}
