import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { openAcsClients } from '../../src/shared/acs/clients.ts';
import { type Channel, type Happening, MalformedEvent } from '../../src/shared/channels/channel.ts';
import type { ChannelParts } from '../../src/shared/channels/channels.ts';
import { openMailThreads } from '../../src/shared/channels/email/threads.ts';
import { openEnvelope } from '../../src/shared/events/envelope.ts';
import { readSettings } from '../../src/shared/settings.ts';
import { createBlobService } from '../../src/shared/storage/blob-service.ts';
import { openContainer } from '../../src/shared/storage/container.ts';
import type { ConversationKey, TranscriptEntry } from '../../src/shared/transcripts/entry.ts';

/** An event of `Microsoft.Communication` in the Event Grid schema. */
export function acsEvent(type: string, data: unknown, envelope: Record<string, unknown> = {}) {
  return {
    id: `event-of-${type}`,
    topic: '/subscriptions/{subscription-id}/providers/Microsoft.Communication/communicationServices/sample',
    subject: 'sample',
    eventType: `Microsoft.Communication.${type}`,
    eventTime: '2026-11-23T09:00:30.0000000Z',
    dataVersion: '1.0',
    metadataVersion: '1',
    data,
    ...envelope,
  };
}

/** The same happening as a CloudEvent. */
export function asCloudEvent(event: ReturnType<typeof acsEvent>) {
  const { id, topic: source, subject, eventType: type, eventTime: time, data } = event;
  return { id, source, subject, type, time, data, specversion: '1.0' };
}

/** What a channel makes of an event, in either schema. */
export async function readWith(channel: Channel, event: unknown): Promise<Happening | undefined> {
  return channel.read(openEnvelope(event));
}

export async function entriesOf(channel: Channel, event: unknown): Promise<TranscriptEntry[]> {
  return (await readWith(channel, event))?.entries ?? [];
}

export async function onlyEntry(channel: Channel, event: unknown): Promise<TranscriptEntry> {
  const [entry, ...more] = await entriesOf(channel, event);
  if (!entry || more.length > 0) throw new Error('not exactly one entry');
  return entry;
}

/** True for the refusal of an event that names the field at fault. */
export function refuses(reason: RegExp): (error: unknown) => boolean {
  return (error) => error instanceof MalformedEvent && reason.test(error.message);
}

interface Known {
  conversations?: string[];
  /** WhatsApp conversations in which an identity has written. */
  theirs?: Record<string, string[]>;
}

/** The parts of channels without a resource, where there are these conversations. */
export function partsWith({ conversations = [], theirs = {} }: Known = {}): ChannelParts {
  const { acs: settings, storage } = readSettings({});
  const clients = openAcsClients(settings, { maxRetries: 0 });
  const has = async ({ id }: ConversationKey) => conversations.includes(id);
  const container = openContainer(createBlobService(storage, { maxTries: 1 }), 'mail-threads');
  const clock = () => new Date();
  const mailThreads = openMailThreads(container, { clock });
  const transcripts = { has, read: async () => undefined };
  const conversationsOf = async (identity: string) =>
    (theirs[identity] ?? []).map((id) => ({ channel: 'whatsapp', id }));
  return { settings, sending: clients, reading: clients, transcripts, conversationsOf, mailThreads, clock };
}

/** The official samples whose file names match, by name; undefined where they are not on this machine. */
export function officialSamples(pattern: RegExp): Map<string, unknown> | undefined {
  const folders = ['docs', 'event-grid-schema'].map((folder) => join('..', 'shared', 'events', folder));
  if (!folders.every((folder) => existsSync(folder))) return undefined;
  const files = folders.flatMap((folder) => readdirSync(folder).map((file) => join(folder, file)));
  return new Map(
    files
      .filter((file) => pattern.test(file))
      .map((file): [string, unknown] => {
        const content: unknown = JSON.parse(readFileSync(file, 'utf8'));
        return [file, Array.isArray(content) ? content[0] : content];
      }),
  );
}
