import type PostalMime from 'postal-mime';
import { MalformedEvent } from '../channel.ts';
import { isMailId, mailId } from './mail-id.ts';
import { mendMail } from './mend-mail.ts';
import { parseMailDate } from './parse-mail-date.ts';
import { longestHeaders } from './scan-mail.ts';
import { unflow } from './unflow.ts';

export interface Mailbox {
  address: string;
  name: string;
}

export interface MailFile {
  name?: string;
  /** A media type, in small letters. */
  type: string;
  content: Uint8Array;
}

/** A mail, read. Ids are as `mailId` makes them. */
export interface Mail {
  /** In the order of the mail, the topmost first; names in small letters. */
  headers: readonly { name: string; value: string }[];
  /** All that claim to have written it; the rest of the mail decides whether to believe that. */
  from: readonly [Mailbox, ...Mailbox[]];
  /** To and Cc. */
  to: readonly Mailbox[];
  subject: string;
  messageId?: string;
  inReplyTo: readonly string[];
  references: readonly string[];
  date?: Date;
  /** Absent where there is only HTML; line feeds alone. */
  text?: string;
  html?: string;
  /** Everything else, mails inside it included: nothing is unpacked. */
  files: readonly MailFile[];
}

type Parser = typeof PostalMime;

const deepestNesting = 50;
const mostMailboxes = 1_000;
/** RFC 5321, section 4.5.3.1. */
const longestAddress = 320;
/** The first id names the thread and the last ones its newest mails; some mailers never drop any. */
const mostIds = 50;

/** Reads a raw mail as far as it can be understood. Throws `MalformedEvent` where it is none, or names no sender. */
export async function parseMail(mail: Uint8Array): Promise<Mail> {
  const { raw, flowed } = mendMail(mail);
  const { parser, addressParser, decodeWords } = await loadParser();
  const email = await parse(parser, raw);
  const headers = email.headers.map(({ key, value }) => ({ name: key, value }));
  const all = (name: string): string[] =>
    headers.flatMap((header) => (header.name === name ? [header.value] : []));
  const mailboxes = (name: string): Mailbox[] =>
    all(name)
      .flatMap((value) => addressParser(value, { flatten: true }))
      .flatMap(({ address, name: display }) =>
        address && address.length <= longestAddress ? [{ address, name: display }] : [],
      )
      .slice(0, mostMailboxes);

  const [sender, ...others] = [...mailboxes('from'), ...(all('from').length > 0 ? [] : mailboxes('sender'))];
  if (!sender) throw new MalformedEvent('the mail names no sender');
  const [messageId] = readIds(all('message-id'));
  const date = parseMailDate(all('date')[0] ?? '');
  return {
    headers,
    from: [sender, ...others],
    to: [...mailboxes('to'), ...mailboxes('cc')].slice(0, mostMailboxes),
    subject: decodeWords(all('subject')[0] ?? ''),
    ...(messageId === undefined ? {} : { messageId }),
    inReplyTo: readIds(all('in-reply-to')),
    references: readIds(all('references')),
    ...(date ? { date } : {}),
    ...(email.text ? { text: toText(email.text, flowed) } : {}),
    ...(email.html ? { html: email.html.toWellFormed() } : {}),
    files: email.attachments.map(({ filename, mimeType, content }) => ({
      ...(filename ? { name: filename.toWellFormed() } : {}),
      type: mimeType,
      content: typeof content === 'string' ? Buffer.from(content) : new Uint8Array(content),
    })),
  };
}

/** Only whoever gets mail needs it. */
async function loadParser() {
  const { default: imported, addressParser, decodeWords } = await import('postal-mime');
  return { parser: unwrap(imported), addressParser, decodeWords };
}

/** Bundled on its own, it is a CommonJS file, whose default export is one level deeper. */
function unwrap(imported: Parser & { default?: Parser }): Parser {
  return imported.default ?? imported;
}

async function parse(parser: Parser, raw: Buffer): ReturnType<Parser['parse']> {
  try {
    return await parser.parse(raw, {
      forceRfc822Attachments: true,
      maxNestingDepth: deepestNesting,
      maxHeadersSize: longestHeaders,
    });
  } catch (error) {
    const reason = error instanceof Error ? error.message : 'unknown error';
    throw new MalformedEvent(`the mail cannot be parsed: ${reason}`);
  }
}

function toText(text: string, flowed: 'no' | 'yes' | 'delsp'): string {
  const lines = text.replaceAll(/\r\n?/g, '\n').toWellFormed();
  return flowed === 'no' ? lines : unflow(lines, { deleteSpace: flowed === 'delsp' });
}

/** Ids stand in angle brackets; where a mailer left them out, between spaces. */
function readIds(values: readonly string[]): string[] {
  const all = values.flatMap((value) => {
    const bracketed = [...value.matchAll(/<([^<>\s]+)>/g)].map(([, id = '']) => id);
    const ids = bracketed.length > 0 ? bracketed : value.split(/[\s<>]+/);
    return ids.filter(isMailId);
  });
  const counted = all.length > mostIds ? [...all.slice(0, 1), ...all.slice(1 - mostIds)] : all;
  return counted.map(mailId);
}
