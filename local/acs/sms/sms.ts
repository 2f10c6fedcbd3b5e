import type { Emulator } from '../emulator.ts';
import type { Route } from '../exchange.ts';
import { keepSettings } from '../keep-settings.ts';
import type { Schedule } from '../schedule.ts';
import { createOptOuts, type OptOut } from './opt-outs.ts';
import { createReceive, type IncomingSms, type ReceivedSms } from './receive-sms.ts';
import { createReportDelivery } from './report-delivery.ts';
import { createSendSms, type SentSms } from './send-sms.ts';
import { defaultSmsSettings, type SmsSettings, smsChanges } from './settings.ts';

export interface Sms {
  routes: Route[];
  /** A person sends a text: emits SMSReceived. Throws `AcsError` 404 where we have no such number. */
  receive(message: IncomingSms): ReceivedSms;
  /** What we sent, to one number or to all, oldest first; a repeat of a request is not in it twice. */
  sent(to?: string): SentSms[];
  /** What people sent, one number's or everybody's, oldest first. */
  received(from?: string): ReceivedSms[];
  optOuts(): OptOut[];
  settings(): SmsSettings;
  configure(settings: Partial<SmsSettings>): SmsSettings;
}

/** The SMS API, https://learn.microsoft.com/rest/api/communication/sms, and the people and the carrier behind it. */
export function createSms(emulator: Emulator, schedule: Schedule): Sms {
  const { state } = emulator;
  const settings = keepSettings(state, 'sms', smsChanges, defaultSmsSettings);
  const sent = state.collection<SentSms>('sms.sent');
  const received = state.collection<ReceivedSms>('sms.received');
  const optOuts = createOptOuts(state);
  const reportDelivery = createReportDelivery({ emulator, schedule, settings, sent });

  return {
    routes: [createSendSms({ emulator, settings, sent, optOuts, reportDelivery })],
    receive: createReceive({ emulator, settings, received, optOuts }),
    sent: (to) => sent.values().filter((message) => to === undefined || message.to === to),
    received: (from) => received.values().filter((message) => from === undefined || message.from === from),
    optOuts: optOuts.list,
    settings: settings.read,
    configure: settings.change,
  };
}
