import { phoneIdentity } from '../phone-number.ts';

/** Two ends of a conversation. */
export interface WhatsAppEnds {
  /** Our channel registration, a GUID in small letters. */
  channel: string;
  /** Their business-scoped user id such as `US.13491208655302741918`, or their number such as `+14255551234`. */
  theirs: string;
}

/** The id of a conversation: `<channel>:<BSUID>`, or `<channel>:+<number>` where no BSUID is known. */
export function whatsappConversation({ channel, theirs }: WhatsAppEnds): string {
  return `${channel}:${theirs}`;
}

/** The two ends of a conversation's id; undefined for any other text. */
export function parseWhatsappConversation(id: string): WhatsAppEnds | undefined {
  const [channel, theirs, ...more] = id.split(':');
  return channel && theirs && more.length === 0 ? { channel, theirs } : undefined;
}

/**
 * The identity of whoever a conversation is with: that by which the conversation is named, so that a person has one
 * within it whether the events show the number or hide it.
 */
export function whatsappIdentity(theirs: string): string {
  return /^\+\d+$/.test(theirs) ? phoneIdentity(theirs) : `whatsapp:${theirs}`;
}
