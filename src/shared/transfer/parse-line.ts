import { hash } from 'node:crypto';
import * as z from 'zod';
import type { Happening } from '../channels/channel.ts';
import { htmlToText } from '../channels/html-to-text.ts';
import { toIsoTime } from '../channels/times.ts';
import {
  attachment,
  type ContentEntry,
  type TranscriptEntry,
  transcriptEntry,
} from '../transcripts/entry.ts';

/** A line that cannot be imported; `message` says why and holds nothing of its text. */
export class BadLine extends Error {
  override readonly name = 'BadLine';
}

const wellFormed = z.string().refine((value) => value.isWellFormed(), 'is not well-formed Unicode');
const id = wellFormed.min(1, 'is empty').max(512, 'is longer than 512 characters');
/** It goes along with the transcript in a header, where it must not be longer. */
const conversation = wellFormed
  .min(1, 'is empty')
  .refine((value) => value.isWellFormed() && encodeURIComponent(value).length <= 7_000, 'is too long');
const channel = z.string().regex(/^[a-z]{1,20}$/, 'must be 1 to 20 small letters, such as chat');
const person = z.strictObject({ id, name: z.string().optional() });

/** What every line has, and what tells the two forms apart: only entries have a `kind`. */
const anyLine = z.looseObject({ channel, conversation, kind: z.unknown().optional() });

/** One message of any system's history. */
const messageLine = z.strictObject({
  channel,
  conversation,
  messageId: id.optional(),
  at: z
    .unknown()
    .transform((value) => (isDayOfCalendar(value) ? toIsoTime(value) : undefined))
    .pipe(z.iso.datetime('must be a time such as 2026-11-23T09:00:00Z')),
  sender: person,
  text: z.string().optional(),
  html: z.string().optional(),
  subject: z.string().optional(),
  to: z.array(person).optional(),
  replyTo: id.optional(),
  attachments: z.array(attachment.pick({ id: true, type: true, name: true, size: true }).strict()).optional(),
  metadata: z.record(z.string(), z.string()).optional(),
});
type MessageLine = z.infer<typeof messageLine>;

/** The happening that a line of a history tells, undefined for an empty line. Throws `BadLine`. */
export function parseLine(line: Buffer): Happening | undefined {
  const value = parseJson(line);
  if (value === undefined) return undefined;
  const { channel: name, conversation: key, kind, ...rest } = check(anyLine, value);
  const entry =
    kind === undefined
      ? toEntry(check(messageLine, value))
      : check(transcriptEntry, { ...rest, kind, conversation: key });
  return { conversation: { channel: name, id: key }, entries: [entry] };
}

function parseJson(line: Buffer): unknown {
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(line).trim();
  } catch {
    throw new BadLine('is not UTF-8');
  }
  if (text === '') return undefined;
  try {
    return JSON.parse(text);
  } catch {
    throw new BadLine('is not JSON');
  }
}

/** The reason names the field at the top alone: what lies deeper may be named by people. */
function check<Value>(schema: z.ZodType<Value>, value: unknown): Value {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  const field = issue?.path[0];
  if (issue?.code === 'unrecognized_keys') {
    throw new BadLine(
      field === undefined
        ? 'has a field that is not known'
        : `${String(field)} has a field that is not known`,
    );
  }
  throw new BadLine(
    field === undefined ? 'is not an object' : `${String(field)}: ${issue?.message ?? 'is wrong'}`,
  );
}

function toEntry(line: MessageLine): TranscriptEntry {
  const { channel: _, at, ...content } = line;
  const text = line.text ?? (line.html === undefined ? undefined : htmlToText(line.html));
  if (text === undefined) throw new BadLine('has neither text nor html');
  const messageId = line.messageId ?? nameMessage(line);
  const version = String(Math.max(0, Date.parse(at)));
  const entry: ContentEntry = {
    ...content,
    kind: 'message',
    id: `message:${messageId}:${version}`,
    version,
    at,
    messageId,
    text,
    composedAt: at,
  };
  return entry;
}

/** `Date` takes 30 February for 2 March. */
function isDayOfCalendar(value: unknown): boolean {
  return typeof value === 'string' && z.iso.date().safeParse(value.slice(0, 10)).success;
}

/** Equal for the same message in another run, so that a file imported twice is there once. */
function nameMessage({ at, sender, subject, text, html }: MessageLine): string {
  return hash('sha256', JSON.stringify([at, sender.id, subject, text, html])).slice(0, 32);
}
