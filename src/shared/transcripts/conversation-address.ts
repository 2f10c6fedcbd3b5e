import type { HttpRequest } from '@azure/functions';
import { ParleyError } from '../errors.ts';
import type { ConversationKey } from './entry.ts';

/**
 * The conversation named by the last two parts of an address, or of what is left without the `behind` parts after it. Read from the URL, because the host hands `%2F` on
 * encoded but every other character decoded, so that its parameters cannot be told apart.
 */
export function readConversationKey(request: HttpRequest, { behind = 0 } = {}): ConversationKey {
  const parts = new URL(request.url).pathname.split('/');
  const [channel, id] = parts.slice(parts.length - 2 - behind, parts.length - behind).map(decode);
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
