import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import type { AcsEvent } from '../../local/acs/emulator.ts';
import { acceptSend, type SendRequest } from '../../src/shared/sends/accept-send.ts';
import { resumeSends } from '../../src/shared/sends/resume-sends.ts';
import { createServices } from '../../src/shared/services.ts';
import { readSettings } from '../../src/shared/settings.ts';
import type { Message } from '../../src/shared/transcripts/conversation.ts';
import { conversationPath } from '../../src/shared/transcripts/conversation-path.ts';
import { useAcs } from '../support/acs.ts';
import { useAzurite } from '../support/azurite.ts';
import { newNumber } from './each-channel.ts';
import { ourAddress, ourChannel, ourNumber } from './make-parts.ts';

const azurite = useAzurite();
const waiting: AcsEvent[] = [];
const acs = useAcs({ onEvent: (event) => waiting.push(event) });

let opened: ReturnType<typeof createServices> | undefined;
function servicesOf(): ReturnType<typeof createServices> {
  const { connectionString, url, serviceUser } = acs.emulator();
  opened ??= createServices(
    readSettings({
      AzureWebJobsStorage: azurite.connectionString(),
      ACS_CONNECTION_STRING: connectionString,
      ACS_EMULATOR_URL: url,
      CHAT_SERVICE_USER: serviceUser,
      SMS_FROM: ourNumber,
      SMS_OPT_OUT_REPLY: 'You will get no more messages from us.',
      WHATSAPP_CHANNEL: ourChannel,
      EMAIL_FROM: ourAddress,
    }),
  );
  return opened;
}

/** Hands on what the emulator emitted, each event twice, until it is in the message. */
async function takeEventsUntil(request: SendRequest, isIn: (message: Message) => boolean): Promise<Message> {
  const { channel, conversation: id = '' } = request;
  for (;;) {
    const events = waiting.splice(0).map(({ type, subject, data }) => {
      const eventType = `Microsoft.Communication.${type}`;
      return {
        id: `${Math.random()}`,
        topic: 'acs',
        subject,
        data,
        eventType,
        eventTime: new Date().toISOString(),
      };
    });
    await servicesOf().accept([...events, ...events.toReversed()]);
    const transcript = await servicesOf().transcripts.read(conversationPath({ channel, id }));
    const ours = transcript?.conversation.messages.filter(({ sentBy }) => sentBy === 'clerk') ?? [];
    assert.ok(ours.length <= 1, 'one message');
    const [message] = ours;
    if (message && isIn(message)) return message;
    await wait(50);
  }
}

async function sendOnce(request: Omit<SendRequest, 'caller' | 'key'>): Promise<SendRequest> {
  const parts = { ...servicesOf().sends, logFault: (error: unknown) => assert.fail(String(error)) };
  const send = await acceptSend({ ...request, caller: 'test' }, parts);
  assert.equal(send.state, 'recorded');
  return { ...request, conversation: send.conversation, caller: 'test' };
}

const reached = (status: string) => (message: Message) =>
  message.delivery?.some((each) => each.status === status) ?? false;
const content = { text: 'It is on its way.' };

describe('what the provider reports finds the message that was sent', () => {
  test('SMS', async () => {
    const opening = { to: [newNumber()] };
    const sent = await sendOnce({ channel: 'sms', outgoing: { content, sentBy: 'clerk', opening } });
    await takeEventsUntil(sent, reached('delivered'));
  });

  test('WhatsApp, in the conversation in which they wrote', async () => {
    const theirs = newNumber();
    acs.emulator().whatsapp.receive({ from: theirs, text: 'Where is it?' });
    const event = waiting.find(
      ({ type, data }) => type === 'AdvancedMessageReceived' && data.from === theirs.slice(1),
    );
    const person = event?.data.fromBSUID ?? theirs;
    const conversation = `${ourChannel}:${person}`;
    await servicesOf().accept(
      waiting
        .splice(0)
        .map(({ type, ...event }) => ({ ...event, eventType: `Microsoft.Communication.${type}` })),
    );
    const request = { channel: 'whatsapp', conversation, outgoing: { content, sentBy: 'clerk' } };
    await takeEventsUntil(await sendOnce(request), reached('delivered'));
  });

  test('email', async () => {
    const opening = { to: ['joe@example.org'], topic: 'News' };
    const sent = await sendOnce({ channel: 'email', outgoing: { content, sentBy: 'clerk', opening } });
    await takeEventsUntil(sent, reached('delivered'));
  });

  test('chat: the webhook’s own event for the message makes no second one and leaves who sent it', async () => {
    const clients = servicesOf().sends.channels;
    assert.ok(clients.some(({ name }) => name === 'chat'));
    const identity = await acs.clients().identity();
    const { communicationUserId } = await identity.createUser();
    const opening = { to: [communicationUserId], topic: 'Help' };
    const sent = await sendOnce({ channel: 'chat', outgoing: { content, sentBy: 'clerk', opening } });
    const isTold = () => waiting.some(({ type }) => type === 'ChatMessageReceivedInThread');
    while (!isTold()) await wait(20);
    const message = await takeEventsUntil(sent, () => true);
    assert.deepEqual([message.text, message.sentBy], [content.text, 'clerk']);
  });
});

describe('SMS_OPT_OUT_REPLY', () => {
  test('is put into the outbox once for each opt-out, and sent by the timer', async () => {
    const { sms } = acs.emulator();
    const theirs = newNumber();
    const hear = async (text: string) => {
      sms.receive({ from: theirs, text });
      const events = waiting.splice(0).map(({ type, ...event }) => {
        return { ...event, eventType: `Microsoft.Communication.${type}` };
      });
      await servicesOf().accept([...events, ...events]);
      // The carrier would let nothing through; a short code’s provider leaves that to us.
      const path = conversationPath({ channel: 'sms', id: `${ourNumber}:${theirs}` });
      assert.ok(
        (await servicesOf().transcripts.read(path))?.conversation.messages.some((each) => each.text === text),
      );
    };
    const faults: unknown[] = [];
    const parts = { ...servicesOf().sends, logFault: (error: unknown) => faults.push(error) };
    sms.configure({ sendsToOptedOut: 'reported' });
    await hear('STOP');
    assert.deepEqual(await resumeSends(parts), { taken: 1, recorded: 1, failed: 0, left: 0 });
    assert.deepEqual(
      sms.sent(theirs).map(({ text }) => text),
      ['You will get no more messages from us.'],
    );
    await hear('stop please');
    await hear('Stop');
    assert.deepEqual(await resumeSends(parts), { taken: 1, recorded: 0, failed: 1, left: 0 });
    await hear('START');
    await hear('QUIT');
    assert.equal((await resumeSends(parts)).recorded, 1);
    assert.equal(sms.sent(theirs).length, 2);
    assert.deepEqual(faults, []);
  });
});
