import type { HttpRequest } from '@azure/functions';
import { ParleyError } from '../errors.ts';
import type { ConversationKey } from './entry.ts';

/**
 * The conversation named by the last two parts of an address. Read from the URL, because the host hands `%2F` on
 * encoded but every other character decoded, so that its parameters cannot be told apart.
 */
export function readConversationKey(request: HttpRequest): ConversationKey {
  const [channel, id] = new URL(request.url).pathname.split('/').slice(-2).map(decode);
  if (!channel || !id || !/^[a-z]{1,20}$/.test(channel)) {
    throw new ParleyError('bad_request', 'The address must end in /{channel}/{id}, the id percent-encoded.');
  }
  return { channel, id };
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return '';
  }
}
