import type { AcsEvent } from '../emulator.ts';
import { sortedGuid } from '../sorted-guid.ts';
import { countSegments } from './count-segments.ts';
import type { ReceivedSms } from './receive-sms.ts';
import type { SentSms } from './send-sms.ts';
import type { SmsSettings } from './settings.ts';

/** Such as `Outgoing_20200918002213` and a GUID, as in the samples; they sort by time. */
export function newMessageId(direction: 'Incoming' | 'Outgoing', time: Date): string {
  return `${direction}_${time.toISOString().replace(/\D/g, '').slice(0, 14)}${sortedGuid(time)}`;
}

/** https://learn.microsoft.com/azure/event-grid/communication-services-telephony-sms-events */
export function smsReceived(
  { messageId, from, to, text, receivedAt }: ReceivedSms,
  names: SmsSettings['fieldNames'],
): AcsEvent {
  const data = {
    messageId,
    from: withoutPlus(from),
    to: withoutPlus(to),
    message: text,
    receivedTimestamp: receivedAt,
    segmentCount: countSegments(text),
  };
  return { type: 'SMSReceived', subject: `/phonenumber/${withoutPlus(to)}`, data: rename(data, names) };
}

/** The outcome of a send. In the samples `from` has no "+" and `to` has one, and the tag is `Tag` in either casing. */
export function deliveryReport(
  { messageId, from, to, text, sentAt, tag }: SentSms,
  { status, details }: { status: 'Delivered' | 'Failed'; details: string },
  now: Date,
  names: SmsSettings['fieldNames'],
): AcsEvent {
  const segments = countSegments(text);
  const isDelivered = status === 'Delivered';
  const attempt = {
    timestamp: sentAt,
    segmentsSucceeded: isDelivered ? segments : 0,
    segmentsFailed: isDelivered ? 0 : segments,
  };
  const data = {
    messageId,
    from: withoutPlus(from),
    to,
    deliveryStatus: status,
    deliveryStatusDetails: details,
    receivedTimestamp: now.toISOString(),
    deliveryAttempts: [rename(attempt, names)],
    ...(tag === undefined ? {} : { Tag: tag }),
  };
  return {
    type: 'SMSDeliveryReportReceived',
    subject: `/phonenumber/${withoutPlus(from)}`,
    data: rename(data, names),
  };
}

function withoutPlus(number: string): string {
  return number.replace(/^\+/, '');
}

function rename(data: Record<string, unknown>, names: SmsSettings['fieldNames']): Record<string, unknown> {
  if (names === 'camelCase') return data;
  return Object.fromEntries(
    Object.entries(data).map(([name, value]) => [`${name[0]?.toUpperCase()}${name.slice(1)}`, value]),
  );
}
