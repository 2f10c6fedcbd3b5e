import type { ConversationKey, TranscriptEntry } from '../../src/shared/transcripts/entry.ts';

export const thread: ConversationKey = { channel: 'chat', id: '19:tombstones@thread.v2' };
export const ada = '8:acs:ada';
export const joe = '8:acs:joe';

/** Minutes after nine. */
export function at(minute: number): string {
  return new Date(Date.UTC(2026, 10, 23, 9, minute)).toISOString();
}

function happening(kind: string, thing: string, minute: number) {
  return {
    id: `${kind}:${thing}:${minute}`,
    conversation: thread.id,
    version: String(minute),
    at: at(minute),
  };
}

interface Content {
  minute: number;
  messageId?: string;
  alsoKnownAs?: string[];
  to?: string[];
  sentBy?: string;
}

export function message(sender: string, { minute, messageId = `${sender}-${minute}`, ...more }: Content) {
  const { alsoKnownAs, to, sentBy } = more;
  return {
    kind: 'message',
    ...happening('message', messageId, minute),
    messageId,
    sender: { id: sender },
    text: 'Good morning.',
    composedAt: at(minute),
    ...(alsoKnownAs ? { alsoKnownAs } : {}),
    ...(to ? { to: to.map((id) => ({ id })) } : {}),
    ...(sentBy ? { sentBy } : {}),
  } satisfies TranscriptEntry;
}

/** An edit at a minute of a message that was composed at another, where it tells that. */
export function edit(
  sender: string,
  minute: number,
  composed?: number,
  messageId = `${sender}-${composed ?? 0}`,
): TranscriptEntry {
  return {
    kind: 'edit',
    ...happening('edit', messageId, minute),
    messageId,
    sender: { id: sender },
    text: 'Good evening.',
    ...(composed === undefined ? {} : { composedAt: at(composed) }),
  };
}

/** One of each kind that names a person, and at which minute. */
export function doneBy(identity: string, minute: number): TranscriptEntry[] {
  return [
    message(identity, { minute }),
    message('whatsapp:US.9', { minute, alsoKnownAs: [identity] }),
    edit(identity, minute + 100, minute),
    {
      kind: 'participant',
      ...happening('participant', identity, minute),
      participant: { id: identity },
      change: 'added',
    },
    {
      kind: 'reaction',
      ...happening('reaction', identity, minute),
      messageId: 'm',
      sender: { id: identity },
      emoji: '👍',
    },
    {
      kind: 'receipt',
      ...happening('receipt', identity, minute),
      messageId: 'm',
      recipient: identity,
      status: 'read',
    },
    {
      kind: 'analysis',
      ...happening('analysis', identity, minute + 100),
      matches: { sender: identity, textHash: '00', length: 2, at: at(minute) },
      analysis: { by: 'provider' },
    },
  ];
}

/** One of each kind that belongs to a message. */
export function about(messageId: string, minute: number): TranscriptEntry[] {
  return [
    edit('8:acs:anybody', minute, undefined, messageId),
    { kind: 'delete', ...happening('delete', messageId, minute), messageId },
    { kind: 'receipt', ...happening('receipt', messageId, minute), messageId, status: 'delivered' },
    {
      kind: 'reaction',
      ...happening('reaction', messageId, minute),
      messageId,
      sender: { id: '8:acs:eve' },
      emoji: '👍',
    },
    {
      kind: 'attachment',
      ...happening('attachment', messageId, minute),
      messageId,
      attachment: { id: 'a', type: 'image/png' },
    },
    { kind: 'analysis', ...happening('analysis', messageId, minute), messageId, analysis: { by: 'parley' } },
  ];
}

export const topic = (minute: number): TranscriptEntry => ({
  kind: 'topic',
  ...happening('topic', 'topic', minute),
  topic: 'Breakfast',
});

/** Every kind of entry, at a minute; none names a person that another test buries. */
export function everyKind(minute: number): TranscriptEntry[] {
  return [
    ...doneBy('8:acs:grace', minute),
    ...about('m', minute),
    topic(minute),
    { kind: 'thread', ...happening('thread', 'created', minute), change: 'created' },
  ];
}
