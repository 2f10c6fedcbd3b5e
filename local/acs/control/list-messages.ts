import type { EventGrid } from '../event-grid/event-grid.ts';
import type { Sms } from '../sms/sms.ts';
import type { Notification } from '../whatsapp/notification.ts';
import { isBsuid } from '../whatsapp/people.ts';
import type { Whatsapp } from '../whatsapp/whatsapp.ts';
import type { Services } from './services.ts';

/** Something that our side sent to a person. */
export interface MessageToPerson {
  channel: 'sms' | 'whatsapp' | 'email' | 'chat';
  id: string;
  /** ISO. */
  at: string;
  from: string;
  text: string;
  /** As the channel names it; chat has none. */
  status?: string;
  /** Of a chat. */
  thread?: string;
}

type Sources = Services & { eventGrid: Pick<EventGrid, 'events'> };

/** What a person got, oldest first: by number, BSUID, mail address, or name or id in the chat. */
export function listMessages(to: string, services: Sources): MessageToPerson[] {
  const { sms, whatsapp, email } = services;
  if (/^\+?\d{5,15}$/.test(to)) {
    const number = to.startsWith('+') ? to : `+${to}`;
    return [...smsTo(number, sms), ...whatsappTo(to, whatsapp)].sort(byTime);
  }
  if (isBsuid(to)) return whatsappTo(to, whatsapp);
  if (to.includes('@')) {
    return email.sent(to).map(({ id, sentAt, message, status }) => {
      const { subject, plainText, html } = message.content;
      const text = `${subject}\n${plainText ?? html ?? ''}`;
      return { channel: 'email', id, at: sentAt, from: message.senderAddress, text, status };
    });
  }
  return chatTo(to, services);
}

function smsTo(number: string, sms: Sms): MessageToPerson[] {
  return sms.sent(number).map(({ messageId, sentAt, from, text, status }) => {
    return { channel: 'sms', id: messageId, at: sentAt, from, text, status };
  });
}

function whatsappTo(address: string, whatsapp: Whatsapp): MessageToPerson[] {
  return whatsapp.sent(address).map((message) => ({
    channel: 'whatsapp',
    id: message.messageId,
    at: message.sentAt,
    from: message.channelRegistrationId,
    text: textOf(message.notification),
    status: message.statuses.at(-1)?.status ?? 'Accepted',
  }));
}

function textOf(notification: Notification): string {
  switch (notification.kind) {
    case 'text':
      return notification.content;
    case 'template':
      return `[template ${notification.template.name}, ${notification.template.language}]`;
    default: {
      const caption = 'caption' in notification ? notification.caption : undefined;
      return `[${notification.kind}] ${notification.mediaUri}${caption ? ` ${caption}` : ''}`;
    }
  }
}

/** From the events that tell each participant of a message. */
function chatTo(name: string, { chat, eventGrid }: Sources): MessageToPerson[] {
  const id = chat.find(name);
  return eventGrid
    .events({ type: 'Microsoft.Communication.ChatMessageReceived' })
    .filter(({ data }) => data.recipientId === id && data.senderId !== id)
    .map(({ data }) => ({
      channel: 'chat' as const,
      id: String(data.messageId),
      at: String(data.composeTime),
      from: String(data.senderDisplayName ?? data.senderId),
      text: String(data.messageBody),
      thread: String(data.threadId),
    }))
    .reverse();
}

function byTime(a: MessageToPerson, b: MessageToPerson): number {
  return a.at < b.at ? -1 : 1;
}
