import type { TranscriptEntry } from '../../transcripts/entry.ts';
import { type Channel, type ChannelEvent, type Happening, MalformedEvent } from '../channel.ts';
import { htmlToText } from '../html-to-text.ts';
import { parsePayload } from '../parse-payload.ts';
import { toIsoTime } from '../times.ts';
import * as payloads from './payloads.ts';

/** What every entry of one event shares. */
interface Stamp {
  conversation: string;
  version: string;
  at: string;
}

type Read = (event: ChannelEvent) => Happening;

/**
 * Every event of a chat, by its name behind `Microsoft.Communication.`: first the one for the whole thread, then the
 * one each participant gets. Both make the same entries, so that a subscription to both families does no harm.
 */
const readers = new Map<string, Read>([
  ['ChatMessageReceivedInThread', readMessage],
  ['ChatMessageReceived', readMessage],
  ['ChatMessageEditedInThread', readEdit],
  ['ChatMessageEdited', readEdit],
  ['ChatMessageDeletedInThread', readDelete],
  ['ChatMessageDeleted', readDelete],
  ['ChatThreadCreated', readThreadCreated],
  ['ChatThreadCreatedWithUser', readThreadCreated],
  ['ChatThreadDeleted', readThreadDeleted],
  ['ChatThreadWithUserDeleted', readThreadDeleted],
  ['ChatThreadPropertiesUpdated', readProperties],
  ['ChatThreadPropertiesUpdatedPerUser', readProperties],
  ['ChatThreadParticipantAdded', readParticipantAdded],
  ['ChatParticipantAddedToThreadWithUser', readParticipantAdded],
  ['ChatThreadParticipantRemoved', readParticipantRemoved],
  ['ChatParticipantRemovedFromThreadWithUser', readParticipantRemoved],
]);

/** Azure Communication Services chat: one conversation per thread. */
export const chat = {
  name: 'chat',
  read(event: ChannelEvent): Happening | undefined {
    const name = event.type.replace(/^Microsoft\.Communication\./, '');
    return name === event.type ? undefined : readers.get(name)?.(event);
  },
} satisfies Channel;

function readMessage(event: ChannelEvent): Happening {
  const payload = parsePayload(payloads.contentPayload, event);
  const stamp = stampOf(payload, event, [payload.composeTime]);
  return happening(stamp, [
    { kind: 'message', ...identify('message', payload.messageId, stamp), ...content(payload) },
  ]);
}

function readEdit(event: ChannelEvent): Happening {
  const payload = parsePayload(payloads.contentPayload, event);
  const stamp = stampOf(payload, event, [payload.editTime, toIsoTime(event.time), payload.composeTime]);
  return happening(stamp, [
    { kind: 'edit', ...identify('edit', payload.messageId, stamp), ...content(payload) },
  ]);
}

function readDelete(event: ChannelEvent): Happening {
  const payload = parsePayload(payloads.deletePayload, event);
  const stamp = stampOf(payload, event, [payload.deleteTime, toIsoTime(event.time), payload.composeTime]);
  const { messageId } = payload;
  return happening(stamp, [{ kind: 'delete', ...identify('delete', messageId, stamp), messageId }]);
}

function readThreadCreated(event: ChannelEvent): Happening {
  const payload = parsePayload(payloads.threadCreatedPayload, event);
  const stamp = stampOf(payload, event, [payload.createTime]);
  const topic = payload.properties?.topic;
  const members = payload.participants ?? payload.members ?? [];
  return happening(stamp, [
    { kind: 'thread', ...identify('thread', 'created', stamp), change: 'created' },
    ...(topic === undefined ? [] : [topicEntry(topic, stamp)]),
    ...members.map((member) => participantEntry(member, 'added', stamp)),
  ]);
}

function readThreadDeleted(event: ChannelEvent): Happening {
  const payload = parsePayload(payloads.threadDeletedPayload, event);
  const stamp = stampOf(payload, event, [payload.deleteTime]);
  return happening(stamp, [{ kind: 'thread', ...identify('thread', 'deleted', stamp), change: 'deleted' }]);
}

function readProperties(event: ChannelEvent): Happening {
  const payload = parsePayload(payloads.propertiesPayload, event);
  const stamp = stampOf(payload, event, [payload.editTime]);
  const topic = payload.properties?.topic ?? undefined;
  return happening(stamp, topic === undefined ? [] : [topicEntry(topic, stamp)]);
}

function readParticipantAdded(event: ChannelEvent): Happening {
  const payload = parsePayload(payloads.participantAddedPayload, event);
  const stamp = stampOf(payload, event, [payload.time]);
  return happening(stamp, [participantEntry(payload.participantAdded, 'added', stamp)]);
}

function readParticipantRemoved(event: ChannelEvent): Happening {
  const payload = parsePayload(payloads.participantRemovedPayload, event);
  const stamp = stampOf(payload, event, [payload.time]);
  return happening(stamp, [participantEntry(payload.participantRemoved, 'removed', stamp)]);
}

/** Without a usable version, the time of the happening in milliseconds stands for it. */
function stampOf(
  payload: { threadId: string; version: string | undefined },
  event: ChannelEvent,
  times: readonly (string | undefined)[],
): Stamp {
  const told = times.find((time) => time !== undefined) ?? toIsoTime(event.time);
  const at = told ?? (payload.version === undefined ? undefined : timeOfVersion(payload.version));
  if (at === undefined) throw new MalformedEvent(`${event.type}: neither a version nor a time can be read`);
  return {
    conversation: payload.threadId,
    version: payload.version ?? String(Math.max(0, Date.parse(at))),
    at,
  };
}

/** Chat versions are milliseconds since 1970. */
function timeOfVersion(version: string): string | undefined {
  const time = new Date(Number(version));
  return Number.isNaN(time.getTime()) || time.getUTCFullYear() > 9999 ? undefined : time.toISOString();
}

function identify(kind: TranscriptEntry['kind'], thing: string, stamp: Stamp) {
  return { id: `${kind}:${thing}:${stamp.version}`, ...stamp };
}

function happening(stamp: Stamp, entries: TranscriptEntry[]): Happening {
  return { conversation: { channel: chat.name, id: stamp.conversation }, entries };
}

function content(payload: payloads.ContentPayload) {
  const sender = payload.senderCommunicationIdentifier ?? payload.senderId;
  if (sender === undefined) throw new MalformedEvent('senderCommunicationIdentifier.rawId is missing');
  const body = payload.messageBody ?? '';
  const isHtml = payload.type?.toLowerCase().endsWith('html') ?? false;
  return {
    messageId: payload.messageId,
    sender: person(sender, payload.senderDisplayName),
    text: isHtml ? htmlToText(body) : body,
    ...(isHtml ? { html: body } : {}),
    ...(payload.composeTime === undefined ? {} : { composedAt: payload.composeTime }),
    ...(payload.metadata === undefined ? {} : { metadata: payload.metadata }),
  };
}

function topicEntry(topic: string, stamp: Stamp): TranscriptEntry {
  return { kind: 'topic', ...identify('topic', 'topic', stamp), topic };
}

function participantEntry(
  member: payloads.Member,
  change: 'added' | 'removed',
  stamp: Stamp,
): TranscriptEntry {
  if (member.id === undefined) throw new MalformedEvent('a participant has no identifier');
  return {
    kind: 'participant',
    ...identify('participant', member.id, stamp),
    participant: person(member.id, member.name),
    change,
  };
}

function person(id: string, name: string | undefined) {
  return name === undefined ? { id } : { id, name };
}
