import type { TranscriptEntry } from '../../src/shared/transcripts/entry.ts';

type Message = Extract<TranscriptEntry, { kind: 'message' }>;

export const conversation = '19:rewrite@thread.v2';

/** A message of somebody; the number is its id, its version and its second. */
export function wrote(sender: string, number: number, text = `${sender} ${number}`): Message {
  const at = new Date(Date.parse('2026-11-23T09:00:00Z') + number * 1_000).toISOString();
  const id = String(number);
  return {
    kind: 'message',
    id: `message:${id}:${id}`,
    conversation,
    version: id,
    at,
    messageId: id,
    composedAt: at,
    sender: { id: sender, name: sender },
    text,
  };
}

/** Joe goes, and whoever says his name says something else. */
export function withoutJoe(entry: TranscriptEntry): TranscriptEntry | undefined {
  if (entry.kind !== 'message') return entry;
  if (entry.sender.id === 'joe') return undefined;
  const text = entry.text.replaceAll('joe', '[erased]');
  return text === entry.text ? entry : { ...entry, text };
}
