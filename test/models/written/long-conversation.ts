import type { Conversation } from '../../../src/shared/transcripts/conversation.ts';

const people = ['Ada', 'Grace', 'Joe'];
const things = ['printer', 'invoice', 'parcel', 'contract', 'heating', 'ticket', 'server', 'garden'];
const start = Date.UTC(2026, 0, 5, 9);

/** Three people over many days, so many messages on each. */
export const longConversation = (
  count: number,
  { messagesPerDay = 80, id = '19:long@thread.v2' } = {},
): Conversation => ({
  channel: 'chat',
  id,
  participants: [],
  messages: Array.from({ length: count }, (_, index) => {
    const name = people[index % people.length] ?? '';
    const day = Math.floor(index / messagesPerDay);
    return {
      id: `m${index + 1}`,
      at: new Date(start + day * 86_400_000 + (index % messagesPerDay) * 60_000).toISOString(),
      sender: { id: `id-${name}`, name },
      text: `The ${things[index % things.length]} needs a look, it is ticket ${index + 1}.`,
    };
  }),
});
