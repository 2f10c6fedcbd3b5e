import type { Emulator } from '../emulator.ts';
import { AcsError, type Route } from '../exchange.ts';
import { parseBody } from '../http/parse-body.ts';
import { repeatOnce } from '../http/repeat-once.ts';
import type { KeptSettings } from '../keep-settings.ts';
import { sortedGuid } from '../sorted-guid.ts';
import type { Collection } from '../state.ts';
import { type ChannelError, checkTemplate, findUnboundValue } from './check-template.ts';
import { type Notification, notification, type TemplateToSend } from './notification.ts';
import { digitsOf, isBsuid, type People, type Person } from './people.ts';
import type { NewStatus } from './report-status.ts';
import { type Channel, messagesVersions, type WhatsappSettings } from './settings.ts';

export type StatusName = 'Sent' | 'Delivered' | 'Read' | 'Failed';

export interface Status {
  status: StatusName;
  /** ISO. */
  at: string;
  error?: ChannelError;
}

/** A message that we sent. */
export interface SentWhatsapp {
  messageId: string;
  channelRegistrationId: string;
  /** As it was addressed. */
  to: string;
  person: Person;
  isToBsuid: boolean;
  notification: Notification;
  /** ISO. */
  sentAt: string;
  /** What happened to it so far, each status once. */
  statuses: Status[];
}

interface Options {
  emulator: Emulator;
  settings: KeptSettings<WhatsappSettings>;
  people: People;
  sent: Collection<SentWhatsapp>;
  reportLater: (milliseconds: number, status: NewStatus) => void;
}

const unreachable: ChannelError = { channelCode: '131026', channelMessage: 'Message Undeliverable.' };

const windowClosed: ChannelError = {
  channelCode: '131047',
  channelMessage: 'More than 24 hours have passed since the recipient last replied. Send a template.',
};

/** `POST /messages/notifications:send`: 202, and what WhatsApp makes of it comes later as statuses. */
export function createSendWhatsapp({ emulator, settings, people, sent, reportLater }: Options): Route {
  const { state, clock } = emulator;

  function failureOf(body: Notification, person: Person): ChannelError | undefined {
    const { templates, undeliverable } = settings.read();
    const isThem = (address: string) => address === person.bsuid || digitsOf(address) === person.number;
    if (undeliverable.some(isThem)) return unreachable;
    if (body.kind === 'template') return checkTemplate(body.template, templates);
    return people.isWindowOpen(person, body.channelRegistrationId, clock()) ? undefined : windowClosed;
  }

  function send(body: Notification, to: string): string {
    const now = clock();
    const messageId = sortedGuid(now);
    const person = people.find(to);
    sent.put(messageId, {
      messageId,
      channelRegistrationId: body.channelRegistrationId,
      to,
      person,
      isToBsuid: isBsuid(to),
      notification: body,
      sentAt: now.toISOString(),
      statuses: [],
    });
    const error = failureOf(body, person);
    const { sentAfterMilliseconds, deliveredAfterMilliseconds, readAfterMilliseconds } = settings.read();
    if (error) {
      reportLater(sentAfterMilliseconds, { messageId, status: 'Failed', error });
      return messageId;
    }
    reportLater(sentAfterMilliseconds, { messageId, status: 'Sent' });
    reportLater(deliveredAfterMilliseconds, { messageId, status: 'Delivered' });
    if (readAfterMilliseconds !== null) reportLater(readAfterMilliseconds, { messageId, status: 'Read' });
    return messageId;
  }

  return {
    method: 'POST',
    path: '/messages/notifications:send',
    caller: 'key',
    versions: messagesVersions,
    handle: repeatOnce(emulator, (request) => {
      const body = parseBody(request, notification);
      checkChannel(body.channelRegistrationId, settings.read().channels);
      const to = checkRecipient(body.to[0] ?? '');
      if (body.kind === 'template') checkBindings(body.template);
      const messageId = state.transaction(() => send(body, to));
      return { status: 202, json: { receipts: [{ messageId, to }] } };
    }),
  };
}

/** 404 for a channel that is not registered with the resource. */
export function checkChannel(id: string, channels: readonly Channel[]): void {
  if (channels.some((channel) => channel.id === id)) return;
  const known = channels.map(({ id }) => id).join(', ');
  const message = `The resource has no channel ${id}. It has ${known}.`;
  throw new AcsError(404, 'NotFound', message, {}, 'channelRegistrationId');
}

function checkRecipient(to: string): string {
  if (isBsuid(to) || /^\+?[1-9]\d{6,14}$/.test(to)) return to;
  throw new AcsError(400, 'BadRequest', 'to: neither a phone number nor a BSUID.', {}, 'to');
}

function checkBindings(template: TemplateToSend): void {
  const name = findUnboundValue(template);
  if (name === undefined) return;
  const message = `template.bindings: no value has the name "${name}".`;
  throw new AcsError(400, 'BadRequest', message, {}, 'template.bindings');
}
