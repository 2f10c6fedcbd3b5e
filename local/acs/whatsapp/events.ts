import type { AcsEvent } from '../emulator.ts';
import { type IncomingWhatsapp, messageTypeOf } from './incoming-whatsapp.ts';
import type { Person } from './people.ts';
import type { SentWhatsapp, Status } from './send-whatsapp.ts';
import type { Channel, WhatsappSettings } from './settings.ts';

interface Received {
  messageId: string;
  message: IncomingWhatsapp;
  person: Person;
  channel: Channel;
  /** Of `message.media`. */
  mediaId: string | undefined;
  /** Digits of who wrote the message that `replyTo` names. */
  repliedTo: string;
  receivedAt: Date;
}

const unsupportedError = { channelCode: '131051', channelMessage: 'Message type unknown' };

/** https://learn.microsoft.com/azure/event-grid/communication-services-advanced-messaging-events */
export function messageReceived(
  { messageId, message, person, channel, mediaId, repliedTo, receivedAt }: Received,
  { messageIds, businessScopedUserIds }: WhatsappSettings,
): AcsEvent {
  const { text, media, reaction, button, interactive, location, contacts, replyTo } = message;
  const from = message.hiddenNumber ? '' : (person.number ?? '');
  const data = present({
    content: text,
    channelType: 'whatsapp',
    messageType: messageTypeOf(message),
    messageId: messageIds ? messageId : undefined,
    media:
      media &&
      present({
        mimeType: media.mimeType,
        id: mediaId,
        fileName: media.fileName,
        caption: media.caption,
        animated: media.kind === 'sticker' ? (media.animated ?? false) : undefined,
      }),
    context: replyTo === undefined ? undefined : { from: repliedTo, id: replyTo },
    reaction,
    button,
    interactive: interactive && interactiveOf(interactive),
    location,
    contacts,
    error: message.unsupported && unsupportedError,
    from,
    fromBSUID: businessScopedUserIds ? person.bsuid : undefined,
    to: channel.id,
    receivedTimestamp: timestamp(receivedAt),
  });
  return {
    type: 'AdvancedMessageReceived',
    subject: `advancedMessage/sender/${from || person.bsuid}/recipient/${channel.id}`,
    data,
  };
}

/** A status of a message that we sent. `to` is empty for what was sent to a BSUID. */
export function statusUpdated(
  { messageId, channelRegistrationId, person, isToBsuid }: SentWhatsapp,
  { status, error }: Pick<Status, 'status' | 'error'>,
  now: Date,
  { businessScopedUserIds }: WhatsappSettings,
): AcsEvent {
  const data = present({
    messageId,
    status,
    channelType: 'whatsapp',
    from: channelRegistrationId,
    to: isToBsuid ? '' : (person.number ?? ''),
    toBSUID: businessScopedUserIds ? person.bsuid : undefined,
    receivedTimestamp: timestamp(now),
    error,
  });
  return {
    type: 'AdvancedMessageDeliveryStatusUpdated',
    subject: `advancedMessage/${messageId}/status/${status}`,
    data,
  };
}

function interactiveOf({ type, ...reply }: NonNullable<IncomingWhatsapp['interactive']>) {
  return { type, [type]: reply };
}

/** Whole seconds and `+00:00`, as in the samples. */
export function timestamp(time: Date): string {
  return `${time.toISOString().slice(0, 19)}+00:00`;
}

function present(values: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));
}
