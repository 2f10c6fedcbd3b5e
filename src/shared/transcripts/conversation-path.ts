import { createHash } from 'node:crypto';
import type { ConversationKey } from './entry.ts';

const longestName = 200;

/** The folder of a conversation in every container: `<channel>/<name>`. */
export function conversationPath({ channel, id }: ConversationKey): string {
  return `${channel}/${encodeName(id)}`;
}

/**
 * An id as part of a blob's name: `A–Z a–z 0–9 _ -` stay and every other UTF-8 byte becomes `~xx`, so that all listings
 * come in one order; above 200 characters it is `~h` and the SHA-256 of the id, in hexadecimal.
 */
export function encodeName(id: string): string {
  const name = [...new TextEncoder().encode(id)].map(encodeByte).join('');
  return name.length > longestName ? `~h${createHash('sha256').update(id).digest('hex')}` : name;
}

/** The id that `encodeName` made a name of; undefined where it is hashed. */
export function decodeName(name: string): string | undefined {
  if (name.startsWith('~h')) return undefined;
  const bytes = name.replaceAll(/~([0-9a-f]{2})/g, (_, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  );
  return Buffer.from(bytes, 'latin1').toString('utf8');
}

/** The conversation of a path, or undefined where its id is hashed: then its entries tell the id. */
export function parseConversationPath(path: string): ConversationKey | undefined {
  const slash = path.indexOf('/');
  const id = slash < 1 ? undefined : decodeName(path.slice(slash + 1));
  return id === undefined ? undefined : { channel: path.slice(0, slash), id };
}

function encodeByte(byte: number): string {
  const character = String.fromCharCode(byte);
  return /[A-Za-z0-9_-]/.test(character) ? character : `~${byte.toString(16).padStart(2, '0')}`;
}
