import type { Period } from '../people/taking-part.ts';
import type { Conversation, Message } from '../transcripts/conversation.ts';
import type { Person } from '../transcripts/entry.ts';

/**
 * What somebody may see of a conversation: all of it, nothing, or what was said to everybody in their periods, and
 * messages that name one of their identities as sender or as one whom it is for.
 */
export type Sight = 'all' | 'nothing' | { periods: readonly Period[]; identities: readonly string[] };

/**
 * The conversation as somebody sees it: the same object where they see all of it, undefined where they see no message. Who
 * does not take part any more, and whoever reads mails, knows of others and of the topic what the seen messages tell.
 */
export function see(conversation: Conversation, sight: Sight): Conversation | undefined {
  if (sight === 'all') return conversation;
  if (sight === 'nothing') return undefined;
  const { deletedAt, topic, ...rest } = conversation;
  const messages = conversation.messages.filter((message) => isSeen(message, sight, deletedAt));
  if (messages.length === 0) return undefined;
  const seesAll = messages.length === conversation.messages.length;
  const isPresent = sight.periods.some(({ until }) => until === undefined);
  if (isPresent) return seesAll ? conversation : { ...conversation, messages };
  const participants = peopleIn(messages);
  const knowsAll = conversation.participants.every(({ id }) => participants.some((known) => known.id === id));
  // That of a mail thread is the subject of a mail.
  const isTopicKnown = topic === undefined || messages.some(({ subject }) => subject?.includes(topic));
  if (seesAll && knowsAll && isTopicKnown && deletedAt === undefined) return conversation;
  return { ...rest, ...(isTopicKnown && topic !== undefined ? { topic } : {}), participants, messages };
}

function isSeen(
  { at, editedAt, sender, to, marks }: Message,
  { periods, identities }: Exclude<Sight, string>,
  deletedAt: string | undefined,
): boolean {
  // Whom nobody vouches for is not who they say.
  const isSender = !marks?.includes('unverified-sender') && identities.includes(sender.id);
  if (isSender || to?.some(({ id }) => identities.includes(id))) return true;
  // What names whom it is for is for those alone.
  if (to !== undefined || (deletedAt !== undefined && at >= deletedAt)) return false;
  // Of a message that was changed only the last form is known: whoever saw the first may not see that.
  return [at, ...(editedAt === undefined ? [] : [editedAt])].every((time) =>
    periods.some(({ from, until }) => from <= time && (until === undefined || time < until)),
  );
}

/** With the last name that a message shows, in the order of ids. */
function peopleIn(messages: readonly Message[]): Person[] {
  const people = new Map<string, Person>();
  for (const { sender, to = [] } of messages) {
    for (const { id, name = people.get(id)?.name } of [sender, ...to]) {
      people.set(id, name === undefined ? { id } : { id, name });
    }
  }
  return [...people.values()].sort((a, b) => (a.id < b.id ? -1 : 1));
}
