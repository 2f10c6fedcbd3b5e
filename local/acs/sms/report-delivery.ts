import type { Emulator } from '../emulator.ts';
import type { KeptSettings } from '../keep-settings.ts';
import type { Schedule } from '../schedule.ts';
import type { Collection } from '../state.ts';
import { deliveryReport } from './events.ts';
import type { SentSms } from './send-sms.ts';
import type { SmsSettings } from './settings.ts';

/** How a message ends. */
export interface Outcome {
  status: 'Delivered' | 'Failed';
  details: string;
}

interface Options {
  emulator: Emulator;
  schedule: Schedule;
  settings: KeptSettings<SmsSettings>;
  sent: Collection<SentSms>;
}

/** Returns what settles, after the delay that is set, how a sent message ended, and emits the report where one is wanted. */
export function createReportDelivery({ emulator, schedule, settings, sent }: Options) {
  const later = schedule.define<{ messageId: string; outcome: Outcome }>(
    'sms.delivery-report',
    ({ messageId, outcome }) => {
      const message = sent.get(messageId);
      if (!message) return;
      sent.put(messageId, { ...message, ...outcome });
      if (!message.wantsReport) return;
      emulator.emit(deliveryReport(message, outcome, emulator.clock(), settings.read().fieldNames));
    },
  );
  return (messageId: string, outcome: Outcome) =>
    later(settings.read().reportAfterMilliseconds, { messageId, outcome });
}
