import type { Emulator } from '../emulator.ts';
import { AcsError, type Route } from '../exchange.ts';
import { keepSettings } from '../keep-settings.ts';
import type { Schedule } from '../schedule.ts';
import { recipientsOf } from './email-message.ts';
import { type Engagement, engagementReport } from './events.ts';
import { createGetOperation } from './get-operation.ts';
import { createRunOperation, keyOf, type SentEmail } from './run-operation.ts';
import { createSendEmail } from './send-email.ts';
import { defaultEmailSettings, type EmailSettings, emailChanges } from './settings.ts';
import { toMime } from './to-mime.ts';

export interface Email {
  routes: Route[];
  /** What we sent, to one address or to all, oldest first. */
  sent(to?: string): SentEmail[];
  /** A mail that we sent as message/rfc822, so that it can be read and answered; throws `AcsError` 404. */
  mime(operationId: string): string;
  /** A person opens a mail or clicks a link: emits the engagement report. Throws `AcsError` 404 and 409. */
  engage(engagement: Engagement): void;
  settings(): EmailSettings;
  configure(settings: Partial<EmailSettings>): EmailSettings;
}

/** The Email API, https://learn.microsoft.com/rest/api/communication/email, and the people behind it. */
export function createEmail(emulator: Emulator, schedule: Schedule): Email {
  const { state, clock, emit } = emulator;
  const settings = keepSettings(state, 'email', emailChanges, defaultEmailSettings);
  const sent = state.collection<SentEmail>('email.sent');
  const runOperation = createRunOperation({ emulator, schedule, settings, sent });

  function find(operationId: string): SentEmail {
    const mail = sent.get(keyOf(operationId));
    if (!mail) throw new AcsError(404, 'NotFound', `No mail was sent with the operation ${operationId}.`);
    return mail;
  }

  return {
    routes: [
      createSendEmail({ emulator, settings, sent, runOperation }),
      createGetOperation({ settings, sent }),
    ],
    sent: (to) =>
      sent
        .values()
        .filter(({ message }) => to === undefined || isAmong(to, recipientsOf(message.recipients)))
        .sort((a, b) => (a.order < b.order ? -1 : 1)),
    mime: (operationId) => toMime(find(operationId)),
    engage(engagement) {
      const mail = find(engagement.operationId);
      if (mail.message.userEngagementTrackingDisabled) {
        throw new AcsError(409, 'Conflict', 'This mail was sent with userEngagementTrackingDisabled.');
      }
      emit(engagementReport(mail, engagement, clock()));
    },
    settings: settings.read,
    configure: settings.change,
  };
}

function isAmong(address: string, addresses: string[]): boolean {
  return addresses.some((known) => known.toLowerCase() === address.toLowerCase());
}
