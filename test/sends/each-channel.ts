import { randomInt, randomUUID } from 'node:crypto';
import type { AcsEmulator } from '../../local/acs/start-emulator.ts';
import type { Outgoing } from '../../src/shared/channels/sender.ts';
import type { ConversationKey } from '../../src/shared/transcripts/entry.ts';
import { inbound, type makeParts, ourChannel, ourNumber } from './make-parts.ts';

type Parts = ReturnType<typeof makeParts>;

/** A conversation in which somebody wrote, ready to be answered, and what the provider sent into it. */
export interface Stage {
  channel: string;
  conversation?: string;
  outgoing: Outgoing;
  /** How often the provider sent the text. */
  countSent(): Promise<number>;
}

export type SetStage = (parts: Parts, emulator: AcsEmulator) => Promise<Stage>;

/** One stage for each way of sending; every call sets a new one. */
export const stages: Record<string, SetStage> = {
  async sms(parts, emulator) {
    const theirs = newNumber();
    const key = { channel: 'sms', id: `${ourNumber}:${theirs}` };
    await hear(parts, key, `4:${theirs}`);
    const text = newText();
    return { ...staged(key, text), countSent: async () => emulator.sms.sent(theirs).length };
  },
  async whatsapp(parts, emulator) {
    const theirs = newNumber();
    const key = { channel: 'whatsapp', id: `${ourChannel}:${theirs}` };
    // To the emulator, which sends nothing freely to who never wrote.
    emulator.whatsapp.receive({ from: theirs, text: 'Hello' });
    await hear(parts, key, `4:${theirs}`);
    const text = newText();
    return { ...staged(key, text), countSent: async () => emulator.whatsapp.sent(theirs).length };
  },
  async chat(parts, emulator) {
    const client = await parts.clients.chatAs(emulator.serviceUser);
    const { chatThread } = await client.createChatThread({ topic: 'Help' });
    const key = { channel: 'chat', id: chatThread?.id ?? '' };
    await hear(parts, key, '8:acs:somebody');
    const text = newText();
    return { ...staged(key, text), countSent: () => countInThread(parts, emulator, key.id, text) };
  },
  async email(parts, emulator) {
    const id = `${randomUUID()}@example.org`;
    const address = `${randomUUID()}@example.org`;
    const key = { channel: 'email', id };
    await hear(parts, key, `mailto:${address}`);
    return { ...staged(key, newText()), countSent: async () => emulator.email.sent(address).length };
  },
  async 'a new sms'(_, emulator) {
    const theirs = newNumber();
    return {
      ...opening('sms', [theirs], newText()),
      countSent: async () => emulator.sms.sent(theirs).length,
    };
  },
  async 'a new chat'(parts, emulator) {
    const text = newText();
    const identity = await parts.clients.identity();
    const { communicationUserId } = await identity.createUser();
    return {
      ...opening('chat', [communicationUserId], text, text),
      async countSent() {
        const client = await parts.clients.chatAs(communicationUserId);
        let count = 0;
        for await (const { id, topic } of client.listChatThreads()) {
          if (topic === text) count += await countInThread(parts, emulator, id, text);
        }
        return count;
      },
    };
  },
  async 'a new email'(_, emulator) {
    const address = `${randomUUID()}@example.org`;
    return {
      ...opening('email', [address], newText(), 'News'),
      countSent: async () => emulator.email.sent(address).length,
    };
  },
};

function staged({ channel, id: conversation }: ConversationKey, text: string) {
  return { channel, conversation, outgoing: { content: { text }, sentBy: 'clerk' } };
}

function opening(channel: string, to: string[], text: string, topic?: string) {
  const opened = { to, ...(topic ? { topic } : {}) };
  return { channel, outgoing: { content: { text }, sentBy: 'clerk', opening: opened } };
}

function hear(parts: Parts, key: ConversationKey, from: string): Promise<void> {
  const at = new Date(parts.clock().getTime() - 60_000);
  return parts.say(key, [inbound(key, from, 'Hello', at)]);
}

export async function countInThread(
  parts: Parts,
  { serviceUser }: AcsEmulator,
  thread: string,
  text: string,
) {
  const client = (await parts.clients.chatAs(serviceUser)).getChatThreadClient(thread);
  let count = 0;
  for await (const { content } of client.listMessages()) if (content?.message === text) count += 1;
  return count;
}

export function newNumber(): string {
  return `+1555${randomInt(1_000_000, 10_000_000)}`;
}

function newText(): string {
  return `It is on its way: ${randomUUID()}`;
}
