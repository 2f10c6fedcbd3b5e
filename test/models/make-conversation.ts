import type { Conversation } from '../../src/shared/transcripts/conversation.ts';

/** A conversation from lines such as `Anna: Hello`, with message ids `m1`, `m2`, … and participant ids `id-Anna`. */
export function makeConversation(...lines: string[]): Conversation {
  return {
    channel: 'chat',
    id: '19:sample@thread.v2',
    participants: [],
    messages: lines.map((line, index) => {
      const [, name = '', text = ''] = /^(\w+): ?([\s\S]*)$/u.exec(line) ?? [];
      return {
        id: `m${index + 1}`,
        at: new Date(Date.UTC(2025, 0, 1, 9, 0, index)).toISOString(),
        sender: { id: `id-${name}`, name },
        text,
      };
    }),
  };
}
