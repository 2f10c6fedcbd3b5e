import { toStaff } from '../people/sent-by.ts';
import type {
  AnalysisEntry,
  Attachment,
  ContentEntry,
  Person,
  TranscriptEntry,
} from '../transcripts/entry.ts';
import { hashText } from '../transcripts/match-texts.ts';
import type { Matcher } from './matcher.ts';
import { erased } from './matching/words.ts';

/** Whom an entry is judged for, and where it stands. */
export interface About {
  identities: ReadonlySet<string>;
  /** Ids of their messages in its conversation. */
  messages: ReadonlySet<string>;
  matcher: Matcher;
  /** Whether they took part in its conversation. */
  isTheirs: boolean;
  /** Messages of its conversation that lose words, as far as known: readings of them go. */
  redactions?: Pick<Redactions, 'messages' | 'textHashes'>;
}

/** Messages of others that lose words. */
export interface Redactions {
  messages: ReadonlySet<string>;
  /** SHA-256 of what they said, for readings that do not name their message. */
  textHashes: ReadonlySet<string>;
  /** Takes what an entry became. */
  note(entry: TranscriptEntry, judged: TranscriptEntry | undefined): void;
}

export function createRedactions(): Redactions {
  const messages = new Set<string>();
  const textHashes = new Set<string>();
  return {
    messages,
    textHashes,
    note(entry, judged) {
      if (judged === undefined || judged === entry) return;
      if (entry.kind !== 'message' && entry.kind !== 'edit') return;
      messages.add(entry.messageId);
      textHashes.add(hashText(entry.text));
    },
  };
}

/**
 * What an entry becomes when somebody is erased: undefined where it is of them or about a message of theirs, the very same
 * where nothing in it tells of them, and otherwise one with the same id and version that loses what does. To judge what
 * came of that again changes nothing.
 */
export function judgeEntry(entry: TranscriptEntry, about: About): TranscriptEntry | undefined {
  if (isOf(entry, about)) return undefined;
  const { redact, redactName, isIn } = lookingFor(about);
  switch (entry.kind) {
    case 'message':
    case 'edit':
      return redactContent(entry, about);
    case 'participant':
      return change(entry, { participant: redactName(entry.participant) });
    case 'topic':
      return change(entry, { topic: redact(entry.topic) });
    case 'reaction':
      return change(entry, { sender: redactName(entry.sender), emoji: redact(entry.emoji) });
    case 'receipt':
      return change(entry, { reason: redact(entry.reason) });
    case 'attachment':
      return change(entry, { attachment: redactAttachment(entry.attachment, redact) });
    case 'analysis':
      return isReadingOf(entry, about.redactions) || isIn(JSON.stringify(entry.analysis)) ? undefined : entry;
    default:
      return entry;
  }
}

/** Whether an entry is theirs, or has no meaning without a message of theirs. */
function isOf(entry: TranscriptEntry, { identities, messages }: About): boolean {
  if ('messageId' in entry && entry.messageId !== undefined && messages.has(entry.messageId)) return true;
  switch (entry.kind) {
    case 'message':
    case 'edit':
      return [entry.sender.id, ...(entry.alsoKnownAs ?? [])].some((identity) => identities.has(identity));
    case 'participant':
      return identities.has(entry.participant.id);
    case 'reaction':
      return identities.has(entry.sender.id);
    case 'receipt':
      return entry.recipient !== undefined && identities.has(entry.recipient);
    case 'analysis':
      return entry.matches !== undefined && identities.has(entry.matches.sender);
    default:
      return false;
  }
}

/** What somebody read in words that go. */
function isReadingOf({ messageId, matches }: AnalysisEntry, redactions: About['redactions']): boolean {
  if (redactions === undefined) return false;
  const { messages, textHashes } = redactions;
  return (
    (messageId !== undefined && messages.has(messageId)) ||
    (matches !== undefined && textHashes.has(matches.textHash))
  );
}

function redactContent(entry: ContentEntry, about: About): ContentEntry {
  const { redact, redactName, isIn } = lookingFor(about);
  const { identities } = about;
  const { text, html, quoted, original, subject, sender, to, sentBy, replyTo, metadata, attachments } = entry;
  const newText = redact(text);
  const staff = sentBy === undefined ? undefined : toStaff(sentBy);
  const isTheirs = staff !== undefined && identities.has(staff.id);
  return change(entry, {
    text: newText,
    sender: redactName(sender),
    subject: redact(subject),
    // Of HTML the text says all that is left to say; a history is told by the messages before.
    html: html === undefined || newText !== text || isIn(html) ? undefined : html,
    quoted: quoted === undefined || isIn(quoted) ? undefined : quoted,
    original: original === undefined || isIn(JSON.stringify(original) ?? '') ? undefined : original,
    replyTo: replyTo === undefined || isIn(replyTo) ? undefined : replyTo,
    sentBy: isTheirs ? erased : redact(sentBy),
    metadata: metadata && redactMetadata(metadata, { redact, isIn }),
    to: to && changeAll(to, (person) => (identities.has(person.id) ? undefined : redactName(person))),
    attachments: attachments && changeAll(attachments, (each) => redactAttachment(each, redact)),
  });
}

function redactAttachment(attachment: Attachment, redact: Looking['redact']): Attachment {
  return change(attachment, { name: redact(attachment.name), problem: redact(attachment.problem) });
}

function redactMetadata(
  metadata: Record<string, string>,
  { redact, isIn }: Pick<Looking, 'redact' | 'isIn'>,
): Record<string, string> {
  const pairs = Object.entries(metadata);
  const left = pairs.flatMap(([name, value]) => (isIn(name) ? [] : [[name, redact(value)] as const]));
  const isSame =
    left.length === pairs.length && left.every(([, value], place) => value === pairs[place]?.[1]);
  return isSame ? metadata : Object.fromEntries(left);
}

type Looking = ReturnType<typeof lookingFor>;

function lookingFor({ matcher, isTheirs }: About) {
  function redact(text: string): string;
  function redact(text: string | undefined): string | undefined;
  function redact(text: string | undefined): string | undefined {
    return text === undefined ? undefined : matcher.redact(text, { isTheirs });
  }
  return {
    redact,
    isIn: (text: string): boolean => matcher.isIn(text, { isTheirs }),
    /** Another Joe keeps his name. */
    redactName(person: Person): Person {
      return change(person, { name: person.name && matcher.redact(person.name) });
    },
  };
}

/** The very same where nothing changes; members that are undefined are left out. */
function change<Value extends object>(value: Value, changes: Partial<Value>): Value {
  const given = Object.entries(changes);
  if (given.every(([name, next]) => Reflect.get(value, name) === next)) return value;
  const changed = { ...value, ...changes };
  for (const [name, next] of given) if (next === undefined) Reflect.deleteProperty(changed, name);
  return changed;
}

/** The very same where nothing changes. */
function changeAll<Value>(values: Value[], judge: (value: Value) => Value | undefined): Value[] {
  const left = values.map(judge);
  if (left.every((value, place) => value === values[place])) return values;
  return left.filter((value) => value !== undefined);
}
