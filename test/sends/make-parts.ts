import assert from 'node:assert/strict';
import type { AcsEmulator } from '../../local/acs/start-emulator.ts';
import { openAcsClients } from '../../src/shared/acs/clients.ts';
import type { Channel } from '../../src/shared/channels/channel.ts';
import { createChannels } from '../../src/shared/channels/channels.ts';
import { openMailThreads } from '../../src/shared/channels/email/threads.ts';
import type { Sender } from '../../src/shared/channels/sender.ts';
import type { PeopleIndex } from '../../src/shared/people/people-index.ts';
import type { SendParts } from '../../src/shared/sends/carry-out.ts';
import { openOutbox } from '../../src/shared/sends/outbox.ts';
import { readSettings } from '../../src/shared/settings.ts';
import type { Container } from '../../src/shared/storage/container.ts';
import type { Conversation } from '../../src/shared/transcripts/conversation.ts';
import { conversationPath } from '../../src/shared/transcripts/conversation-path.ts';
import type { ConversationKey, TranscriptEntry } from '../../src/shared/transcripts/entry.ts';
import { openTranscripts } from '../../src/shared/transcripts/store.ts';
import { type Around, wrapContainer } from '../support/reaper.ts';

export const ourNumber = '+18005550100';
export const ourChannel = 'c4a77e10-0000-4000-8000-000000000001';
export const ourAddress = 'support@parley.example';

interface Blobs {
  outbox: Container;
  transcripts: Container;
  threads: Container;
}

interface Options {
  emulator: AcsEmulator;
  blobs: Blobs;
  clock: () => Date;
  /** Something that happens around every storage operation and every call of a sender. */
  around?: Around;
  environment?: Record<string, string>;
}

/** The storage of one app. */
export function newBlobs(newContainer: () => Container): Blobs {
  return { outbox: newContainer(), transcripts: newContainer(), threads: newContainer() };
}

/** Everything that sending takes: the genuine SDKs, the emulator, Azurite. */
export function makeParts({ emulator, blobs, clock, around = (work) => work(), environment = {} }: Options) {
  const { acs: settings } = readSettings({
    ACS_CONNECTION_STRING: emulator.connectionString,
    ACS_EMULATOR_URL: emulator.url,
    CHAT_SERVICE_USER: emulator.serviceUser,
    SMS_FROM: ourNumber,
    WHATSAPP_CHANNEL: ourChannel,
    EMAIL_FROM: ourAddress,
    ...environment,
  });
  const transcripts = openTranscripts(blobs.transcripts, { segmentBytes: 1024 ** 2 });
  const sending = openAcsClients(settings, { maxRetries: 0 });
  const mailThreads = openMailThreads(wrapContainer(blobs.threads, around), { clock });
  const conversationsOf = async () => [];
  const channels = createChannels({
    settings,
    sending,
    reading: sending,
    transcripts,
    conversationsOf,
    mailThreads,
    clock,
  });
  const faults: unknown[] = [];
  const people: Pick<PeopleIndex, 'note'> = { note: () => around(async () => {}) };
  const parts = {
    channels: channels.map((channel) => wrapSender(channel, around)),
    outbox: openOutbox(wrapContainer(blobs.outbox, around), { clock }),
    readConversation: async (key) => (await transcripts.read(conversationPath(key)))?.conversation,
    transcripts: { append: (...all) => around(() => transcripts.append(...all)) },
    people,
    directory: { learnSelf: () => around(async () => {}) },
    clock,
    logFault: (error) => faults.push(error),
  } satisfies SendParts;
  const read = async (key: ConversationKey): Promise<Conversation> => {
    const found = await parts.readConversation(key);
    assert.ok(found, `${key.channel} ${key.id}`);
    return found;
  };
  return { ...parts, faults, read, say: transcripts.append, clients: sending };
}

function wrapSender(channel: Channel, around: Around): Channel {
  if (!channel.sender) return channel;
  const { sender } = channel;
  const wrapped: Sender = {
    ...sender,
    open: (...all) => around(() => sender.open(...all)),
    check: (...all) => around(() => sender.check(...all)),
    send: (...all) => around(() => sender.send(...all)),
  };
  return { ...channel, sender: wrapped };
}

/** A message that somebody wrote to us. */
export function inbound(
  { id: conversation }: ConversationKey,
  from: string,
  text: string,
  at: Date,
  more: object = {},
): TranscriptEntry {
  const messageId = `in-${at.getTime()}`;
  const time = at.toISOString();
  const common = { conversation, version: String(at.getTime()), at: time, composedAt: time };
  return {
    kind: 'message',
    id: `message:${messageId}`,
    messageId,
    ...common,
    sender: { id: from },
    text,
    ...more,
  };
}

/** Names of the markers left in an outbox. */
export async function openMarkers({ outbox }: Blobs): Promise<string[]> {
  const names: string[] = [];
  for await (const { blobs } of outbox.pages({ prefix: 'open/' }))
    names.push(...blobs.map(({ name }) => name));
  return names;
}

/** Has the emulator fail at the next requests. */
export async function befall({ url }: AcsEmulator, fault: object): Promise<void> {
  const answer = await fetch(`${url}/emulator/faults`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(fault),
  });
  assert.equal(answer.status, 200, await answer.text());
}
