import { maskSecrets } from '../redaction/mask-secrets.ts';
import type { Conversation, Message } from '../transcripts/conversation.ts';
import { hostOf, readLinks } from './read-links.ts';
import { partsOf, readNumbers } from './read-numbers.ts';
import { readWords, stemOf } from './read-words.ts';

/** Where each thing stands: places of messages, ascending; `everywhere` for names and topics, which hold for all of them. */
export type Places = ReadonlyMap<string, readonly number[]>;

export const everywhere = -1;
/** Known, but no ground for anything: a name or a topic so long that it is a message, which nobody can cite. */
const nowhere = -1_000;
const longestName = 40;
const longestTopic = 60;

export interface WordIndex {
  words: Places;
  stems: Places;
  numbers: Places;
  links: Places;
  /** Words of the names of people: they say nothing of what a conversation is about. */
  names: ReadonlySet<string>;
  /** The days on which messages were sent, UTC, `2026-03-05`, each once. */
  days: readonly string[];
}

export function indexConversation({ topic, participants, messages }: Conversation): WordIndex {
  const words = new Map<string, number[]>();
  const numbers = new Map<string, number[]>();
  const links = new Map<string, number[]>();
  const stems = new Map<string, number[]>();
  const namesOfPeople = new Set<string>();
  const days = new Set<string>();
  const add = (text: string, place: number, placeOfNumbers = place): void => {
    const masked = maskSecrets(text);
    for (const { word } of readWords(masked)) {
      note(words, word, place);
      note(stems, stemOf(word), place);
    }
    for (const { forms, figure } of readNumbers(masked)) {
      for (const form of forms) note(numbers, form, placeOfNumbers);
      if (figure !== undefined && forms[0] !== figure)
        for (const part of partsOf(figure)) note(numbers, part, placeOfNumbers);
    }
    for (const { link } of readLinks(masked)) {
      note(links, link, place);
      note(links, hostOf(link), place);
    }
  };
  const names = new Set<string>();
  const addName = (name: string, longest: number): void => {
    if (names.has(name)) return;
    names.add(name);
    const isCode = /^[+\d\s().-]+$|@/.test(name);
    // A name may be a number; a number in a name is what somebody says.
    const isGround = longest === longestTopic || isCode;
    const place = name.length <= longest ? everywhere : nowhere;
    add(name, place, isGround ? place : nowhere);
    if (longest === longestName) for (const { word } of readWords(name)) namesOfPeople.add(word);
  };
  addName(topic ?? '', longestTopic);
  for (const { id, name } of participants) addName(name ?? addressIn(id), longestName);
  for (const [place, message] of messages.entries()) {
    addName(message.sender.name ?? addressIn(message.sender.id), longestName);
    for (const text of textsOf(message)) add(text, place);
    days.add(message.at.slice(0, 10));
  }
  return { words, stems, numbers, links, names: namesOfPeople, days: [...days] };
}

/** Every word of some conversations. */
export function wordsOf(conversations: readonly Conversation[]): Set<string> {
  const words = new Set<string>();
  for (const { topic = '', participants, messages } of conversations) {
    const texts = [topic, ...participants.map(({ name = '' }) => name), ...messages.flatMap(textsOf)];
    const names = messages.map(({ sender }) => sender.name ?? '');
    for (const text of [...texts, ...new Set(names)]) for (const { word } of readWords(text)) words.add(word);
  }
  return words;
}

function textsOf({ text, subject, attachments = [], to = [] }: Message): string[] {
  return [
    text,
    ...(subject === undefined ? [] : [subject]),
    ...attachments.flatMap(({ name }) => name ?? []),
    ...to.flatMap(({ name }) => name ?? []),
  ];
}

const addressIn = (id: string): string => /^(?:4:|mailto:|whatsapp:)(.+)$/.exec(id)?.[1] ?? '';

function note(places: Map<string, number[]>, key: string, place: number): void {
  const known = places.get(key);
  if (!known) places.set(key, [place]);
  else if (known.at(-1) !== place) known.push(place);
}
