import type { TranscriptEntry } from '../../transcripts/entry.ts';
import type { Channel, ChannelEvent, Happening } from '../channel.ts';
import type { ChannelParts } from '../channels.ts';
import { parsePayload, timeOfPayload, versionAt } from '../parse-payload.ts';
import { phoneIdentity } from '../phone-number.ts';
import { parseSmsConversation, type SmsEnds, smsConversation } from './conversation.ts';
import { receivedPayload, reportPayload } from './payloads.ts';

const name = 'sms';

/** What every entry of one event shares. */
interface Stamp {
  conversation: string;
  version: string;
  at: string;
}

/** SMS of Azure Communication Services: one conversation for each of our numbers and theirs. */
export function createSms(_parts: ChannelParts): Channel {
  return {
    name,
    read(event) {
      switch (event.type) {
        case 'Microsoft.Communication.SMSReceived':
          return readMessage(event);
        case 'Microsoft.Communication.SMSDeliveryReportReceived':
          return readReport(event);
        default:
          return undefined;
      }
    },
    ourEnd(conversationId) {
      const ends = parseSmsConversation(conversationId);
      return ends && phoneIdentity(ends.ours);
    },
  };
}

function readMessage(event: ChannelEvent): Happening {
  const { messageId, from, to, message, receivedTimestamp } = parsePayload(receivedPayload, event);
  const stamp = stampOf({ ours: to, theirs: from }, timeOfPayload(receivedTimestamp, event));
  return happening(stamp, {
    kind: 'message',
    id: `message:${messageId}:${stamp.version}`,
    ...stamp,
    messageId,
    sender: { id: phoneIdentity(from) },
    text: message ?? '',
    composedAt: stamp.at,
  });
}

/** The sender of a report's message is ours. */
function readReport(event: ChannelEvent): Happening {
  const { messageId, from, to, receivedTimestamp, ...report } = parsePayload(reportPayload, event);
  const stamp = stampOf({ ours: from, theirs: to }, timeOfPayload(receivedTimestamp, event));
  const status = report.deliveryStatus.toLowerCase();
  if (status !== 'delivered' && status !== 'failed') return happening(stamp);
  return happening(stamp, {
    kind: 'receipt',
    id: `receipt:${messageId}:${status}:${stamp.version}`,
    ...stamp,
    messageId,
    recipient: phoneIdentity(to),
    status,
    ...(status === 'failed' ? reasonOf(report.deliveryStatusDetails) : {}),
  });
}

/** Details are words, and some begin with the provider's code: `4006: The number cannot be reached`. */
function reasonOf(details = ''): { code?: string; reason?: string } {
  const [, code, words = ''] = /^(?:(\d{3,5})\b[\s:.-]*)?(.*)$/s.exec(details.trim()) ?? [];
  return { ...(code ? { code } : {}), ...(words ? { reason: words } : {}) };
}

function stampOf(ends: SmsEnds, at: string): Stamp {
  return { conversation: smsConversation(ends), version: versionAt(at), at };
}

function happening({ conversation: id }: Stamp, ...entries: TranscriptEntry[]): Happening {
  return { conversation: { channel: name, id }, entries };
}
