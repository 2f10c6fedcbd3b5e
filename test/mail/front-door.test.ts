import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { type Azurite, startAzurite } from '../../local/azurite/start-azurite.ts';
import { attached, mail, multipart } from '../channels/email/mails.ts';
import { acsEvent } from '../support/acs-events.ts';
import { type Answer, ask, newFolder, type Parley, post, startParley } from '../support/parley.ts';

let azurite: Azurite;
let parley: Parley;
const started: (() => Promise<void>)[] = [];

before(async () => {
  const { folder, remove } = await newFolder();
  started.push(remove);
  azurite = await startAzurite({ folder: join(folder, 'storage'), log: () => {} });
  started.push(azurite.stop);
  parley = await startParley(join(folder, 'parley'), {
    AzureWebJobsStorage: azurite.connectionString,
    // Nothing is sent here: no emulator is needed.
    ACS_EMULATOR_URL: 'http://127.0.0.1:9',
    EMAIL_TRUSTED_AUTH_HEADER: 'Authentication-Results',
  });
  started.push(parley.stop);
});

after(async () => {
  for (const stop of started.toReversed()) await stop();
});

const vouched = { 'Authentication-Results': 'mx.shop.example; dmarc=pass header.from=customer.example' };

function inbound(raw: Buffer, type = 'message/rfc822'): Promise<Answer> {
  const body = new Uint8Array(raw);
  return ask(`${parley.url}/api/email/inbound`, { method: 'POST', body, headers: { 'content-type': type } });
}

async function conversation(id: string) {
  const { text } = await ask(`${parley.url}/api/conversations/email/${encodeURIComponent(id)}`);
  return JSON.parse(text);
}

const ids = ({ messages }: { messages: { id: string }[] }): string[] => messages.map(({ id }) => id);

describe('mail through the front door', () => {
  test('a mail, its repeat and its answer are one conversation, whichever of its ids is asked for', async () => {
    const first = mail({ headers: vouched });
    const messageId = 'first@customer.example';
    const expected = { conversation: { channel: 'email', id: messageId }, messageId };
    for (const _ of [1, 2]) {
      const answer = await inbound(first);
      assert.deepEqual([answer.status, answer.json], [200, expected]);
    }
    const reply = mail({
      headers: {
        ...vouched,
        'Message-ID': '<second@customer.example>',
        References: '<first@customer.example>',
      },
    });
    assert.equal((await inbound(reply, 'Message/RFC822; charset=utf-8')).status, 200);
    for (const id of [messageId, 'second@customer.example']) {
      const stored = await conversation(id);
      assert.equal(stored.id, 'first@customer.example');
      assert.deepEqual(ids(stored), ['first@customer.example', 'second@customer.example']);
    }
  });

  test('a delivery report joins the answer that came before it', async () => {
    const operation = 'fe26a737-6941-410c-b126-7eacbe4035d1';
    const report = (data: Record<string, unknown>) =>
      acsEvent('EmailDeliveryReportReceived', {
        messageId: operation,
        recipient: 'ada@customer.example',
        status: 'Delivered',
        deliveryAttemptTimeStamp: '2026-11-23T09:00:20.28Z',
        ...data,
      });
    await inbound(
      mail({ headers: { 'Message-ID': '<early@customer.example>', References: '<sent@mail.example>' } }),
    );
    const answer = await post(`${parley.url}/api/events`, [
      report({ internetMessageId: '<sent@mail.example>' }),
      report({ recipient: 'joe@customer.example' }),
    ]);
    assert.deepEqual(answer.json, { received: 2, stored: 2, deadLettered: 0, ignored: {} });
    const [byOperation, byMail] = await Promise.all([
      conversation(operation),
      conversation('early@customer.example'),
    ]);
    assert.deepEqual(byOperation, byMail);
    assert.deepEqual(ids(byMail), ['early@customer.example']);
    const trigger = await post(
      `${parley.url}/runtime/webhooks/eventgrid?functionName=emailEvents`,
      [report({ status: 'Bounced' })],
      { 'aeg-event-type': 'Notification' },
    );
    assert.equal(trigger.status, 202);
  });

  test('a stranger is marked, and a name in two letters cases is one person', async () => {
    const forged = mail({
      headers: {
        From: 'Ada <ADA@Customer.Example>',
        'Message-ID': '<evil@stranger.example>',
        References: '<first@customer.example>',
      },
    });
    await inbound(forged);
    const { messages, participants } = await conversation('first@customer.example');
    const [stranger] = messages.filter(({ id }: { id: string }) => id === 'evil@stranger.example');
    assert.deepEqual(stranger.marks, ['unverified-sender']);
    assert.equal(participants.length, 1);
  });

  test('attachments are there, and a file of a dangerous name has a harmless one', async () => {
    const raw = multipart('mixed', [{ body: 'see' }, attached('../../host.json', 'text/html', '<script>')], {
      'Message-ID': '<files@customer.example>',
    });
    await inbound(raw);
    const [{ attachments }] = (await conversation('files@customer.example')).messages;
    assert.deepEqual([attachments[0].name, attachments[0].size], ['host.json', 8]);
    assert.match(attachments[0].blob, /^email\/files~40customer~2eexample\/[0-9a-f]{64}$/);
  });

  test('what is no mail is a dead letter that can be read and replayed', async () => {
    const answer = await inbound(Buffer.from('Dear all,\r\n\r\nno headers here'));
    assert.deepEqual([answer.status, answer.json], [200, { deadLettered: 'the mail names no sender' }]);
    const { deadLetters } = JSON.parse((await ask(`${parley.url}/api/dead-letters`)).text);
    assert.equal(deadLetters.length, 1);
    const replayed = await post(`${parley.url}/api/dead-letters/replay`, '');
    assert.deepEqual(replayed.json, { replayed: 0, left: 1 });
  });

  test('wrong requests are told what is right', async () => {
    assert.equal((await inbound(mail(), 'text/plain')).status, 415);
    assert.equal((await inbound(Buffer.alloc(0))).status, 411);
    assert.equal((await ask(`${parley.url}/api/email/inbound`)).status, 404);
    const tooLarge = await inbound(Buffer.alloc(43 * 1024 ** 2, 'a'));
    assert.equal(tooLarge.status, 413);
    assert.match(tooLarge.text, /"code":"too_large"/);
  });

  test('a mail of 30 MB is stored', async () => {
    const file = attached('film.bin', 'application/octet-stream', Buffer.alloc(22_000_000, 7));
    const raw = multipart('mixed', [{ body: 'the film' }, file], { 'Message-ID': '<film@customer.example>' });
    assert.ok(raw.length > 29_000_000);
    assert.equal((await inbound(raw)).status, 200);
    const [{ attachments }] = (await conversation('film@customer.example')).messages;
    assert.equal(attachments[0].size, 22_000_000);
  });

  test('without storage the answer is 503 in time, and the mail is stored by the next try', async () => {
    const raw = mail({ headers: { 'Message-ID': '<outage@customer.example>' } });
    const { pid } = azurite;
    assert.ok(pid);
    process.kill(pid, 'SIGSTOP');
    const started = performance.now();
    const [refused] = await Promise.all([inbound(raw), wait(8_000)]).finally(() =>
      process.kill(pid, 'SIGCONT'),
    );
    assert.equal(refused.status, 503);
    assert.match(refused.text, /"code":"storage_unavailable"/);
    assert.ok(performance.now() - started < 10_000);
    assert.equal((await inbound(raw)).status, 200);
    assert.deepEqual(ids(await conversation('outage@customer.example')), ['outage@customer.example']);
  });
});
