import { queryWords, searchWords } from '../search/search-words.ts';
import type { Cite, LeftOut, Output, Sentence, ToldConversation } from './answer.ts';
import type { Piece } from './piece.ts';
import type { Question } from './question.ts';

/** A sentence that a model wrote, with the messages it rests on. */
export interface OverviewSentence {
  text: string;
  cites: Cite[];
}

interface Told {
  /** Chosen, the best first. */
  pieces: readonly Piece[];
  overview: readonly OverviewSentence[];
  question: Question;
  leftOut: readonly LeftOut[];
}

/** Of more conversations than this only the headlines are told. */
export const mostInDetail = 100;
const mostSentences = 8;
const mostQuotes = 3;

/** Puts an answer together, by channel and time, and numbers the messages that it cites in the order of the answer. */
export function composeAnswer({
  pieces,
  overview,
  question,
  leftOut,
}: Told): Omit<Output, 'text' | 'markdown'> {
  const cites: Cite[] = [];
  const numbers = new Map<string, number>();
  const numberOf = (cited: Cite): number => {
    const key = JSON.stringify([cited.channel, cited.conversation, cited.messageId]);
    const known = numbers.get(key) ?? cites.push(cited);
    numbers.set(key, known);
    return known;
  };
  const first = overview.map(
    (said): Sentence => ({ text: said.text, cites: [...new Set(said.cites.map(numberOf))] }),
  );
  const detailed = new Set(pieces.slice(0, mostInDetail));
  const ordered = pieces.toSorted(byChannelAndTime);
  return {
    status: 'answered',
    overview: first,
    conversations: ordered.map((piece) => toTold(piece, question.topic, detailed.has(piece), numberOf)),
    cites,
    leftOut: [...leftOut],
    choices: [],
    understood: question,
  };
}

function byChannelAndTime(a: Piece, b: Piece): number {
  if (a.channel !== b.channel) return a.channel < b.channel ? -1 : 1;
  return a.to > b.to ? -1 : 1;
}

function toTold(
  piece: Piece,
  topic: string | undefined,
  isDetailed: boolean,
  numberOf: (cited: Cite) => number,
): ToldConversation {
  const { channel, id, headline, from, to, count } = piece;
  const bare = { channel, id, headline, from, to, messages: count };
  if (!isDetailed) return { ...bare, sentences: [], openQuestions: [], actionItems: [] };
  const times = new Map(piece.messages.map((message) => [message.id, message.at]));
  const cite = (messageId: string): number =>
    numberOf({ channel, conversation: id, messageId, at: times.get(messageId) ?? to });
  const isKept = createFilter(piece, topic);
  const sentences = piece.sentences
    .filter(({ text, cites }) => isKept(text, cites))
    .slice(0, mostSentences)
    .map(({ text, cites }) => ({ text, cites: cites.map(cite) }));
  const told = new Set(
    piece.sentences.filter(({ text, cites }) => isKept(text, cites)).flatMap(({ cites }) => cites),
  );
  const quotes = piece.messages
    .filter((message) => message.isOnTopic && !told.has(message.id))
    .slice(0, mostQuotes)
    .map(({ id: messageId, name, text }) => ({
      text: `${name}: "${shorten(text)}"`,
      cites: [cite(messageId)],
    }));
  return {
    ...bare,
    sentences: [...sentences, ...quotes],
    openQuestions: piece.openQuestions
      .filter(({ text, messageId }) => isKept(text, [messageId]))
      .map(({ text, by, messageId }) => ({ text, by, cite: cite(messageId) })),
    actionItems: piece.actionItems
      .filter(({ text, messageId }) => isKept(text, [messageId]))
      .map(({ messageId, ...item }) => ({ ...item, cite: cite(messageId) })),
  };
}

/** What has a word of the topic, and what rests on a message that has or stands beside one. */
function createFilter(piece: Piece, topic: string | undefined) {
  if (topic === undefined) return () => true;
  const sought = queryWords(topic);
  const near = new Set<string>();
  for (const [place, { isOnTopic }] of piece.messages.entries()) {
    if (!isOnTopic) continue;
    for (const one of [place - 1, place, place + 1]) near.add(piece.messages[one]?.id ?? '');
  }
  return (text: string, cites: readonly string[]): boolean => {
    if (near.size === 0 || cites.some((id) => near.has(id))) return true;
    const words = searchWords(text);
    return sought.some((word) => words.some((other) => other.startsWith(word)));
  };
}

function shorten(text: string): string {
  const line = text.replaceAll(/\s+/g, ' ').trim();
  return line.length <= 300 ? line : `${line.slice(0, 299).trimEnd().toWellFormed()}…`;
}
