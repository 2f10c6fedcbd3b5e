import pMap from 'p-map';
import { classify } from '../channels/email/classify.ts';
import { hashOf } from '../channels/email/hash.ts';
import { isMailId } from '../channels/email/mail-id.ts';
import { readText } from '../channels/email/mail-text.ts';
import { nameFile, typeOfFile } from '../channels/email/name-file.ts';
import { type Mail, type MailFile, parseMail } from '../channels/email/parse-mail.ts';
import { isVouchedFor } from '../channels/email/read-authentication.ts';
import type { MailThreads } from '../channels/email/threads.ts';
import { longestText, toEntries } from '../channels/email/to-entry.ts';
import { type MediaStore, TooLargeError } from '../media/store.ts';
import type { PeopleIndex } from '../people/people-index.ts';
import type { Tombstones } from '../tombstones/tombstones.ts';
import type { Attachment, ConversationKey, TranscriptEntry } from '../transcripts/entry.ts';
import type { TranscriptStore } from '../transcripts/store.ts';
import { isErasedMail } from './is-erased-mail.ts';

interface Dependencies {
  threads: MailThreads;
  media: Pick<MediaStore, 'find' | 'keep' | 'forget'>;
  transcripts: Pick<TranscriptStore, 'append'>;
  people: Pick<PeopleIndex, 'note'>;
  tombstones: Pick<Tombstones, 'admit' | 'isEmpty'>;
  /** The header, in small letters, that the mail gateway writes its verdict into. */
  trustedAuthHeader?: string;
}

export interface ReceivedMail {
  /** Ids of the conversation and of the message in it. */
  conversation: string;
  messageId: string;
}

/** A mail that was erased, or is of somebody who was: nothing of it is kept. */
export interface ForgottenMail {
  forgotten: true;
}

const mostFiles = 100;
/** A Date header may be ahead of our clock by so much. */
const skewMilliseconds = 10 * 60_000;
const oldest = Date.parse('1990-01-01T00:00:00Z');

/**
 * Stores a raw mail. When it returns, all of it is durable: attachments, the thread that it belongs to, the message. The
 * same mail again makes nothing new. Throws `MalformedEvent` for what will never be understood, and storage faults.
 */
export async function receiveMail(
  raw: Uint8Array,
  dependencies: Dependencies,
  { signal }: { signal?: AbortSignal } = {},
): Promise<ReceivedMail | ForgottenMail> {
  const { threads, media, transcripts, people, tombstones, trustedAuthHeader } = dependencies;
  const mail = await parseMail(raw);
  const split = readText(mail);
  const files = filesOf(mail, split);
  const isVerified = isVouchedFor(mail, trustedAuthHeader);
  const kinds = classify(mail);

  const { messageId, since, isTaken } = await claimId(mail, raw, files, threads, signal);
  const isBounce = kinds.includes('bounce');
  const others = [...mail.references, ...mail.inReplyTo, ...(isBounce ? idsOfReturned(mail) : [])];
  const [first = messageId, ...rest] = isTaken ? [...others, ...ownId(mail)] : others;
  const ids = [first, ...rest, messageId, ...ownId(mail)] as const;
  const toEntriesIn = (conversation: string, attachments: Attachment[]): TranscriptEntry[] =>
    toEntries({
      conversation,
      messageId,
      mail,
      split,
      attachments,
      marks: [...kinds, ...(isVerified ? [] : (['unverified-sender'] as const))],
      at: timeOf(mail, since),
    });
  const isErased = (): Promise<boolean> =>
    isErasedMail({ ids, entries: toEntriesIn(first, []) }, { threads, tombstones }, { signal });
  if (await isErased()) return { forgotten: true };

  // Who takes another's Message-Id, or returns what may be anybody's mail, must not make threads one.
  const isTrusted = isVerified && !isTaken && !isBounce;
  const id = await threads.join(ids, { isTrusted, signal });
  const conversation = { channel: 'email', id };

  const { attachments, added } = await keepFiles(files, conversation, media, signal);
  // Keeping them took a while, in which an erasure may have begun.
  if (await isErased()) {
    await pMap(added, (blob) => media.forget(blob), { concurrency: 4 });
    return { forgotten: true };
  }
  const entries = toEntriesIn(id, attachments);
  await transcripts.append(conversation, entries, { signal });
  await people.note(conversation, entries, { signal });
  return { conversation: id, messageId };
}

interface ClaimedId {
  messageId: string;
  /** When this mail came first. */
  since: string;
  /** True where another mail has its Message-Id. */
  isTaken: boolean;
}

/**
 * What the message is called: its Message-Id, which only the first mail of that id gets, so that nobody writes over
 * another's mail. Ids without an @ are none (they could be those of mails that we sent).
 */
async function claimId(
  mail: Mail,
  raw: Uint8Array,
  files: readonly HashedFile[],
  threads: MailThreads,
  signal: AbortSignal | undefined,
): Promise<ClaimedId> {
  const { headers, from, subject, text, html } = mail;
  const date = headers.find(({ name }) => name === 'date')?.value;
  const content = hashOf(JSON.stringify([from, date, subject, text, html, files.map(({ id }) => id)]));
  const [given] = ownId(mail);
  const messageId = given?.includes('@') ? given : `sha256-${hashOf(raw)}`;
  const first = await threads.claim(messageId, content, { signal });
  if (first.isOurs) return { messageId, since: first.since, isTaken: false };
  const other = `${messageId}~${content.slice(0, 16)}`;
  return { messageId: other, since: (await threads.claim(other, content, { signal })).since, isTaken: true };
}

function ownId({ messageId }: Mail): string[] {
  return messageId === undefined ? [] : [messageId];
}

/** The ids of mails that come back within a bounce. */
function idsOfReturned({ files }: Mail): string[] {
  return files
    .filter(({ type }) => type === 'message/rfc822' || type === 'text/rfc822-headers')
    .slice(0, 3)
    .flatMap(({ content }) => {
      const [headers = ''] = Buffer.from(content.subarray(0, 64 * 1024))
        .toString('latin1')
        .split(/\r?\n\r?\n/, 1);
      const [, id] = /^message-id:\s*<([^<>\s]{1,490})>/im.exec(headers) ?? [];
      return id === undefined || !isMailId(id) ? [] : [id];
    });
}

interface HashedFile extends MailFile {
  /** SHA-256 of the content. */
  id: string;
}

/** The attachments, and the text or HTML where it is too long for a transcript. */
function filesOf({ files, text, html }: Mail, split: { text: string; quoted?: string }): HashedFile[] {
  const isLong = split.text.length > longestText || (split.quoted ?? '').length > longestText;
  const body = text ?? [split.text, split.quoted ?? ''].join('\n');
  const bodies: MailFile[] = [
    ...(isLong ? [{ name: 'body.txt', type: 'text/plain', content: Buffer.from(body) }] : []),
    ...((html ?? '').length > longestText
      ? [{ name: 'body.html', type: 'text/html', content: Buffer.from(html ?? '') }]
      : []),
  ];
  return [...bodies, ...files].map((file) => ({ ...file, id: hashOf(file.content) }));
}

/** `added` are the blobs that were not there before. */
async function keepFiles(
  files: readonly HashedFile[],
  conversation: ConversationKey,
  media: Dependencies['media'],
  signal: AbortSignal | undefined,
): Promise<{ attachments: Attachment[]; added: string[] }> {
  const added: string[] = [];
  const keep = async (file: HashedFile, index: number): Promise<Attachment> => {
    const name = nameFile(file);
    const told = {
      id: file.id,
      type: typeOfFile(file),
      size: file.content.length,
      ...(name ? { name } : {}),
    };
    if (index >= mostFiles) {
      return { ...told, problem: `only the first ${mostFiles} attachments of a mail are kept` };
    }
    const content = { type: told.type, name, content: [file.content] };
    try {
      const known = await media.find(conversation, file.id, { signal });
      if (known) return { ...told, blob: known.blob };
      const { blob } = await media.keep(conversation, file.id, content, { signal });
      added.push(blob);
      return { ...told, blob };
    } catch (error) {
      if (error instanceof TooLargeError) return { ...told, problem: error.message };
      throw error;
    }
  };
  return { attachments: await pMap(files, keep, { concurrency: 4 }), added };
}

/** The Date header where it can be true, else when the mail came. */
function timeOf({ date }: Mail, since: string): string {
  const isTrue = date && date.getTime() >= oldest && date.getTime() <= Date.parse(since) + skewMilliseconds;
  return isTrue ? date.toISOString() : since;
}
