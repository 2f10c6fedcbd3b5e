import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { type Answer, ask, askUntil, newFolder, type Parley, post, startParley } from '../support/parley.ts';

let parley: Parley;
let acs = '';
let removeFolder: () => Promise<void>;
before(async () => {
  const { folder, remove } = await newFolder();
  removeFolder = remove;
  parley = await startParley(folder);
  acs =
    /^ACS emulator: (\S+)/.exec(parley.lines.find((line) => line.startsWith('ACS emulator:')) ?? '')?.[1] ??
    '';
});
after(async () => {
  await parley?.stop();
  await removeFolder?.();
});

const ours = '+18005550100';
const theirs = '+15551230009';
const id = encodeURIComponent(`${ours}:${theirs}`);
const conversation = () => `${parley.url}/api/conversations/sms/${id}`;
const send = (body: unknown, headers: Record<string, string> = {}): Promise<Answer> =>
  post(`${conversation()}/messages`, body, headers);
const error = ({ text }: Answer) => JSON.parse(text).error;

describe('sending through the front door', () => {
  test('a person writes, is answered once, and the report finds the answer', async () => {
    await post(`${acs}/emulator/people/sms`, { from: theirs, text: 'Where is my order?' });
    await askUntil(conversation(), ({ status }) => status === 200);
    const headers = { 'idempotency-key': 'answer-1' };
    const first = await send({ text: 'On its way', sentBy: 'clerk' }, headers);
    assert.equal(first.status, 202, first.text);
    const accepted = JSON.parse(first.text);
    assert.deepEqual(accepted, {
      conversation: { channel: 'sms', id: `${ours}:${theirs}` },
      sendId: accepted.sendId,
      messageId: accepted.messageId,
      segments: 1,
      status: 'sent',
    });
    const location = first.headers.get('location') ?? '';
    assert.equal(location, `${parley.url}/api/sends/${accepted.sendId}`);
    const again = await send({ sentBy: 'clerk', text: 'On its way' }, headers);
    assert.deepEqual([again.status, again.json], [202, first.json]);
    const other = await send({ text: 'Lost' }, headers);
    assert.deepEqual([other.status, error(other).code], [422, 'key_reused']);

    const state = JSON.parse((await ask(location)).text);
    assert.deepEqual([state.status, state.messageId, state.tries], ['sent', accepted.messageId, 1]);
    const told = await askUntil(conversation(), ({ text }) => text.includes('"status":"delivered"'));
    const { messages } = JSON.parse(told.text);
    assert.deepEqual(
      messages.map(({ text, sentBy }: { text: string; sentBy?: string }) => [text, sentBy]),
      [
        ['Where is my order?', undefined],
        ['On its way', 'clerk'],
      ],
    );
    const got = JSON.parse((await ask(`${acs}/emulator/messages?to=${encodeURIComponent(theirs)}`)).text);
    assert.equal(got.length, 1);
    assert.ok(!parley.lines.some((line) => line.includes('On its way') || line.includes(theirs)));
  });

  test('a conversation is begun on each channel', async () => {
    const begin = (channel: string, body: unknown) =>
      post(`${parley.url}/api/conversations/${channel}`, body);
    const sms = await begin('sms', { to: '+15551230010', text: 'Hello' });
    assert.equal(sms.status, 202, sms.text);
    const email = await begin('email', { to: ['joe@example.org'], html: '<p>Hello</p>', subject: 'News' });
    assert.equal(email.status, 202, email.text);
    const template = { name: 'conversation_reopened', language: 'en_US' };
    const whatsapp = await begin('whatsapp', { to: '+15551230010', template });
    assert.equal(whatsapp.status, 202, whatsapp.text);
    const closed = await begin('whatsapp', { to: '+15551230010', text: 'Hello' });
    assert.deepEqual([closed.status, error(closed).code], [409, 'whatsapp_window_closed']);
    assert.ok(error(closed).templates.length > 0);
    const found = await ask(`${parley.url}/api/conversations?with=${encodeURIComponent('+15551230010')}`);
    const channels = JSON.parse(found.text).conversations.map(({ channel }: { channel: string }) => channel);
    assert.deepEqual(channels.sort(), ['sms', 'whatsapp'], 'whom we wrote to first is found by their number');
    for (const { json } of [sms, email, whatsapp]) {
      assert.ok(typeof json === 'object' && json !== null && 'status' in json);
      assert.equal(json.status, 'sent');
    }
  });

  test('a provider that fails makes it pending, and says when it is tried again', async () => {
    await post(`${acs}/emulator/faults`, { path: '/sms', answer: { status: 503 } });
    const pending = await send({ text: 'A little later' });
    const { status, sendId, messageId } = JSON.parse(pending.text);
    assert.deepEqual([pending.status, status, messageId], [202, 'pending', undefined]);
    const address = `${parley.url}/api/sends/${sendId}`;
    const waiting = JSON.parse((await ask(address)).text);
    assert.deepEqual([waiting.status, waiting.error.code], ['pending', 'provider_unavailable']);
    assert.equal(typeof waiting.nextTryAt, 'string');
  });

  test('wrong requests are told what is right', async () => {
    const wrong: [unknown, number, RegExp][] = [
      ['', 411, /Content-Length/],
      ['no json', 400, /JSON object/],
      [[], 400, /^The body must be an object\.$/],
      [{}, 400, /exactly one/],
      [{ text: 'a', template: { name: 'a', language: 'en' } }, 400, /exactly one/],
      [{ text: '' }, 400, /text: must not be empty/],
      [{ text: 7 }, 400, /^text: must be text\.$/],
      [{ text: 'a', colour: 'red' }, 400, /^The body takes no "colour", only text, html, .*sentBy\.$/],
      [{ text: 'a', subject: 'b' }, 400, /subject goes with html/],
      [{ html: '<p>a</p>' }, 400, /plain text/],
      [{ media: { url: 'https://example.org/a', kind: 'sticker' } }, 400, /media\.kind/],
      [{ text: 'a'.repeat(2_049) }, 413, /2048 characters/],
    ];
    for (const [body, status, message] of wrong) {
      const answer = await send(body);
      assert.equal(answer.status, status, answer.text);
      assert.match(error(answer).message, message);
    }
    assert.equal((await send({ text: 'a' }, { 'idempotency-key': 'a b' })).status, 400);
    const nobody = `${parley.url}/api/conversations/sms/${encodeURIComponent(`${ours}:+15550000000`)}/messages`;
    assert.equal((await post(nobody, { text: 'a' })).status, 404);
    assert.equal((await post(`${parley.url}/api/conversations/fax`, { to: 'x', text: 'a' })).status, 404);
    assert.equal((await post(`${parley.url}/api/conversations/sms`, { text: 'a' })).status, 400);
    for (const sendId of ['00000000-0000-4000-8000-000000000000', 'x', '..%2Fopen']) {
      assert.equal((await ask(`${parley.url}/api/sends/${sendId}`)).status, 404, sendId);
    }
  });
});
