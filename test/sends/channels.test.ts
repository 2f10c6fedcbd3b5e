import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { describe, test } from 'node:test';
import type { OutgoingContent } from '../../src/shared/channels/sender.ts';
import { acceptSend } from '../../src/shared/sends/accept-send.ts';
import { providerIdOf } from '../../src/shared/sends/send-id.ts';
import type { ConversationKey } from '../../src/shared/transcripts/entry.ts';
import { useAcs } from '../support/acs.ts';
import { useAzurite } from '../support/azurite.ts';
import { countInThread, newNumber } from './each-channel.ts';
import { inbound, makeParts, newBlobs, ourAddress, ourChannel, ourNumber } from './make-parts.ts';

const azurite = useAzurite();
const acs = useAcs();

function begin(environment: Record<string, string> = {}) {
  const emulator = acs.emulator();
  const now = Date.now();
  const blobs = newBlobs(azurite.newContainer);
  const parts = makeParts({ emulator, blobs, clock: () => new Date(now), environment });
  const send = ({ channel, id }: ConversationKey, content: OutgoingContent, more: object = {}) =>
    acceptSend(
      { channel, conversation: id, outgoing: { content, sentBy: 'clerk', ...more }, caller: 'test' },
      parts,
    );
  const open = (
    channel: string,
    content: OutgoingContent,
    opening: { to: string[]; from?: string; topic?: string },
  ) => acceptSend({ channel, outgoing: { content, sentBy: 'clerk', opening }, caller: 'test' }, parts);
  const hear = (key: ConversationKey, from: string, text: string, secondsAgo: number, more: object = {}) =>
    parts.say(key, [inbound(key, from, text, new Date(now - secondsAgo * 1_000), more)]);
  return { emulator, parts, send, open, hear };
}

const text = { text: 'It is on its way.' };
const code = (expected: string) => ({ code: expected });

describe('SMS', () => {
  test('goes from our number with a report asked for, and tells its segments', async () => {
    const { emulator, open, parts } = begin();
    const theirs = newNumber();
    const send = await open('sms', { text: 'я'.repeat(71) }, { to: [theirs] });
    assert.deepEqual([send.conversation, send.segments], [`${ourNumber}:${theirs}`, 2]);
    const [sent] = emulator.sms.sent(theirs);
    assert.deepEqual(
      [sent?.messageId, sent?.from, sent?.wantsReport, sent?.tag],
      [send.messageId, ourNumber, true, providerIdOf(send)],
    );
    const { messages } = await parts.read({ channel: 'sms', id: send.conversation ?? '' });
    assert.deepEqual(
      messages.map(({ id, sender, sentBy }) => [id, sender.id, sentBy]),
      [[send.messageId, `4:${ourNumber}`, 'clerk']],
    );
  });

  test('goes to nobody who opted out, here or at the carrier', async () => {
    const { emulator, send, open, hear } = begin();
    const theirs = newNumber();
    const key = { channel: 'sms', id: `${ourNumber}:${theirs}` };
    await hear(key, `4:${theirs}`, 'Stop!', 60);
    await assert.rejects(send(key, text), code('opted_out'));
    await assert.rejects(open('sms', text, { to: [theirs] }), code('opted_out'));
    await hear(key, `4:${theirs}`, 'START', 30);
    await send(key, text);
    assert.equal(emulator.sms.sent(theirs).length, 1);
    const other = newNumber();
    emulator.sms.receive({ from: other, text: 'STOP' });
    await assert.rejects(open('sms', text, { to: [other] }), code('opted_out'));
  });

  test('carries plain text of 2,048 characters to one number', async () => {
    const { open } = begin();
    const to = [newNumber()];
    await open('sms', { text: 'a'.repeat(2_048) }, { to });
    await assert.rejects(open('sms', { text: 'a'.repeat(2_049) }, { to }), code('too_large'));
    await assert.rejects(open('sms', { html: '<p>Hi</p>' }, { to }), code('bad_request'));
    for (const wrong of [['me'], [], [...to, ...to], ['12']]) {
      await assert.rejects(open('sms', text, { to: wrong }), code('bad_request'));
    }
    await assert.rejects(open('sms', text, { to, topic: 'x' }), code('bad_request'));
    await assert.rejects(begin({ SMS_FROM: '' }).open('sms', text, { to }), code('not_configured'));
  });

  test('from a number that is not ours is refused with the provider’s words', async () => {
    const { open } = begin();
    await assert.rejects(
      open('sms', text, { to: [newNumber()], from: '+18005559999' }),
      code('provider_refused'),
    );
  });
});

describe('WhatsApp', () => {
  const hello = async (parts: ReturnType<typeof begin>, secondsAgo = 60) => {
    const theirs = newNumber();
    const key = { channel: 'whatsapp', id: `${ourChannel}:${theirs}` };
    parts.emulator.whatsapp.receive({ from: theirs, text: 'Hello' });
    await parts.hear(key, `4:${theirs}`, 'Hello', secondsAgo);
    return { key, theirs };
  };

  test('answers within a day of their last message, and by a template after it', async () => {
    const parts = begin();
    await parts.send((await hello(parts, 23 * 3_600)).key, text);
    const { key, theirs } = await hello(parts, 25 * 3_600);
    await assert.rejects(parts.send(key, text), (error: Error & { details?: { templates?: unknown[] } }) => {
      assert.match(error.message, /24 hours/);
      assert.ok(error.details?.templates?.some((each) => JSON.stringify(each).includes('order_shipped')));
      assert.ok(!JSON.stringify(error.details).includes('summer_sale'), 'paused');
      return true;
    });
    const template = {
      name: 'order_shipped',
      language: 'de',
      values: [
        { kind: 'text', name: 'order', text: '7012' },
        { kind: 'text', name: 'day', text: 'Freitag' },
      ],
      bindings: { kind: 'whatsApp', body: [{ refValue: 'order' }, { refValue: 'day' }] },
    };
    const sent = await parts.send(key, { template });
    assert.equal(parts.emulator.whatsapp.sent(theirs).length, 1);
    const { messages } = await parts.parts.read(key);
    assert.equal(
      messages.find(({ id }) => id === sent.messageId)?.text,
      '[template order_shipped] 7012 Freitag',
    );
  });

  test('what a template lacks is told before it is sent', async () => {
    const parts = begin();
    const { key } = await hello(parts);
    const body = [{ refValue: 'x' }];
    for (const [template, reason] of [
      [{ name: 'a', language: 'english' }, /language/],
      [{ name: 'a', language: 'en', values: [{ kind: 'sound', name: 'x' }] }, /values\.0/],
      [{ name: 'a', language: 'en', bindings: { kind: 'whatsApp', body } }, /refValue/],
      [{ name: 'a', language: 'en', bindings: { kind: 'other' } }, /bindings\.kind/],
    ] as const) {
      await assert.rejects(
        parts.send(key, { template: structuredClone(template) as never }),
        (error: Error) => reason.test(error.message),
      );
    }
  });

  test('sends files from public addresses alone', async () => {
    const parts = begin();
    const { key, theirs } = await hello(parts);
    const media = {
      url: 'https://93.184.216.34/map.png?key=secret',
      kind: 'image' as const,
      caption: 'The way',
    };
    const sent = await parts.send(key, { media });
    const { messages } = await parts.parts.read(key);
    const message = messages.find(({ id }) => id === sent.messageId);
    assert.equal(message?.text, 'The way');
    assert.deepEqual(
      message?.attachments?.map(({ type }) => type),
      ['image/*'],
    );
    assert.doesNotMatch(JSON.stringify(message), /secret/);
    const kinds = [
      { ...media, kind: 'document' as const, fileName: 'a.pdf' },
      { url: media.url, kind: 'audio' as const },
    ];
    for (const each of kinds) await parts.send(key, { media: each });
    assert.equal(parts.emulator.whatsapp.sent(theirs).length, 3);
    for (const url of [
      'https://10.0.0.1/a.png',
      'http://93.184.216.34/a.png',
      'https://u:p@93.184.216.34/',
    ]) {
      await assert.rejects(parts.send(key, { media: { ...media, url } }), code('bad_request'));
    }
    const values = [{ kind: 'image', name: 'x', url: 'https://127.0.0.1/a.png' }];
    await assert.rejects(
      parts.send(key, { template: { name: 'a', language: 'en', values } }),
      code('bad_request'),
    );
    assert.equal(parts.emulator.whatsapp.sent(theirs).length, 3);
  });

  test('begins by a template alone, and cannot quote', async () => {
    const { open, emulator, send } = begin();
    const theirs = newNumber();
    await assert.rejects(open('whatsapp', text, { to: [theirs] }), code('whatsapp_window_closed'));
    const template = { name: 'conversation_reopened', language: 'en_US' };
    const opened = await open('whatsapp', { template }, { to: [theirs] });
    assert.equal(opened.conversation, `${ourChannel}:${theirs}`);
    assert.equal(emulator.whatsapp.sent(theirs).length, 1);
    const key = { channel: 'whatsapp', id: opened.conversation ?? '' };
    await assert.rejects(send(key, { template }, { replyTo: 'x' }), code('bad_request'));
    await assert.rejects(send(key, { html: 'x' }), code('bad_request'));
  });
});

describe('chat', () => {
  const newThread = async ({ parts }: ReturnType<typeof begin>) => {
    const identity = await parts.clients.identity();
    const { communicationUserId: ada } = await identity.createUser();
    const client = await parts.clients.chatAs(ada);
    const { chatThread } = await client.createChatThread({ topic: 'Help' });
    return { key: { channel: 'chat', id: chatThread?.id ?? '' }, ada };
  };
  const joined = (key: ConversationKey, id: string) => ({
    ...{ kind: 'participant', id: `participant:${id}:1`, conversation: key.id, version: '1' },
    ...{ at: '2026-11-24T08:00:00.000Z', participant: { id }, change: 'added' },
  });

  test('refuses a thread in which our user takes no part, and says how to change that', async () => {
    const parts = begin();
    const { key, ada } = await newThread(parts);
    await parts.hear(key, ada, 'Hello', 60);
    await assert.rejects(parts.send(key, text), (error: Error) => {
      assert.match(error.message, /CHAT_ADD_SERVICE_USER=true/);
      return 'code' in error && error.code === 'not_a_participant';
    });
    await assert.rejects(
      begin({ CHAT_SERVICE_USER: '' }).open('chat', text, { to: [ada] }),
      code('not_configured'),
    );
  });

  test('adds our user in the name of somebody who takes part, where that is wanted', async () => {
    const parts = begin({ CHAT_ADD_SERVICE_USER: 'true' });
    const { key, ada } = await newThread(parts);
    await parts.parts.say(key, [joined(key, '8:acs:0-gone') as never, joined(key, ada) as never]);
    await parts.send(key, { html: '<p>Hello <b>Ada</b></p>' });
    assert.equal(await countInThread(parts.parts, parts.emulator, key.id, '<p>Hello <b>Ada</b></p>'), 1);
    const { messages } = await parts.parts.read(key);
    assert.deepEqual(
      messages.map((message) => [message.text, message.html, message.sender.id]),
      [['Hello Ada', '<p>Hello <b>Ada</b></p>', parts.emulator.serviceUser]],
    );
    const stranger = { channel: 'chat', id: '19:nobody@thread.v2' };
    await parts.parts.say(stranger, [joined(stranger, '8:acs:gone') as never]);
    await assert.rejects(parts.send(stranger, text));
  });

  test('begins no thread at all where somebody cannot take part', async () => {
    const { parts, open } = begin();
    const { communicationUserId: ada } = await (await parts.clients.identity()).createUser();
    const gone = ada.replace(/_.*/, `_${randomUUID()}`);
    await assert.rejects(open('chat', text, { to: [ada, gone] }), code('provider_refused'));
    for await (const { deletedOn } of (await parts.clients.chatAs(ada)).listChatThreads())
      assert.ok(deletedOn);
  });

  test('takes 28 KB, and neither subject, media nor quotes', async () => {
    const parts = begin();
    const identity = await parts.parts.clients.identity();
    const to = [(await identity.createUser()).communicationUserId];
    const { conversation = '' } = await parts.open(
      'chat',
      { text: '🙂'.repeat(7 * 1024) },
      { to, topic: 'Hi' },
    );
    const key = { channel: 'chat', id: conversation };
    await assert.rejects(parts.send(key, { text: `${'🙂'.repeat(7 * 1024)}.` }), code('too_large'));
    await assert.rejects(parts.send(key, { html: 'x', subject: 'y' }), code('bad_request'));
    await assert.rejects(parts.send(key, text, { replyTo: '1' }), code('bad_request'));
    const template = { name: 'a', language: 'en' };
    await assert.rejects(parts.send(key, { template }), code('bad_request'));
    await assert.rejects(parts.open('chat', text, { to: ['joe'] }), code('bad_request'));
    await assert.rejects(parts.open('chat', text, { to, from: 'x' }), code('bad_request'));
  });
});

describe('email', () => {
  const newMail = async (parts: ReturnType<typeof begin>) => {
    const id = `${randomUUID()}@example.org`;
    const address = `${randomUUID()}@example.org`;
    const key = { channel: 'email', id };
    const first = { messageId: id, subject: 'Where is my order?' };
    await parts.hear(key, `mailto:${address}`, 'It is late.', 300, first);
    return { key, address, id };
  };

  test('answers whoever wrote last, in their thread', async () => {
    const parts = begin();
    const { key, address, id } = await newMail(parts);
    const send = await parts.send(key, { html: '<p>On its way</p>', text: 'On its way' });
    const [sent] = parts.emulator.email.sent(address);
    assert.equal(sent?.message.senderAddress, ourAddress);
    assert.deepEqual(sent?.message.content, {
      subject: 'Re: Where is my order?',
      html: '<p>On its way</p>',
      plainText: 'On its way',
    });
    assert.deepEqual(sent?.message.headers, { 'In-Reply-To': `<${id}>`, References: `<${id}>` });
    const { messages } = await parts.parts.read(key);
    const message = messages.find((each) => each.id === send.messageId);
    assert.deepEqual(
      [message?.subject, message?.to, message?.text],
      ['Re: Where is my order?', [{ id: `mailto:${address}` }], 'On its way'],
    );
  });

  test('does not answer a stranger who knows the thread, nor a machine, unless it is told to', async () => {
    const parts = begin();
    const { key, address } = await newMail(parts);
    const stranger = { messageId: 'evil@example.net', marks: ['unverified-sender'] };
    await parts.hear(key, 'mailto:evil@example.net', 'What did you say?', 200, stranger);
    await parts.hear(key, 'mailto:machine@example.net', 'I am away', 100, {
      messageId: 'm@example.net',
      marks: ['auto-reply'],
    });
    await parts.send(key, text);
    assert.equal(parts.emulator.email.sent(address).length, 1);
    assert.equal(parts.emulator.email.sent('evil@example.net').length, 0);
    await parts.send(key, text, { replyTo: 'evil@example.net' });
    const [told] = parts.emulator.email.sent('evil@example.net');
    assert.equal(told?.message.headers?.['In-Reply-To'], '<evil@example.net>');
    await assert.rejects(parts.send(key, text, { replyTo: 'nothing' }), code('bad_request'));
  });

  test('begins with a subject, and goes on with those it was sent to', async () => {
    const parts = begin();
    const to = [`${randomUUID()}@example.org`, `${randomUUID()}@example.org`];
    await assert.rejects(parts.open('email', text, { to }), /subject/);
    const opened = await parts.open('email', text, { to, topic: 'News\r\nBcc: x@example.org' });
    assert.deepEqual([opened.conversation, opened.messageId], [providerIdOf(opened), providerIdOf(opened)]);
    const [first] = parts.emulator.email.sent(to[1] ?? '');
    assert.equal(first?.message.content.subject, 'News Bcc: x@example.org');
    await parts.send({ channel: 'email', id: opened.conversation ?? '' }, text);
    assert.equal(parts.emulator.email.sent(to[0] ?? '').length, 2);
    await assert.rejects(parts.open('email', text, { to: ['joe'], topic: 'x' }), code('bad_request'));
    const many = Array.from({ length: 51 }, (_, index) => `p${index}@example.org`);
    await assert.rejects(parts.open('email', text, { to: many, topic: 'x' }), code('bad_request'));
    const none = begin({ EMAIL_FROM: '' });
    await assert.rejects(none.open('email', text, { to, topic: 'x' }), code('not_configured'));
  });
});
