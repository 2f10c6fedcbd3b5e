import type { HttpRequest } from '@azure/functions';
import { ParleyError } from '../errors.ts';
import type { ConversationKey } from './entry.ts';

/**
 * The conversation named by the last two parts of an address, or of what is left without the `behind` parts after it. Read
 * from the URL, because the host hands `%2F` on encoded but every other character decoded, so that its parameters cannot be
 * told apart.
 */
export function readConversationKey(request: HttpRequest, { behind = 0 } = {}): ConversationKey {
  const parts = new URL(request.url).pathname.split('/');
  const [channel, id] = parts.slice(parts.length - 2 - behind, parts.length - behind).map(decode);
  if (!channel || !id || !/^[a-z]{1,20}$/.test(channel)) {
    throw new ParleyError('bad_request', 'The address must end in /{channel}/{id}, the id percent-encoded.');
  }
  return { channel, id };
}

/**
 * Parley's own address of a conversation, or of the page with one of its messages, from the root: it leads to where it is
 * read. Nothing in it ends a link in Markdown.
 */
export function conversationAddress(conversation: ConversationKey, message?: string): string {
  const around = message === undefined ? '' : `?around=${encodePart(message)}`;
  return `/api/conversations/${pathOf(conversation)}${around}`;
}

/** The address of its summary, likewise. */
export function summaryAddress(conversation: ConversationKey): string {
  return `/api/summaries/${pathOf(conversation)}`;
}

function pathOf({ channel, id }: ConversationKey): string {
  return `${encodePart(channel)}/${encodePart(id)}`;
}

function encodePart(text: string): string {
  return encodeURIComponent(text.toWellFormed()).replaceAll(
    /[!'()*~]/g,
    (mark) => `%${mark.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return '';
  }
}
