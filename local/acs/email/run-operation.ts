import type { Emulator } from '../emulator.ts';
import type { KeptSettings } from '../keep-settings.ts';
import type { Schedule } from '../schedule.ts';
import type { Collection } from '../state.ts';
import { type EmailMessage, recipientsOf } from './email-message.ts';
import { type Delivery, emailDelivery } from './events.ts';
import type { EmailSettings } from './settings.ts';

/** A mail that we sent, and its operation. */
export interface SentEmail {
  /** Of the operation; events call it `messageId`. */
  id: string;
  internetMessageId: string;
  message: EmailMessage;
  status: 'NotStarted' | 'Running' | 'Succeeded' | 'Failed';
  error?: { code: string; message: string };
  /** What became of it for each recipient, as far as it is known. */
  deliveries: Delivery[];
  /** ISO. */
  sentAt: string;
  /** Sorts by when it was sent. */
  order: string;
  /** SHA-256 of the request. */
  request: string;
}

/** Under what a mail is kept: a GUID is the same in either case. */
export function keyOf(operationId: string): string {
  return operationId.toLowerCase();
}

interface Options {
  emulator: Emulator;
  schedule: Schedule;
  settings: KeptSettings<EmailSettings>;
  sent: Collection<SentEmail>;
}

const allSuppressed = {
  code: 'EmailDroppedAllRecipientsSuppressed',
  message: 'Message dropped because all recipients were suppressed.',
};

/** Takes an operation through its states, then reports for each recipient; nothing is delivered by one that fails. */
export function createRunOperation({ emulator, schedule, settings, sent }: Options) {
  const { clock, emit } = emulator;

  const reportLater = schedule.define<{ key: string; delivery: Delivery }>(
    'email.delivery-report',
    ({ key, delivery }) => {
      const mail = sent.get(key);
      if (!mail) return;
      sent.put(key, { ...mail, deliveries: [...mail.deliveries, delivery] });
      emit(emailDelivery(mail, delivery, clock()));
    },
  );

  const endLater = schedule.define<string>('email.end', (key) => {
    const mail = sent.get(key);
    if (!mail) return;
    const { failure, reportAfterMilliseconds } = settings.read();
    const deliveries = recipientsOf(mail.message.recipients).map(deliver);
    const isSuppressed = deliveries.every(({ status }) => status === 'Suppressed');
    const error = failure ?? (isSuppressed ? allSuppressed : undefined);
    sent.put(key, { ...mail, status: error ? 'Failed' : 'Succeeded', ...(error ? { error } : {}) });
    if (failure) return;
    for (const delivery of deliveries) reportLater(reportAfterMilliseconds, { key, delivery });
  });

  const startLater = schedule.define<string>('email.start', (key) => {
    const mail = sent.get(key);
    if (mail) sent.put(key, { ...mail, status: 'Running' });
  });

  function deliver(recipient: string): Delivery {
    const { suppressed, outcomes } = settings.read();
    const isThem = (address: string) => address.toLowerCase() === recipient.toLowerCase();
    if (suppressed.some(isThem)) {
      return { recipient, status: 'Suppressed', statusMessage: 'The recipient is on the suppression list.' };
    }
    const [, outcome] = Object.entries(outcomes).find(([address]) => isThem(address)) ?? [];
    return { recipient, ...(outcome ?? { status: 'Delivered' }) };
  }

  return function runOperation(key: string): void {
    const { notStartedMilliseconds, runningMilliseconds } = settings.read();
    if (notStartedMilliseconds > 0) startLater(notStartedMilliseconds, key);
    endLater(notStartedMilliseconds + runningMilliseconds, key);
  };
}
