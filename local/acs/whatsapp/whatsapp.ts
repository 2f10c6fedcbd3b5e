import type { Emulator } from '../emulator.ts';
import { AcsError, type Route } from '../exchange.ts';
import { keepSettings } from '../keep-settings.ts';
import type { Schedule } from '../schedule.ts';
import { createAnalyseLater } from './analyse-message.ts';
import { createPeople } from './people.ts';
import { createDownloadMedia, createListTemplates } from './read-routes.ts';
import { createReceive, type ReceivedWhatsapp, type StoredMedia } from './receive-whatsapp.ts';
import { createReportStatus } from './report-status.ts';
import { createSendWhatsapp, type SentWhatsapp } from './send-whatsapp.ts';
import { defaultWhatsappSettings, type WhatsappSettings, whatsappChanges } from './settings.ts';

export interface Whatsapp {
  routes: Route[];
  /** A person writes: emits AdvancedMessageReceived, and the analysis where that is on. Throws what zod throws for a message that is none. */
  receive: ReturnType<typeof createReceive>;
  /** A person reads what we sent: emits Read, and Sent and Delivered before it where they are still to come. */
  read(messageId: string): void;
  /** What we sent, to one number or BSUID or to all, oldest first. */
  sent(to?: string): SentWhatsapp[];
  /** What people sent, one's or everybody's, oldest first. */
  received(from?: string): ReceivedWhatsapp[];
  settings(): WhatsappSettings;
  configure(settings: Partial<WhatsappSettings>): WhatsappSettings;
}

/** The Messages API for WhatsApp, https://learn.microsoft.com/rest/api/communication/advancedmessaging, and the people behind it. */
export function createWhatsapp(emulator: Emulator, schedule: Schedule): Whatsapp {
  const { state } = emulator;
  const settings = keepSettings(state, 'whatsapp', whatsappChanges, defaultWhatsappSettings);
  const sent = state.collection<SentWhatsapp>('whatsapp.sent');
  const received = state.collection<ReceivedWhatsapp>('whatsapp.received');
  const media = state.collection<StoredMedia>('whatsapp.media');
  const people = createPeople(state);
  const analyseLater = createAnalyseLater(emulator, schedule);
  const { report, reportLater } = createReportStatus({ emulator, schedule, settings, sent });

  /** Those of one person, or all. */
  function ofPerson<Value extends { person: { bsuid: string } }>(values: Value[], address?: string): Value[] {
    if (address === undefined) return values;
    const { bsuid } = people.find(address);
    return values.filter(({ person }) => person.bsuid === bsuid);
  }

  return {
    routes: [
      createSendWhatsapp({ emulator, settings, people, sent, reportLater }),
      createDownloadMedia(media),
      createListTemplates(settings),
    ],
    receive: createReceive({ emulator, settings, people, sent, received, media, analyseLater }),
    read(messageId) {
      const message = sent.get(messageId);
      if (!message) throw new AcsError(404, 'NotFound', `No message ${messageId} was sent.`);
      if (message.statuses.some(({ status }) => status === 'Failed')) {
        throw new AcsError(409, 'Conflict', `The message ${messageId} failed: nobody can read it.`);
      }
      state.transaction(() => {
        for (const status of ['Sent', 'Delivered', 'Read'] as const) report({ messageId, status });
      });
    },
    sent: (to) => ofPerson(sent.values(), to),
    received: (from) => ofPerson(received.values(), from),
    settings: settings.read,
    configure: settings.change,
  };
}
