import type { BlobItem } from '@azure/storage-blob';
import { conversationPath, encodeName, parseConversationPath } from '../transcripts/conversation-path.ts';
import type { ConversationKey } from '../transcripts/entry.ts';
import type { Participation } from './participation.ts';
import { type Period, type TakingPart, takingPartOf } from './taking-part.ts';

/** Of 8 KiB that a blob's metadata may have. What is longer is left out, and a listing reads the blob. */
export const longestValue = 3_000;

/** The names of all that a person takes part in begin with this. */
export function indexPrefix(identity: string, channel?: string): string {
  return `by-identity/${encodeName(identity)}/${channel === undefined ? '' : `${channel}/`}`;
}

export function indexName(identity: string, conversation: ConversationKey): string {
  return `${indexPrefix(identity)}${conversationPath(conversation)}`;
}

/** Says when a conversation was deleted. */
export function deletionName(conversation: ConversationKey): string {
  return `deleted/${conversationPath(conversation)}`;
}

/** What a listing has to tell, in ASCII. */
export function toMetadata(known: Participation): Record<string, string> {
  const { conversation, periods, addressedFrom, name } = takingPartOf(known);
  const isHashed = parseConversationPath(conversationPath(conversation)) === undefined;
  const values = {
    periods: periods.map(({ from, until = '' }) => `${from}/${until}`).join(',') || 'none',
    ...(isHashed ? { conversation: encode(conversation.id) } : {}),
    ...(addressedFrom === undefined ? {} : { addressedfrom: addressedFrom }),
    ...(name === undefined ? {} : { name: encode(name) }),
  };
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value.length <= longestValue));
}

/** What a listing tells of one blob; undefined where its metadata had no room. */
export function fromListing(identity: string, { name: blob, metadata }: BlobItem): TakingPart | undefined {
  const path = blob.slice(indexPrefix(identity).length);
  const conversation = parseConversationPath(path) ?? keyOf(path, metadata?.conversation);
  const { periods, addressedfrom: addressedFrom, name } = metadata ?? {};
  if (!conversation || periods === undefined) return undefined;
  return {
    identity,
    conversation,
    periods: periods === 'none' ? [] : periods.split(',').map(toPeriod),
    ...(addressedFrom === undefined ? {} : { addressedFrom }),
    ...(name === undefined ? {} : { name: decode(name) }),
  };
}

function keyOf(path: string, id: string | undefined): ConversationKey | undefined {
  return id === undefined ? undefined : { channel: path.slice(0, path.indexOf('/')), id: decode(id) };
}

function toPeriod(text: string): Period {
  const [from = '', until] = text.split('/');
  return until ? { from, until } : { from };
}

/** Metadata takes ASCII only. */
export function encode(text: string): string {
  return Buffer.from(text, 'utf8').toString('base64url');
}

export function decode(text: string): string {
  return Buffer.from(text, 'base64url').toString('utf8');
}
