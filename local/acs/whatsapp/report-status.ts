import type { Emulator } from '../emulator.ts';
import type { KeptSettings } from '../keep-settings.ts';
import type { Schedule } from '../schedule.ts';
import type { Collection } from '../state.ts';
import type { ChannelError } from './check-template.ts';
import { statusUpdated } from './events.ts';
import type { SentWhatsapp, StatusName } from './send-whatsapp.ts';
import type { WhatsappSettings } from './settings.ts';

/** A status that a message takes. */
export interface NewStatus {
  messageId: string;
  status: StatusName;
  error?: ChannelError;
}

interface Options {
  emulator: Emulator;
  schedule: Schedule;
  settings: KeptSettings<WhatsappSettings>;
  sent: Collection<SentWhatsapp>;
}

/** What gives a sent message a status, now or later, and emits it; a message takes each status once. */
export function createReportStatus({ emulator, schedule, settings, sent }: Options) {
  const { clock, emit } = emulator;

  function report({ messageId, status, error }: NewStatus): void {
    const message = sent.get(messageId);
    if (!message || message.statuses.some((known) => known.status === status)) return;
    const now = clock();
    const taken = { status, at: now.toISOString(), ...(error ? { error } : {}) };
    sent.put(messageId, { ...message, statuses: [...message.statuses, taken] });
    emit(statusUpdated(message, taken, now, settings.read()));
  }

  return { report, reportLater: schedule.define('whatsapp.status', report) };
}
