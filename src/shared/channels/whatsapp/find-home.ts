import type { ConversationKey } from '../../transcripts/entry.ts';
import type { Home } from '../channel.ts';
import { phoneIdentity } from '../phone-number.ts';
import { parseWhatsappConversation, whatsappConversation, whatsappIdentity } from './conversation.ts';

/** The conversations of a channel in which an identity has written, the one that they joined last at the end. */
export type FindTheirConversations = (
  identity: string,
  options: { channel: string; signal?: AbortSignal },
) => Promise<ConversationKey[]>;

interface Options {
  conversationsOf: FindTheirConversations;
  signal?: AbortSignal;
}

/** The BSUID under which somebody whose number is known writes to a channel of ours; undefined where none is known. */
export async function findBsuid(
  { channel, number }: { channel: string; number: string },
  { conversationsOf, signal }: Options,
): Promise<string | undefined> {
  const found = await conversationsOf(phoneIdentity(number), { channel: 'whatsapp', signal });
  return found
    .map(({ id }) => parseWhatsappConversation(id))
    .findLast((ends) => ends?.channel === channel && !isNumber(ends.theirs))?.theirs;
}

/** Where the messages are of whoever a conversation by number is with, once it is known under which BSUID they write. */
export async function findHome(
  { channel, id }: ConversationKey,
  options: Options,
): Promise<Home | undefined> {
  const ends = parseWhatsappConversation(id);
  if (!ends || !isNumber(ends.theirs)) return undefined;
  const theirs = await findBsuid({ channel: ends.channel, number: ends.theirs }, options);
  if (theirs === undefined) return undefined;
  const home = whatsappConversation({ channel: ends.channel, theirs });
  const sender = whatsappIdentity(theirs);
  return {
    conversation: { channel, id: home },
    bring: (entry) =>
      entry.kind === 'analysis' && entry.matches
        ? { ...entry, conversation: home, matches: { ...entry.matches, sender } }
        : { ...entry, conversation: home },
  };
}

/** The conversation by number in which analyses may wait for messages of somebody who shows that number. */
export function waitingPlace(
  { channel, id }: ConversationKey,
  identity: string,
): ConversationKey | undefined {
  const ends = parseWhatsappConversation(id);
  const [, number] = /^4:(\+\d+)$/.exec(identity) ?? [];
  if (!ends || number === undefined || number === ends.theirs) return undefined;
  return { channel, id: whatsappConversation({ channel: ends.channel, theirs: number }) };
}

function isNumber(theirs: string): boolean {
  return whatsappIdentity(theirs) === phoneIdentity(theirs);
}
