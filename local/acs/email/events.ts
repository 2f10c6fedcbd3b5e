import type { AcsEvent } from '../emulator.ts';
import type { SentEmail } from './run-operation.ts';
import type { DeliveryStatus } from './settings.ts';

/** What became of a mail for one recipient. */
export interface Delivery {
  recipient: string;
  status: DeliveryStatus;
  statusMessage?: string;
}

/** What a person does with a mail of ours. */
export interface Engagement {
  operationId: string;
  type: 'view' | 'click';
  recipient?: string | undefined;
  /** The link that was clicked. */
  link?: string | undefined;
  userAgent?: string | undefined;
}

/** https://learn.microsoft.com/azure/event-grid/communication-services-email-events */
export function emailDelivery(
  { id, internetMessageId, message }: SentEmail,
  delivery: Delivery,
  now: Date,
): AcsEvent {
  const { recipient, status, statusMessage } = delivery;
  return {
    type: 'EmailDeliveryReportReceived',
    subject: `sender/${message.senderAddress}/message/${id}`,
    data: {
      sender: message.senderAddress,
      recipient,
      messageId: id,
      internetMessageId,
      status,
      ...(statusMessage ? { deliveryStatusDetails: { statusMessage } } : {}),
      deliveryAttemptTimeStamp: timestamp(now),
    },
  };
}

/** The samples have no recipient; the schema has one. */
export function engagementReport({ id, message }: SentEmail, engagement: Engagement, now: Date): AcsEvent {
  const { type, recipient, link = '', userAgent = '' } = engagement;
  return {
    type: 'EmailEngagementTrackingReportReceived',
    subject: `sender/${message.senderAddress}/message/${id}`,
    data: {
      sender: message.senderAddress,
      ...(recipient ? { recipient } : {}),
      messageId: id,
      userActionTimeStamp: timestamp(now),
      engagementContext: link,
      userAgent,
      engagementType: type,
    },
  };
}

function timestamp(time: Date): string {
  return time.toISOString().replace('Z', '+00:00');
}
