import type { Attachment, ContentEntry, Mark, TranscriptEntry } from '../../transcripts/entry.ts';
import { mailPerson, oneLine } from './mail-address.ts';
import type { Mail } from './parse-mail.ts';
import { bareSubject } from './quote-markers.ts';
import type { SplitText } from './split-quoted.ts';

/** What of a text or of HTML stands in the transcript; above it, the whole is kept as an attachment. */
export const longestText = 200_000;
const longestSubject = 998;

/** Above the milliseconds of any time. */
const latest = 10 ** 15;

interface TopicSource {
  conversation: string;
  /** ISO 8601 UTC. */
  at: string;
  /** Whether somebody vouches for the sender. */
  isVerified: boolean;
  /** Whether this mail began the thread. */
  isFirst: boolean;
}

interface Received {
  conversation: string;
  messageId: string;
  mail: Mail;
  split: SplitText;
  attachments: Attachment[];
  marks: Mark[];
  /** ISO 8601 UTC. */
  at: string;
}

/** The transcript entries of a mail: the message, and the topic that its subject gives the thread. */
export function toEntries(received: Received): TranscriptEntry[] {
  const { conversation, messageId, mail, at, marks } = received;
  const rank = {
    isVerified: !marks.includes('unverified-sender'),
    isFirst: messageId === conversation,
  };
  return [toMessage(received), ...topicEntries(mail.subject, { conversation, at, ...rank })];
}

function toMessage({ conversation, messageId, mail, split, attachments, marks, at }: Received): ContentEntry {
  const version = String(Date.parse(at));
  const [replyTo] = mail.inReplyTo;
  const subject = oneLine(mail.subject).slice(0, longestSubject).toWellFormed();
  return {
    kind: 'message',
    id: `message:${messageId}:${version}`,
    conversation,
    version,
    at,
    messageId,
    sender: mailPerson(mail.from[0]),
    text: shorten(split.text),
    composedAt: at,
    ...(mail.html !== undefined && mail.html.length <= longestText ? { html: mail.html } : {}),
    ...(replyTo === undefined ? {} : { replyTo }),
    ...(subject === '' ? {} : { subject }),
    to: mail.to.map(mailPerson),
    ...(attachments.length === 0 ? {} : { attachments }),
    ...(split.quoted === undefined ? {} : { quoted: shorten(split.quoted) }),
    ...(marks.length === 0 ? {} : { marks }),
  };
}

/**
 * The topic that a mail gives its thread. Of all of them that of the mail that began the thread counts, else that of the
 * earliest; mails that somebody vouched for come before all others. Versions fall with the time, so that any order gives
 * the same.
 */
export function topicEntries(
  subject: string,
  { conversation, at, isVerified, isFirst }: TopicSource,
): TranscriptEntry[] {
  const topic = bareSubject(oneLine(subject)).slice(0, longestSubject).toWellFormed();
  if (topic === '') return [];
  const rank = (isVerified ? 2 : 0) + (isFirst ? 1 : 0);
  const version = String((rank + 1) * latest - Math.max(0, Date.parse(at)));
  return [{ kind: 'topic', id: `topic:topic:${version}`, conversation, version, at, topic }];
}

function shorten(text: string): string {
  if (text.length <= longestText) return text;
  return `${text.slice(0, longestText).toWellFormed()}\n[The rest is in the attachment body.txt.]`;
}
