import { bothEnds } from '../channels/both-ends.ts';
import type { Matcher } from '../erasers/matcher.ts';
import { type About, createRedactions, judgeEntry, type Redactions } from '../erasers/redact-entry.ts';
import { parseJson } from '../json.ts';
import type { Container } from '../storage/container.ts';
import { conversationPath } from '../transcripts/conversation-path.ts';
import {
  type Attachment,
  type ConversationKey,
  type TranscriptEntry,
  transcriptEntry,
} from '../transcripts/entry.ts';
import { readTranscriptLines } from '../transcripts/read-lines.ts';
import { identitiesIn, staffIn } from './identities-in.ts';

/** Whoever is being erased, in the eyes of one call of a step. */
export interface Erased {
  identities: ReadonlySet<string>;
  matcher: Matcher;
  /** Paths of conversations that they took part in, as far as known. */
  conversations: ReadonlySet<string>;
}

/** What a transcript has to do with somebody. */
export interface Look {
  /** Whether they took part in it: wrote, were added or addressed. */
  isTheirs: boolean;
  /** Everybody else in it, whether or not anybody vouches for them. */
  others: Set<string>;
  /** Those of them in whose name we sent. */
  ours: Set<string>;
  /** Ids of their messages. */
  messages: Set<string>;
  /** Ids of entries that change, and of those that go although nothing else buries them. */
  toBury: Set<string>;
  /** What others said in them before. */
  redactions: Redactions;
  /** Whether any entry goes or changes. */
  isAffected: boolean;
  /** What they attached, and what others did. */
  attachments: { theirs: Attachment[]; others: Attachment[] };
}

interface Options {
  segments?: readonly string[];
  signal: AbortSignal;
}

/** Reads a transcript for what is to go of it, and changes nothing. Memory does not grow with what stays as it is. */
export async function lookThrough(
  key: ConversationKey,
  erased: Erased,
  transcriptBlobs: Container,
  options: Options,
): Promise<Look> {
  const path = conversationPath(key);
  const { identities } = erased;
  const look = async (isTheirs: boolean, redactions = createRedactions()): Promise<Look> => {
    const seen = newLook(isTheirs, isNamedAfter(key, identities), redactions);
    const { messages } = seen;
    const known = redactions.messages.size;
    const about = { ...erased, messages, redactions, isTheirs: seen.isTheirs };
    for await (const bytes of readTranscriptLines(transcriptBlobs, path, options)) {
      const line = bytes.toString('utf8');
      const entry = transcriptEntry.safeParse(parseJson(line)).data;
      if (entry) add(seen, entry, judgeEntry(entry, about), identities);
      else if (isTracedLine(line, about)) seen.isAffected = true;
    }
    // What was read before their first entry was held against less than it should have been.
    if (seen.isTheirs && !about.isTheirs) return look(true);
    // And what somebody read in words that go may stand before them.
    return redactions.messages.size > known ? look(seen.isTheirs, redactions) : seen;
  };
  return look(erased.conversations.has(path));
}

/** Whether a line that this version cannot read has to go. */
export function isTracedLine(
  line: string,
  { matcher, isTheirs }: Pick<About, 'matcher' | 'isTheirs'>,
): boolean {
  return matcher.isIn(line, { isTheirs });
}

function add(
  look: Look,
  entry: TranscriptEntry,
  judged: TranscriptEntry | undefined,
  identities: ReadonlySet<string>,
): void {
  const named = peopleOf(entry);
  const isAboutThem = [...named, ...staffIn(entry)].some((identity) => identities.has(identity));
  if (isAboutThem) look.isTheirs = true;
  for (const identity of named) if (!identities.has(identity)) look.others.add(identity);
  if (judged !== entry) look.isAffected = true;
  look.redactions.note(entry, judged);
  if (judged ? judged !== entry : entry.kind === 'analysis') look.toBury.add(entry.id);
  if (entry.kind !== 'message' && entry.kind !== 'edit') return;
  if (entry.sentBy !== undefined) look.ours.add(entry.sender.id);
  if (!judged) look.messages.add(entry.messageId);
  look.attachments[judged ? 'others' : 'theirs'].push(...(entry.attachments ?? []));
}

/** Those who returned a mail are nobody. */
function peopleOf(entry: TranscriptEntry): string[] {
  const isBounce = entry.kind === 'message' && entry.marks?.includes('bounce');
  return isBounce ? identitiesIn(entry).slice(1) : identitiesIn(entry);
}

/** Where conversations are named after both ends, such as `+18005550100:+15551230001`. */
function isNamedAfter(key: ConversationKey, identities: ReadonlySet<string>): boolean {
  const [, theirs] = bothEnds(key) ?? [];
  return [...identities].some((identity) => identity.slice(identity.indexOf(':') + 1) === theirs);
}

function newLook(isTheirs: boolean, isNamedAfterThem: boolean, redactions: Redactions): Look {
  return {
    isTheirs: isTheirs || isNamedAfterThem,
    others: new Set(),
    ours: new Set(),
    messages: new Set(),
    toBury: new Set(),
    redactions,
    isAffected: isNamedAfterThem,
    attachments: { theirs: [], others: [] },
  };
}
