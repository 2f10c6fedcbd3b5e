import type { Conversation, Message } from '../../transcripts/conversation.ts';
import { type Disguise, disguiseLine } from './disguise.ts';
import { type People, writeName } from './number-people.ts';

/** A row of messages by their places, `to` not included. */
export interface Stretch {
  from: number;
  to: number;
}

/** What lines are made from. */
export interface Lines {
  conversation: Conversation;
  people: People;
  timeZone: string;
  /** The first message has this number; its place in the conversation and one more, unless several share a call. */
  firstNumber: number;
  /** The most UTF-16 units that are read of a message. */
  lengthOf(place: number): number;
  shorten(place: number, length: number): void;
}

const subjectLength = 120;
const fileLength = 60;
const mostFiles = 3;

/** `12 Anna: Hello`, one line for each message, below a header for each day. */
export function writeLines({ from, to }: Stretch, lines: Lines, disguise: Disguise): string[] {
  const written: string[] = [];
  for (let place = from; place < to; place += 1) {
    if (place === from || startsDay(place, lines)) written.push(dayOf(place, lines));
    written.push(writeLine(place, lines, disguise));
  }
  return written;
}

/** One message, without the header of its day. */
export function writeLine(
  place: number,
  { conversation: { messages }, people, firstNumber, lengthOf }: Lines,
  disguise: Disguise,
): string {
  const message = messages[place];
  if (!message) throw new Error('there is no message at this place');
  const said = [
    ...subjectOf(message, messages[place - 1], disguise),
    disguiseLine(message.text, disguise, lengthOf(place)),
    ...filesOf(message, disguise),
  ];
  const text = said.filter((part) => part !== '').join(' ');
  return `${firstNumber + place} ${writeName(message.sender.id, people, disguise)}: ${text}`;
}

/** Mails of a thread have the same subject again and again. */
function subjectOf({ subject }: Message, before: Message | undefined, disguise: Disguise): string[] {
  const plain = (text = ''): string => text.replace(/^(?:\s*[\p{L}]{1,4}\s*:)+/u, '').trim();
  if (!subject || plain(subject) === plain(before?.subject)) return [];
  return [`[subject: ${disguiseLine(subject, disguise, subjectLength)}]`];
}

function filesOf({ attachments = [] }: Message, disguise: Disguise): string[] {
  const named = attachments
    .slice(0, mostFiles)
    .map(({ name, type }) => `[file: ${disguiseLine(name ?? type, disguise, fileLength)}]`);
  const more = attachments.length - named.length;
  return more > 0 ? [...named, `[${more} more files]`] : named;
}

/** Whether a message is the first of its day, in the time zone. */
export const startsDay = (place: number, lines: Lines): boolean =>
  place === 0 || dayOf(place, lines) !== dayOf(place - 1, lines);

function dayOf(place: number, { conversation, timeZone }: Lines): string {
  return `# ${formatDay(conversation.messages[place]?.at ?? '', timeZone)}`;
}

const formats = new Map<string, Intl.DateTimeFormat>();

/** `Mon 2026-03-02`. */
export function formatDay(at: string, timeZone: string): string {
  let format = formats.get(timeZone);
  if (!format) {
    format = new Intl.DateTimeFormat('en-US', {
      timeZone,
      weekday: 'short',
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
    });
    formats.set(timeZone, format);
  }
  const parts = format.formatToParts(new Date(at));
  const of = (type: string): string => parts.find((part) => part.type === type)?.value ?? '';
  return `${of('weekday')} ${of('year')}-${of('month')}-${of('day')}`;
}
