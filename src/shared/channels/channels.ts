import type { AcsClients } from '../acs/clients.ts';
import type { AcsSettings } from '../acs-settings.ts';
import type { TranscriptStore } from '../transcripts/store.ts';
import type { Channel } from './channel.ts';
import { createChatSender } from './chat/chat-sender.ts';
import { createEraserAtAcs } from './chat/erase-at-acs.ts';
import { createChatImporter } from './chat/import-chat.ts';
import { createPacing } from './chat/pace-requests.ts';
import { chat } from './chat/read-chat-event.ts';
import { createEmail } from './email/email.ts';
import { createEmailSender } from './email/email-sender.ts';
import type { MailThreads } from './email/threads.ts';
import { answerOptOut } from './sms/answer-opt-out.ts';
import { createSms } from './sms/sms.ts';
import { createSmsSender } from './sms/sms-sender.ts';
import type { FindTheirConversations } from './whatsapp/find-home.ts';
import { createWhatsApp } from './whatsapp/whatsapp.ts';
import { createWhatsAppSender } from './whatsapp/whatsapp-sender.ts';

/** What channels are made of. */
export interface ChannelParts {
  settings: AcsSettings;
  /** Never tries again by itself: a repeat could send twice. */
  sending: AcsClients;
  /** Tries again after 429, 5xx and broken connections. */
  reading: AcsClients;
  /** Tells which of two conversations there is, where an event may belong to either, and who takes part in one. */
  transcripts: Pick<TranscriptStore, 'has' | 'read'>;
  /** Tells where somebody writes who is known by another identity, too. */
  conversationsOf: FindTheirConversations;
  /** Tells which conversation a mail belongs to. */
  mailThreads: MailThreads;
  clock: () => Date;
}

/** Every channel that Parley knows: a new provider is a file beside this one, and one line here. */
export function createChannels(parts: ChannelParts): Channel[] {
  const importer = createChatImporter({
    // An import leaves waiting to its orchestration: no try again by themselves.
    clients: parts.sending,
    serviceUser: parts.settings.chat.serviceUser,
    transcripts: parts.transcripts,
    takePlace: createPacing(parts),
    clock: parts.clock,
  });
  const eraseAtProvider = createEraserAtAcs({
    // An erasure leaves waiting to its orchestration, too.
    clients: parts.sending,
    serviceUser: parts.settings.chat.serviceUser,
  });
  return [
    { ...chat, importer, sender: createChatSender(parts), eraseAtProvider },
    { ...createEmail(parts), sender: createEmailSender(parts) },
    {
      ...createSms(parts),
      sender: createSmsSender(parts),
      answersTo: answerOptOut(parts.settings.sms),
    },
    { ...createWhatsApp(parts), sender: createWhatsAppSender(parts) },
  ];
}
