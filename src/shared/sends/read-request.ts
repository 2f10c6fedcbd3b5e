import type { HttpRequest } from '@azure/functions';
import * as z from 'zod';
import type { Opening, Outgoing, OutgoingContent } from '../channels/sender.ts';
import { checkForm } from '../check-form.ts';
import { ParleyError } from '../errors.ts';
import { readBody } from '../http/read-body.ts';
import { parseJson } from '../json.ts';
import { unnamedSender } from '../people/sent-by.ts';

/** A mail of 10 MB, written as JSON. */
const largestBody = 24 * 1024 ** 2;
const keyPattern = /^[\x21-\x7e]{1,200}$/;

const text = z
  .string()
  .min(1, 'must not be empty')
  .refine((value) => value.isWellFormed(), 'is not well-formed Unicode');
const short = text.max(1_000);

const contentMembers = {
  text: text.optional(),
  html: text.optional(),
  subject: short.optional(),
  media: z
    .strictObject({
      url: text.max(4_000),
      kind: z.enum(['image', 'document', 'video', 'audio']),
      caption: text.max(1_024).optional(),
      fileName: text.max(255).optional(),
    })
    .optional(),
  template: z
    .strictObject({
      name: short,
      language: short,
      values: z.array(z.record(z.string(), z.unknown())).max(100).optional(),
      bindings: z.record(z.string(), z.unknown()).optional(),
    })
    .optional(),
};
const members = { ...contentMembers, replyTo: short.optional(), sentBy: text.max(200).optional() };

const messageBody = z.strictObject(members);
const openingBody = z.strictObject({
  ...members,
  to: z.union([short.transform((one) => [one]), z.array(short).min(1).max(300)]),
  from: short.optional(),
  topic: short.optional(),
});

/** What a request wants sent. Throws `bad_request`, `length_required`, `too_large`. */
export async function readMessage(request: HttpRequest): Promise<Outgoing> {
  const { replyTo, sentBy = unnamedSender, ...content } = parse(messageBody, await readObject(request));
  return { content: oneOf(content), sentBy, ...(replyTo === undefined ? {} : { replyTo }) };
}

/** What a request wants to begin a conversation with, and with whom. Throws as `readMessage` does. */
export async function readOpening(request: HttpRequest): Promise<Outgoing & { opening: Opening }> {
  const {
    to,
    from,
    topic,
    replyTo,
    sentBy = unnamedSender,
    ...content
  } = parse(openingBody, await readObject(request));
  const opening = { to, ...(from ? { from } : {}), ...(topic ? { topic } : {}) };
  return { content: oneOf(content), sentBy, opening, ...(replyTo === undefined ? {} : { replyTo }) };
}

/** Undefined where there is none. Throws `bad_request`. */
export function readIdempotencyKey(request: HttpRequest): string | undefined {
  const key = request.headers.get('idempotency-key');
  if (key === null) return undefined;
  if (keyPattern.test(key)) return key;
  throw new ParleyError('bad_request', 'Idempotency-Key must be 1 to 200 ASCII characters without spaces.');
}

type Given = z.infer<z.ZodObject<typeof contentMembers>>;

function oneOf({ text: plain, html, subject, media, template }: Given): OutgoingContent {
  const kinds = [media, template, html ?? plain].filter((kind) => kind !== undefined);
  if (kinds.length !== 1) {
    throw new ParleyError(
      'bad_request',
      'Give exactly one of text, html (with text and subject, if wanted), media and template.',
    );
  }
  if (subject !== undefined && html === undefined) {
    throw new ParleyError('bad_request', 'subject goes with html.');
  }
  if (html !== undefined) {
    return {
      html,
      ...(plain === undefined ? {} : { text: plain }),
      ...(subject === undefined ? {} : { subject }),
    };
  }
  if (media) return { media };
  return template ? { template } : { text: plain ?? '' };
}

function parse<Schema extends z.ZodType>(schema: Schema, body: unknown): z.infer<Schema> {
  const checked = checkForm(schema, body);
  if (!checked.problem) return checked.value;
  const { path, message } = checked.problem;
  throw new ParleyError('bad_request', `${path.length ? `${path.join('.')}:` : 'The body'} ${message}.`);
}

async function readObject(request: HttpRequest): Promise<unknown> {
  const body = await readBody(request, { what: 'A request', most: largestBody });
  const parsed = parseJson(body.toString('utf8'));
  if (typeof parsed === 'object' && parsed !== null) return parsed;
  throw new ParleyError('bad_request', 'The body must be a JSON object in UTF-8.');
}
