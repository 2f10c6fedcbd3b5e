import type { ReceiptEntry } from '../../transcripts/entry.ts';
import { type ChannelEvent, type Happening, MalformedEvent } from '../channel.ts';
import { parsePayload, versionAt } from '../parse-payload.ts';
import { isDigestMail } from './digest-mails.ts';
import { mailIdentity } from './mail-address.ts';
import { isMailId, mailId } from './mail-id.ts';
import { deliveryReport, engagementReport } from './payloads.ts';
import type { MailThreads } from './threads.ts';

type Status = ReceiptEntry['status'];

/** What becomes of a mail on its way; `expanded` is a distribution list that took it. */
const deliveryStatuses = new Map<string, Status>([
  ['delivered', 'delivered'],
  ['expanded', 'delivered'],
  ['outfordelivery', 'sent'],
  ['bounced', 'failed'],
  ['failed', 'failed'],
  ['filteredspam', 'failed'],
  ['quarantined', 'failed'],
  ['suppressed', 'failed'],
]);
const engagementStatuses = new Map<string, Status>([
  ['view', 'read'],
  ['click', 'clicked'],
]);

interface Options {
  signal?: AbortSignal;
}

/** A delivery report, which alone tells under which Message-Id the mail went out: so it is where answers find their thread. */
export async function readDelivery(
  event: ChannelEvent,
  threads: MailThreads,
  options: Options,
): Promise<Happening> {
  const { messageId, internetMessageId, ...report } = parsePayload(deliveryReport, event);
  if (isDigestMail(messageId)) return nothingOf(messageId);
  const status = statusOf(deliveryStatuses, report.status, event);
  const alias = mailId(internetMessageId ?? '');
  const conversation = isMailId(alias)
    ? await threads.join([messageId, alias], { isTrusted: true, signal: options.signal })
    : await threads.find([messageId], options);
  return toHappening(event, conversation ?? messageId, { ...report, messageId, status, code: report.status });
}

/** That a mail was opened, or a link in it clicked; not every report tells by whom. */
export async function readEngagement(
  event: ChannelEvent,
  threads: MailThreads,
  options: Options,
): Promise<Happening> {
  const report = parsePayload(engagementReport, event);
  if (isDigestMail(report.messageId)) return nothingOf(report.messageId);
  const status = statusOf(engagementStatuses, report.engagementType, event);
  const conversation = await threads.find([report.messageId], options);
  return toHappening(event, conversation ?? report.messageId, { ...report, status });
}

/** What becomes of a mail that is of no conversation. */
function nothingOf(id: string): Happening {
  return { conversation: { channel: 'email', id }, entries: [] };
}

interface Report {
  messageId: string;
  recipient?: string;
  status: Status;
  code?: string;
  reason?: string;
  at?: string;
}

function toHappening(event: ChannelEvent, conversation: string, report: Report): Happening {
  const { messageId, status, code, reason } = report;
  const at = report.at ?? event.time;
  if (at === undefined) throw new MalformedEvent(`${event.type}: no time can be read`);
  const version = versionAt(at);
  const recipient = report.recipient === undefined ? undefined : mailIdentity(report.recipient);
  const failure = status === 'failed' ? { ...(code ? { code } : {}), ...(reason ? { reason } : {}) } : {};
  const entry: ReceiptEntry = {
    kind: 'receipt',
    id: `receipt:${messageId}:${recipient ?? ''}:${status}:${version}`,
    conversation,
    version,
    at,
    messageId,
    ...(recipient === undefined ? {} : { recipient }),
    status,
    ...failure,
  };
  return { conversation: { channel: 'email', id: conversation }, entries: [entry] };
}

function statusOf(statuses: ReadonlyMap<string, Status>, told: string, event: ChannelEvent): Status {
  const status = statuses.get(told.toLowerCase());
  if (status === undefined) throw new MalformedEvent(`${event.type}: its status is not one that is known`);
  return status;
}
