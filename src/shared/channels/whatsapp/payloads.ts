import * as z from 'zod';
import { toPhoneNumber } from '../phone-number.ts';
import { toIsoTime } from '../times.ts';

/**
 * The `data` of Microsoft.Communication AdvancedMessage events, as far as it is kept. Samples leave `messageId` and
 * `messageType` out, and since people may hide their number, `from` and `to` can be empty.
 */
const text = z.string().refine((value) => value.isWellFormed(), 'is not well-formed Unicode');
const identifier = text.min(1).max(512);
const optionalIdentifier = identifier.optional().catch(undefined);
const optionalText = z
  .unknown()
  .optional()
  .transform((value) => (typeof value === 'string' && value !== '' ? value : undefined));
const time = z.unknown().optional().transform(toIsoTime);

/** A colon would make it two in the id of a conversation. */
const end = text.regex(/^[^:\p{Cc}]{1,256}$/u, 'is not an id');
/** Our channel registration: a GUID, which is one in either case. */
const channel = end.transform((value) => value.trim().toLowerCase()).pipe(z.string().min(1, 'is empty'));
const person = z
  .union([z.literal(''), end, z.number().int().nonnegative().transform(String)])
  .nullish()
  .transform((value) => (value ? toPhoneNumber(value) : undefined));

export const channelKind = z.object({ channelType: z.string().optional().catch(undefined) });

const media = z
  .object({
    id: identifier,
    mimeType: text.max(200).optional().catch(undefined),
    // What is to be fetched travels on a queue, where nothing may be long.
    fileName: optionalText.transform((value) => value?.slice(0, 255).toWellFormed()),
    caption: optionalText,
  })
  .optional()
  .catch(undefined);
const reply = z
  .object({ id: optionalText, title: optionalText, description: optionalText })
  .optional()
  .catch(undefined);

export const receivedPayload = z.object({
  messageId: optionalIdentifier,
  messageType: optionalText,
  from: person,
  fromBSUID: person,
  to: channel,
  receivedTimestamp: time,
  content: optionalText,
  media,
  context: z.object({ id: optionalIdentifier }).optional().catch(undefined),
  button: z.object({ text: optionalText, payload: optionalText }).optional().catch(undefined),
  interactive: z.object({ buttonReply: reply, listReply: reply }).optional().catch(undefined),
  reaction: z.object({ messageId: optionalIdentifier, emoji: optionalText }).optional().catch(undefined),
});

export const statusPayload = z.object({
  messageId: identifier,
  status: z.string(),
  from: channel,
  to: person,
  toBSUID: person,
  receivedTimestamp: time,
  error: z.object({ channelCode: optionalText, channelMessage: optionalText }).optional().catch(undefined),
});

const score = z.number().min(0).max(1).optional().catch(undefined);
/** Some of them may be no texts; of more than the first fifty nobody has use. */
const phrases = z
  .array(optionalText)
  .optional()
  .catch(undefined)
  .transform((all) => all?.flatMap((phrase) => phrase?.slice(0, 200).toWellFormed() ?? []).slice(0, 50));

/** The documentation and the specification spell the key phrases differently; neither has an id of the message. */
export const analysisPayload = z.object({
  originalMessage: text.min(1),
  from: person,
  fromBSUID: person,
  to: channel,
  receivedTimestamp: time,
  languageDetection: z
    .object({ language: optionalText, confidenceScore: score, translation: optionalText })
    .optional()
    .catch(undefined),
  intentAnalysis: optionalText.transform((intent) => intent?.slice(0, 2_000).toWellFormed()),
  extractedKeyPhrases: phrases,
  keyphraseExtraction: phrases,
  sentiment: z
    .object({ score: z.number().optional().catch(undefined), description: optionalText })
    .optional()
    .catch(undefined),
});

export type AnalysisPayload = z.infer<typeof analysisPayload>;
export type ReceivedPayload = z.infer<typeof receivedPayload>;
