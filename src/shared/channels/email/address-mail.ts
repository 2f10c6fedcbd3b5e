import { ParleyError } from '../../errors.ts';
import type { Conversation, Message } from '../../transcripts/conversation.ts';
import type { Envelope, Opening, Outgoing } from '../sender.ts';
import { mailIdentity, oneLine } from './mail-address.ts';

const mostRecipients = 50;
const longestSubject = 900;
const mostReferences = 20;

/** A mail that begins a conversation. Throws `bad_request`, `not_configured`. */
export function addressNew(outgoing: Outgoing, opening: Opening, usual: string | undefined): Envelope {
  if (outgoing.replyTo !== undefined) {
    throw new ParleyError('bad_request', 'What begins a conversation answers nothing: leave replyTo out.');
  }
  const from = opening.from ?? usual;
  if (!from) throw new ParleyError('not_configured', 'Name a sender address as `from`, or set EMAIL_FROM.');
  const to = opening.to.map((text) => text.replace(/^mailto:/, ''));
  if (![from, ...to].every(isAddress)) {
    throw new ParleyError('bad_request', '`to` and `from` must be mail addresses, such as joe@example.com.');
  }
  if (to.length > mostRecipients) {
    throw new ParleyError(
      'bad_request',
      `A mail has at most ${mostRecipients} recipients; this one has ${to.length}.`,
    );
  }
  const subject = toSubject(subjectOf(outgoing) ?? opening.topic ?? '');
  if (!subject)
    throw new ParleyError('bad_request', 'A new mail needs a subject: give subject, or topic with text.');
  return { from, to, subject, headers: {} };
}

/**
 * An answer within a conversation: to whoever wrote the message that `replyTo` names; without it to whoever wrote last of
 * those who take part and for whom the mail gateway vouches, or else wrote first of them, so that a stranger who knows
 * the thread does not get its answers; or once more to those whom we wrote. Throws `bad_request`, `not_configured`.
 */
export function addressReply(
  { replyTo, ...outgoing }: Outgoing,
  conversation: Conversation,
  usual: string | undefined,
): Envelope {
  const { messages } = conversation;
  const ours = messages.findLast(({ sentBy }) => sentBy !== undefined);
  const from = usual ?? (ours && addressOf(ours.sender.id));
  if (!from) throw new ParleyError('not_configured', 'Set EMAIL_FROM to the address to answer from.');
  const self = mailIdentity(from);
  const theirs = messages.filter((message) => message.sentBy === undefined && message.sender.id !== self);
  const answered =
    replyTo === undefined ? usuallyAnswered(theirs, conversation) : messages.find(({ id }) => id === replyTo);
  if (replyTo !== undefined && !answered) {
    throw new ParleyError('bad_request', 'replyTo must be the id of a message in this conversation.');
  }
  const isOurs = !answered || answered.sentBy !== undefined || answered.sender.id === self;
  const people = isOurs ? ((answered ?? ours)?.to ?? []) : [answered.sender];
  const to = people.map(({ id }) => addressOf(id)).filter((address) => address !== undefined);
  if (to.length === 0 || to.length > mostRecipients) {
    throw new ParleyError('bad_request', 'Nobody in this conversation can be answered: begin another one.');
  }
  const subject = toSubject(subjectOf(outgoing) ?? replySubject(answered ?? ours ?? messages[0]));
  return { from, to, subject, headers: isOurs ? {} : threadHeaders(theirs, answered) };
}

/** What whoever takes part wrote last; where nobody of these is vouched for, what one of them wrote first. */
function usuallyAnswered(theirs: readonly Message[], conversation: Conversation): Message | undefined {
  const insiders = takingPart(conversation);
  const people = theirs.filter(
    ({ sender, marks = [] }) =>
      insiders.has(sender.id) && !marks.includes('auto-reply') && !marks.includes('bounce'),
  );
  return people.findLast(isVouchedFor) ?? people[0];
}

/** Who began the conversation, and whom we, or others who take part and are vouched for, wrote to. */
function takingPart({ id, messages }: Conversation): Set<string> {
  const first = messages.find((message) => message.id === id) ?? messages.find(isVouchedFor) ?? messages[0];
  const people = new Set(first ? [first.sender.id] : []);
  for (const message of messages) {
    const isBelieved =
      message.sentBy !== undefined || (isVouchedFor(message) && people.has(message.sender.id));
    for (const person of isBelieved ? (message.to ?? []) : []) people.add(person.id);
  }
  return people;
}

function isVouchedFor({ marks = [] }: Message): boolean {
  return !marks.includes('unverified-sender');
}

/** By these a mail program of theirs puts the answer where it belongs (RFC 5322, section 3.6.4). */
function threadHeaders(theirs: readonly Message[], answered: Message): Record<string, string> {
  const ids = theirs.map(({ id }) => id).filter((id) => isMessageId(id) && id !== answered.id);
  if (!isMessageId(answered.id)) return {};
  const references = [...ids.slice(-mostReferences), answered.id].map((id) => `<${id}>`);
  return { 'In-Reply-To': `<${answered.id}>`, References: references.join(' ') };
}

function subjectOf({ content }: Pick<Outgoing, 'content'>): string | undefined {
  return 'subject' in content ? content.subject : undefined;
}

function replySubject(message: Message | undefined): string {
  const subject = message?.subject ?? '';
  return /^\s*(re|aw|sv|antw)\s*:/i.test(subject) ? subject : `Re: ${subject}`;
}

function toSubject(text: string): string {
  return oneLine(text).slice(0, longestSubject).toWellFormed();
}

function addressOf(identity: string): string | undefined {
  const address = identity.replace(/^mailto:/, '');
  return address !== identity && isAddress(address) ? address : undefined;
}

function isAddress(text: string): boolean {
  return text.length <= 320 && /^[^\s@<>,;:"()[\]\\]+@[^\s@<>,;:"()[\]\\]+$/.test(text);
}

function isMessageId(id: string): boolean {
  return id.length <= 250 && /^[!-;=?-~]+@[!-;=?-~]+$/.test(id);
}
