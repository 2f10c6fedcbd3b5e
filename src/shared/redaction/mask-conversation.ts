import type { Conversation, Message } from '../transcripts/conversation.ts';
import type { Analysis, Attachment, Person } from '../transcripts/entry.ts';
import { findSpans, maskSecrets } from './mask-secrets.ts';

/**
 * A conversation without the numbers and secrets that `maskSecrets` finds, in texts and in whatever else people wrote; itself
 * where it has none. Numbers that somebody wrote over several messages in a row are found, too.
 */
export function maskConversation(conversation: Conversation): Conversation {
  const topic = maskText(conversation.topic);
  const participants = mapChanged(conversation.participants, maskPerson);
  const messages = mapChanged(joinSplitNumbers(conversation.messages), maskMessage);
  const isSame =
    topic === conversation.topic &&
    participants === conversation.participants &&
    messages === conversation.messages;
  return isSame
    ? conversation
    : { ...conversation, ...(topic === undefined ? {} : { topic }), participants, messages };
}

function maskMessage(message: Message): Message {
  const masked: Partial<Message> = {
    text: maskSecrets(message.text),
    subject: maskText(message.subject),
    quoted: maskText(message.quoted),
    html: maskText(message.html),
    sentBy: maskText(message.sentBy),
    sender: maskPerson(message.sender),
    to: message.to && mapChanged(message.to, maskPerson),
    attachments: message.attachments && mapChanged(message.attachments, maskAttachment),
    analysis: message.analysis && maskAnalysis(message.analysis),
  };
  const changed = keepChanged(message, masked);
  // Tags could stand within a number: an original says no more than its text.
  return changed === message || changed.text === message.text ? changed : { ...changed, html: undefined };
}

const maskPerson = (person: Person): Person => keepChanged(person, { name: maskText(person.name) });

const maskAttachment = (attachment: Attachment): Attachment =>
  keepChanged(attachment, { name: maskText(attachment.name), problem: maskText(attachment.problem) });

const maskAnalysis = (analysis: Analysis): Analysis =>
  keepChanged(analysis, {
    intent: maskText(analysis.intent),
    translation: maskText(analysis.translation),
    keyPhrases: analysis.keyPhrases && mapChanged(analysis.keyPhrases, maskSecrets),
  });

const maskText = (text: string | undefined): string | undefined =>
  text === undefined ? undefined : maskSecrets(text);

/** The same object unless a member is another one. */
function keepChanged<Value extends object>(value: Value, members: Partial<Value>): Value {
  const changed = Object.entries(members).filter(([name, member]) => Reflect.get(value, name) !== member);
  return changed.length === 0 ? value : { ...value, ...Object.fromEntries(changed) };
}

function mapChanged<Value>(values: Value[], change: (value: Value) => Value): Value[] {
  let isChanged = false;
  const mapped = values.map((value) => {
    const changed = change(value);
    isChanged ||= changed !== value;
    return changed;
  });
  return isChanged ? mapped : values;
}

/** Messages of one sender, where each ends and the next begins with digits. */
function joinSplitNumbers(messages: Message[]): Message[] {
  const texts = new Map<number, string>();
  for (let first = 0; first + 1 < messages.length; first += 1) {
    let last = first;
    while (goesOn(messages[last], messages[last + 1])) last += 1;
    if (last > first) maskTogether(messages, first, last, texts);
    first = last;
  }
  return texts.size === 0
    ? messages
    : messages.map((message, place) => {
        const text = texts.get(place);
        return text === undefined ? message : { ...message, text, html: undefined };
      });
}

function goesOn(one: Message | undefined, next: Message | undefined): boolean {
  return (
    one !== undefined &&
    next !== undefined &&
    one.sender.id === next.sender.id &&
    /[\p{Nd}\p{No}][^\p{L}\p{N}]{0,6}$/u.test(one.text.slice(-12)) &&
    /^[^\p{L}\p{N}]{0,6}[\p{L}\p{Nd}\p{No}]/u.test(next.text)
  );
}

/** What is found only in all of them together goes from each of them. */
function maskTogether(
  messages: readonly Message[],
  first: number,
  last: number,
  texts: Map<number, string>,
): void {
  const parts = messages.slice(first, last + 1).map(({ text }) => text);
  const spans = findSpans(parts.join('\n'));
  let offset = 0;
  for (const [place, part] of parts.entries()) {
    const until = offset + part.length;
    let done = offset;
    let masked = '';
    for (const { start, end, shown } of spans) {
      const isWithin = start < until && end > offset;
      const isSplit = start < offset || end > until;
      if (!isWithin || !isSplit) continue;
      masked += part.slice(done - offset, Math.max(start, offset) - offset) + (end <= until ? shown : '••••');
      done = Math.min(end, until);
    }
    if (done > offset) texts.set(first + place, masked + part.slice(done - offset));
    offset = until + 1;
  }
}
