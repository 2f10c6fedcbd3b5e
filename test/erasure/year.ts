import { mail } from '../channels/email/mails.ts';
import { acsEvent } from '../support/acs-events.ts';
import { chatEvent, user } from '../support/chat-events.ts';

/** Whom a conversation is with, and what it is called. */
export interface Correspondence {
  channel: 'chat' | 'sms' | 'whatsapp' | 'email';
  id: string;
  /** Of the person on the other side. */
  identity: string;
}

const registration = '75476a19-a68d-4e10-806c-3680f099e069';

export function chatWith(name: string): Correspondence {
  return { channel: 'chat', id: `19:${name}@thread.v2`, identity: user(name) };
}

export function smsWith(number: string): Correspondence {
  return { channel: 'sms', id: `+18005550100:${number}`, identity: `4:${number}` };
}

export function whatsappWith(bsuid: string): Correspondence {
  return { channel: 'whatsapp', id: `${registration}:${bsuid}`, identity: `whatsapp:${bsuid}` };
}

export function mailWith(name: string): Correspondence {
  return {
    channel: 'email',
    id: `first-${name}@customer.example`,
    identity: `mailto:${name}@customer.example`,
  };
}

/** Says something that no other message says. */
export function wordsOf({ channel, identity }: Correspondence, at: Date): string {
  return `The ${channel} parcel of ${identity.replaceAll(/[^a-z0-9]/gi, '')} on ${at.toISOString().slice(0, 10)} is late.`;
}

/** What Event Grid delivers when they write; undefined for mail, which `rawMail` makes. */
export function eventOf(with_: Correspondence, at: Date): unknown {
  const { channel, id, identity } = with_;
  const text = wordsOf(with_, at);
  const messageId = `${identity}-${at.getTime()}`;
  switch (channel) {
    case 'chat':
      return chatEvent('ChatMessageReceivedInThread', id, {
        messageId: String(at.getTime()),
        messageBody: text,
        type: 'Text',
        senderDisplayName: identity.slice(identity.lastIndexOf('_') + 1),
        senderCommunicationIdentifier: { rawId: identity, communicationUser: { id: identity } },
        composeTime: at.toISOString(),
        version: at.getTime(),
        metadata: {},
      });
    case 'sms':
      return acsEvent('SMSReceived', {
        messageId,
        from: identity.slice(2),
        to: '+18005550100',
        message: text,
        receivedTimestamp: at.toISOString(),
        segmentCount: 1,
      });
    case 'whatsapp':
      return acsEvent('AdvancedMessageReceived', {
        channelType: 'whatsapp',
        messageType: 'text',
        messageId,
        from: '15557340002',
        fromBSUID: identity.slice('whatsapp:'.length),
        to: registration,
        content: text,
        receivedTimestamp: at.toISOString(),
      });
    default:
      return undefined;
  }
}

/** The first begins the thread, the others answer it. */
export function rawMail(with_: Correspondence, at: Date, isFirst: boolean): Buffer {
  const name = with_.identity.slice('mailto:'.length, with_.identity.indexOf('@'));
  return mail({
    headers: {
      From: `${name} <${name}@customer.example>`,
      Date: at.toUTCString(),
      Subject: 'Parcels',
      'Authentication-Results': 'mx.shop.example; dmarc=pass header.from=customer.example',
      'Message-ID': isFirst ? `<${with_.id}>` : `<${at.getTime()}-${name}@customer.example>`,
      ...(isFirst ? {} : { References: `<${with_.id}>`, 'In-Reply-To': `<${with_.id}>` }),
    },
    body: wordsOf(with_, at),
  });
}
