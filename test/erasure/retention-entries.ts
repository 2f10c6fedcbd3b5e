import type { ContentEntry, ConversationKey, TranscriptEntry } from '../../src/shared/transcripts/entry.ts';

/** The time by which the age is told in these tests. */
export const now = '2026-11-23T04:00:00.000Z';

/** So many days before now. */
export function daysAgo(days: number): string {
  return new Date(Date.parse(now) - days * 24 * 3_600_000).toISOString();
}

interface Saying {
  sender?: string;
  text?: string;
  more?: Partial<ContentEntry>;
}

/** Makes entries of one conversation, by how many days ago they happened. */
export function entriesIn({ id: conversation }: ConversationKey) {
  const happened = (kind: string, of: string, days: number) => {
    const at = daysAgo(days);
    const version = String(Date.parse(at));
    return { id: `${kind}:${of}:${version}`, conversation, version, at };
  };
  const content = (messageId: string, days: number, { sender = '8:acs:ada', text, more }: Saying) => ({
    messageId,
    sender: person(sender),
    text: text ?? `words of ${messageId}`,
    composedAt: daysAgo(days),
    ...more,
  });
  return {
    said: (id: string, days: number, saying: Saying = {}): TranscriptEntry => ({
      kind: 'message',
      ...happened('message', id, days),
      ...content(id, days, saying),
    }),
    /** Said so many days ago, and changed later. */
    edited: (id: string, days: number, changed: number, saying: Saying = {}): TranscriptEntry => ({
      kind: 'edit',
      ...happened('edit', id, changed),
      ...content(id, days, saying),
    }),
    deleted: (messageId: string, days: number): TranscriptEntry => ({
      kind: 'delete',
      ...happened('delete', messageId, days),
      messageId,
    }),
    delivered: (messageId: string, days: number, recipient = '8:acs:grace'): TranscriptEntry => ({
      kind: 'receipt',
      ...happened('receipt', `${messageId}:${recipient}`, days),
      messageId,
      recipient,
      status: 'delivered',
    }),
    reacted: (messageId: string, days: number, sender = '8:acs:grace'): TranscriptEntry => ({
      kind: 'reaction',
      ...happened('reaction', `${messageId}:${sender}`, days),
      messageId,
      sender: person(sender),
      emoji: '👍',
    }),
    kept: (messageId: string, days: number, attachment: string, blob: string): TranscriptEntry => ({
      kind: 'attachment',
      ...happened('attachment', attachment, days),
      messageId,
      attachment: { id: attachment, type: 'image/png', blob },
    }),
    analysed: (messageId: string, days: number): TranscriptEntry => ({
      kind: 'analysis',
      ...happened('analysis', messageId, days),
      messageId,
      analysis: { by: 'parley', keyPhrases: [`phrases of ${messageId}`] },
    }),
    joined: (id: string, days: number): TranscriptEntry => ({
      kind: 'participant',
      ...happened('participant', id, days),
      participant: person(id),
      change: 'added',
    }),
    topic: (topic: string, days: number): TranscriptEntry => ({
      kind: 'topic',
      ...happened('topic', 'topic', days),
      topic,
    }),
  };
}

function person(id: string) {
  return { id, name: id.slice(id.lastIndexOf(':') + 1) };
}
