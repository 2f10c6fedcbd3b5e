import * as z from 'zod';
import { templates } from './templates.ts';

/** A WhatsApp Business number that is registered with the resource. */
const channel = z.object({
  /** Its channel registration id. */
  id: z.guid(),
  /** In E.164 form. */
  number: z.string(),
  /** Message analysis is on: what the event calls the key phrases, as the documentation or as the specification has it. */
  analysis: z.enum(['extractedKeyPhrases', 'keyphraseExtraction']).optional(),
});

/** As the list of templates has it; `content` is the payload of WhatsApp's own API. */
const template = z.object({
  name: z.string(),
  language: z.string(),
  status: z.enum(['approved', 'rejected', 'pending', 'paused']),
  content: z.array(z.looseObject({ type: z.string(), text: z.string().optional() })),
});

const milliseconds = z.int().nonnegative();

const whatsappSettings = z.strictObject({
  channels: z.array(channel).min(1),
  templates: z.array(template),
  /** How long after a send each status comes; `null`: it never does, as when a person has turned read receipts off. */
  sentAfterMilliseconds: milliseconds,
  deliveredAfterMilliseconds: milliseconds,
  readAfterMilliseconds: milliseconds.nullable(),
  /** `AdvancedMessageReceived` carries `messageId`: the documentation lists it, none of its samples has it. */
  messageIds: z.boolean(),
  /** Events carry `fromBSUID` and `toBSUID`, as they do since 2026-03-31. */
  businessScopedUserIds: z.boolean(),
  /** How long after a message its analysis comes, on channels where that is on. */
  analysedAfterMilliseconds: milliseconds,
  /** Numbers and BSUIDs that nothing reaches: what is sent to them fails with 131026. */
  undeliverable: z.array(z.string()),
});

export const whatsappChanges = whatsappSettings.partial();

export type Channel = z.output<typeof channel>;
export type Template = z.output<typeof template>;
export type WhatsappSettings = z.output<typeof whatsappSettings>;

export const defaultWhatsappSettings: WhatsappSettings = {
  channels: [{ id: 'c4a77e10-0000-4000-8000-000000000001', number: '+15550100200' }],
  templates,
  sentAfterMilliseconds: 200,
  deliveredAfterMilliseconds: 600,
  readAfterMilliseconds: null,
  messageIds: true,
  businessScopedUserIds: true,
  analysedAfterMilliseconds: 1_000,
  undeliverable: [],
};

/** API versions of Messages that the emulator knows; the last is what @azure-rest/communication-messages 2.0.0 speaks. */
export const messagesVersions = ['2024-02-01', '2024-08-30'] as const;
