import * as z from 'zod';
import { toIsoTime } from '../times.ts';

/**
 * The `data` of Microsoft.Communication chat events, as far as it is kept. Official samples write versions as numbers
 * and as text, leave `kind` out and name members in two ways: what can be understood is, and no more is asked for.
 */
const text = z.string().refine((value) => value.isWellFormed(), 'is not well-formed Unicode');
const identifier = z.union([text.min(1).max(512), z.number().int().transform(String)]);
const time = z.unknown().optional().transform(toIsoTime);
const version = z
  .unknown()
  .optional()
  .transform((value) => {
    const digits = typeof value === 'number' && Number.isSafeInteger(value) ? String(value) : value;
    return typeof digits === 'string' && /^\d{1,40}$/.test(digits) ? BigInt(digits).toString() : undefined;
  });
const optionalText = z
  .unknown()
  .optional()
  .transform((value) => (typeof value === 'string' && value !== '' ? value : undefined));

const rawIdentifier = z
  .object({
    rawId: text.nullish().catch(undefined),
    communicationUser: z.object({ id: text }).nullish().catch(undefined),
    phoneNumber: z.object({ value: text }).nullish().catch(undefined),
    microsoftTeamsUser: z.object({ userId: text }).nullish().catch(undefined),
  })
  .transform(({ rawId, communicationUser, phoneNumber, microsoftTeamsUser }) => {
    if (rawId) return rawId;
    if (communicationUser) return communicationUser.id;
    if (phoneNumber) return `4:${phoneNumber.value}`;
    return microsoftTeamsUser ? `8:orgid:${microsoftTeamsUser.userId}` : undefined;
  });
const optionalIdentifier = rawIdentifier.optional().catch(undefined);

const metadata = z
  .unknown()
  .optional()
  .transform((value) => {
    if (typeof value !== 'object' || value === null) return undefined;
    const texts = Object.entries(value).filter(
      (pair): pair is [string, string] => typeof pair[1] === 'string',
    );
    return texts.length > 0 ? Object.fromEntries(texts) : undefined;
  });

const member = z
  .object({
    displayName: optionalText,
    participantCommunicationIdentifier: optionalIdentifier,
    memberId: optionalText,
  })
  .transform(({ displayName, participantCommunicationIdentifier, memberId }) => ({
    id: participantCommunicationIdentifier ?? memberId,
    name: displayName,
  }));

const thread = { threadId: identifier, version };

export const contentPayload = z.object({
  ...thread,
  messageId: identifier,
  messageBody: z.string().nullish(),
  type: z.string().nullish().catch(undefined),
  senderCommunicationIdentifier: optionalIdentifier,
  senderId: optionalText,
  senderDisplayName: optionalText,
  composeTime: time,
  editTime: time,
  metadata,
});

export const deletePayload = z.object({
  ...thread,
  messageId: identifier,
  deleteTime: time,
  composeTime: time,
});

export const threadCreatedPayload = z.object({
  ...thread,
  createTime: time,
  properties: z.object({ topic: optionalText }).nullish().catch(undefined),
  participants: z.array(member).nullish(),
  members: z.array(member).nullish().catch(undefined),
});

export const threadDeletedPayload = z.object({ ...thread, deleteTime: time });

export const propertiesPayload = z.object({
  ...thread,
  editTime: time,
  properties: z.object({ topic: z.string().nullish().catch(undefined) }).nullish(),
});

export const participantAddedPayload = z.object({ ...thread, time, participantAdded: member });
export const participantRemovedPayload = z.object({ ...thread, time, participantRemoved: member });

export type ContentPayload = z.infer<typeof contentPayload>;
export type Member = z.infer<typeof member>;
