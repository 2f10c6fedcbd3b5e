import { toStaff } from '../people/sent-by.ts';
import type { ContentEntry, ConversationKey, Person, TranscriptEntry } from '../transcripts/entry.ts';
import type { Traces } from './matcher.ts';
import { readHtml } from './matching/read-html.ts';
import { plainView } from './matching/view.ts';

/** Gathers what tells of somebody from the entries of conversations, in whatever order they come. */
export interface TraceCollector {
  add(conversation: ConversationKey, entry: TranscriptEntry): void;
  /** What is known so far: it grows with the next entry. Identities that turn up late want another reading of all entries. */
  result(): Traces;
}

/**
 * Adds to what is known of somebody: other identities that their messages show, the names that are shown for any of them,
 * and what they wrote, in every version: text, HTML, subjects that are theirs, names of files. What their mails quote is of
 * others. A mail counts as theirs although nobody vouches for its sender.
 */
export function createCollector(known: Traces): TraceCollector {
  const identities = openList(known.identities);
  const names = openList(known.names);
  const texts = openList(known.texts);

  const addName = ({ id, name }: Person): void => {
    if (name !== undefined && identities.has(id)) names.add(name);
  };

  const addContent = (entry: ContentEntry): void => {
    const { sender, alsoKnownAs = [], to = [], sentBy } = entry;
    for (const person of to) addName(person);
    const staff = sentBy === undefined ? undefined : toStaff(sentBy);
    if (staff) addName(staff);
    if (![sender.id, ...alsoKnownAs].some(identities.has)) return;
    for (const identity of [sender.id, ...alsoKnownAs]) identities.add(identity);
    addName(sender);
    for (const text of textsOf(entry)) texts.add(text);
  };

  return {
    add(_, entry) {
      if (entry.kind === 'message' || entry.kind === 'edit') addContent(entry);
      else if (entry.kind === 'participant') addName(entry.participant);
      else if (entry.kind === 'reaction') addName(entry.sender);
    },
    result: () => ({ identities: identities.all, names: names.all, texts: texts.all }),
  };
}

function textsOf({ text, html, subject, quoted, replyTo, attachments = [] }: ContentEntry): string[] {
  // The HTML of a mail has what it quotes, too, and its text says the same; an answer has the subject of what it answers.
  const readable = html === undefined || quoted !== undefined ? undefined : readHtml(plainView(html))?.text;
  return [
    text,
    ...(readable === undefined ? [] : [readable]),
    ...(subject === undefined || replyTo !== undefined ? [] : [subject]),
    ...attachments.flatMap(({ name }) => (name === undefined ? [] : [name.replace(/\.\w{1,5}$/, '')])),
  ].filter((found) => found.trim() !== '');
}

/** Each once, in the order in which they came. */
function openList(known: readonly string[]) {
  const all = [...new Set(known)];
  const seen = new Set(all);
  return {
    all,
    has: (value: string): boolean => seen.has(value),
    add(value: string): void {
      if (seen.has(value)) return;
      seen.add(value);
      all.push(value);
    },
  };
}
