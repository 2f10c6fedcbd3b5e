import { cutText } from '../analysis/fold-text.ts';
import type { SummaryContent } from '../models/summary-content.ts';
import { queryWords, searchWords } from '../search/search-words.ts';
import type { Conversation, Message } from '../transcripts/conversation.ts';
import { nameOf } from '../transcripts/render.ts';
import type { Piece } from './piece.ts';

const mostPeople = 12;
/** UTF-16 units of one message that are kept. */
const mostText = 1_500;
/** Messages about the topic, the best first, and those that are read around each. */
const mostOnTopic = 6;
const around = 1;

/**
 * What a conversation, of which nothing is shown that may not be seen, gives to an answer. Reads twice: for messages that are
 * about the topic, and around those for what they answer.
 */
export function makePiece(
  conversation: Conversation,
  content: SummaryContent,
  { topic, mine = [] }: { topic?: string; mine?: readonly string[] } = {},
): Piece | undefined {
  const { channel, id, messages } = conversation;
  const [first] = messages;
  if (!first) return undefined;
  const names = new Map(conversation.participants.map((person) => [person.id, nameOf(person)]));
  for (const { sender } of messages) if (!names.has(sender.id)) names.set(sender.id, nameOf(sender));
  const places = new Map(messages.map((message, place) => [message.id, place]));
  const nameFor = (person: string): string => names.get(person) ?? nameOf({ id: person });
  const onTopic = new Set(topic === undefined ? [] : findOnTopic(messages, topic));
  const cited = [
    ...content.summary.flatMap(({ cites }) => cites),
    ...content.openQuestions.map(({ messageId }) => messageId),
    ...content.actionItems.map(({ messageId }) => messageId),
  ].flatMap((messageId) => places.get(messageId) ?? []);
  const kept = [
    ...new Set([...cited, ...[...onTopic].flatMap((place) => neighbours(place, messages.length))]),
  ];
  const me = [...conversation.participants, ...messages.map(({ sender }) => sender)].find(
    (person) => person.name !== undefined && mine.includes(person.id),
  );
  const isThere = (messageId: string): boolean => places.has(messageId);
  return {
    channel,
    id,
    headline: content.headline,
    ...(conversation.topic === undefined ? {} : { topic: cutText(conversation.topic, 200) }),
    from: first.at,
    to: messages.at(-1)?.at ?? first.at,
    count: messages.length,
    ...(me ? { me: nameOf(me) } : {}),
    people: [...names.values()].slice(0, mostPeople),
    sentences: content.summary.flatMap(({ text, cites }) => {
      const proven = cites.filter(isThere);
      return proven.length === 0 ? [] : [{ text, cites: proven }];
    }),
    openQuestions: content.openQuestions
      .filter(({ messageId }) => isThere(messageId))
      .map(({ text, by, messageId }) => ({ text, by: nameFor(by), messageId })),
    actionItems: content.actionItems
      .filter(({ messageId }) => isThere(messageId))
      .map(({ text, owner, due, status, messageId }) => ({
        ...{ text, status, messageId },
        ...(owner === undefined ? {} : { owner: nameFor(owner) }),
        ...(due === undefined ? {} : { due }),
      })),
    messages: kept
      .sort((a, b) => a - b)
      .flatMap((place) => {
        const message = messages[place];
        return message ? [toKept(message, nameFor(message.sender.id), onTopic.has(place))] : [];
      }),
  };
}

function toKept(message: Message, name: string, isOnTopic: boolean): Piece['messages'][number] {
  return { id: message.id, at: message.at, name, text: cutText(textOf(message), mostText), isOnTopic };
}

function textOf({ subject, text }: Message): string {
  return subject === undefined ? text : `${subject}: ${text}`;
}

function neighbours(place: number, count: number): number[] {
  const near: number[] = [];
  for (let one = Math.max(0, place - around); one <= Math.min(count - 1, place + around); one += 1)
    near.push(one);
  return near;
}

/** The places of the messages that have most of the words looked for; of equals the newest. */
function findOnTopic(messages: readonly Message[], topic: string): number[] {
  const sought = queryWords(topic);
  const found = messages.flatMap((message, place) => {
    const words = new Set(searchWords(textOf(message)));
    const hits = sought.filter((word) => hasWord(words, word)).length;
    return hits === 0 ? [] : [{ place, hits }];
  });
  const best = found.reduce((most, { hits }) => Math.max(most, hits), 0);
  return found
    .filter(({ hits }) => hits >= Math.ceil(best / 2))
    .sort((a, b) => b.hits - a.hits || b.place - a.place)
    .slice(0, mostOnTopic)
    .map(({ place }) => place);
}

/** As it stands, or as the beginning of one, such as refund in refunded. */
function hasWord(words: ReadonlySet<string>, sought: string): boolean {
  if (words.has(sought)) return true;
  return sought.length >= 4 && [...words].some((word) => word.startsWith(sought));
}
