import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { EmailClient, type EmailMessage } from '@azure/communication-email';
import fc from 'fast-check';
import PostalMime from 'postal-mime';
import { toMime } from '../../local/acs/email/to-mime.ts';
import { startAcsEmulator } from '../../local/acs/start-emulator.ts';
import { clientsOf } from '../support/acs.ts';
import { officialSamples } from '../support/acs-events.ts';
import { openDescription, recordAnswers } from './check-answers.ts';
import { collectEvents } from './collect-events.ts';

const collected = collectEvents();
const acs = await startAcsEmulator({ port: 0, dataFile: ':memory:', onEvent: collected.onEvent });
after(() => acs.stop());
const { email } = acs;
const quick = { runningMilliseconds: 20, reportAfterMilliseconds: 20, retryAfterSeconds: 0 };
email.configure(quick);
const client = await clientsOf(acs).email();

const senderAddress = 'donotreply@parley.example';
const delivered = 'EmailDeliveryReportReceived';
let people = 0;
const newAddress = () => `person-${++people}@customer.example`;
const mailTo = (...to: string[]): EmailMessage => ({
  senderAddress,
  content: { subject: 'Your order 4711', plainText: 'It is on its way.' },
  recipients: { to: to.map((address) => ({ address })) },
});
const options = { updateIntervalInMs: 5 };

test('a mail is sent, and each recipient gets a report with the operation and the id of the mail', async () => {
  const [ana, ben, eve] = [newAddress(), newAddress(), newAddress()];
  const message: EmailMessage = {
    ...mailTo(ana),
    recipients: { to: [{ address: ana }], cc: [{ address: ben }], bcc: [{ address: eve }, { address: ana }] },
  };
  const poller = await client.beginSend(message, options);
  const result = await poller.pollUntilDone();
  assert.equal(result.status, 'Succeeded');
  const reports = await collected.dataOf(delivered, result.id, 3);
  const [mail] = email.sent(ana);
  assert.match(mail?.internetMessageId ?? '', /^<[^@<>]+@parley\.example>$/);
  for (const [index, recipient] of [ana, ben, eve].entries()) {
    const { deliveryAttemptTimeStamp, ...rest } = reports[index] ?? {};
    assert.ok(Date.parse(String(deliveryAttemptTimeStamp)));
    assert.deepEqual(rest, {
      sender: senderAddress,
      recipient,
      messageId: result.id,
      internetMessageId: mail?.internetMessageId,
      status: 'Delivered',
    });
  }
  assert.deepEqual(
    email.sent(eve.toUpperCase()).map(({ id }) => id),
    [result.id],
  );
});

test('an operation goes from NotStarted over Running to Succeeded, and says when to ask again', async () => {
  const start = Date.now();
  let milliseconds = 0;
  const clock = () => new Date(start + milliseconds);
  const slow = await startAcsEmulator({ port: 0, dataFile: ':memory:', clock });
  after(() => slow.stop());
  slow.email.configure({ notStartedMilliseconds: 1_000, runningMilliseconds: 1_000, retryAfterSeconds: 7 });
  const { httpClient, answers } = recordAnswers(slow.url);
  const slowClient = new EmailClient(slow.connectionString, { httpClient, retryOptions: { maxRetries: 0 } });
  const poller = await slowClient.beginSend(mailTo(newAddress()));
  const look = async (moved: number, status: string) => {
    milliseconds += moved;
    while (slow.email.sent()[0]?.status !== status) await new Promise((resolve) => setTimeout(resolve, 10));
    await poller.poll();
    return answers.at(-1);
  };
  const [accepted, notStarted] = answers;
  assert.equal(accepted?.status, 202);
  assert.equal(accepted.headers['retry-after'], '7');
  const { id } = Object(accepted.body);
  assert.match(
    accepted.headers['operation-location'] ?? '',
    new RegExp(
      `^https://[a-z-]+\\.communication\\.azure\\.com/emails/operations/${id}\\?api-version=2025-09-01$`,
    ),
  );
  assert.partialDeepStrictEqual(notStarted, { status: 200, body: { id, status: 'NotStarted' } });
  const running = await look(1_000, 'Running');
  assert.partialDeepStrictEqual(running, {
    body: { id, status: 'Running' },
    headers: { 'retry-after': '7' },
  });
  const over = await look(1_000, 'Succeeded');
  assert.deepEqual(over?.body, { id, status: 'Succeeded' });
  assert.equal(over.headers['retry-after'], undefined);
});

test('the same Operation-Id and mail is the same operation and sends nothing twice; another mail is refused', async () => {
  const to = newAddress();
  const operationId = randomUUID().toUpperCase();
  const first = await (await client.beginSend(mailTo(to), { ...options, operationId })).pollUntilDone();
  assert.equal(first.id, operationId);
  const again = await (await client.beginSend(mailTo(to), { ...options, operationId })).pollUntilDone();
  assert.deepEqual(again, first);
  const other = { ...mailTo(to), content: { subject: 'Another', plainText: 'mail' } };
  await assert.rejects(client.beginSend(other, { operationId }), { statusCode: 400, code: 'BadRequest' });
  assert.equal(email.sent(to).length, 1);
  const [only] = await collected.dataOf(delivered, operationId);
  assert.equal(only?.recipient, to);
});

test('a failed operation throws its code at the end, and delivers nothing', async () => {
  const to = newAddress();
  email.configure({ failure: { code: 'EmailDropped', message: 'Email was dropped.' } });
  const poller = await client.beginSend(mailTo(to), options);
  await assert.rejects(poller.pollUntilDone(), /EmailDropped/);
  email.configure({ failure: null });
  const [mail] = email.sent(to);
  assert.partialDeepStrictEqual(mail, { status: 'Failed', error: { code: 'EmailDropped' }, deliveries: [] });
});

test('nothing goes to who is suppressed; when that is everybody, the operation fails', async () => {
  const [ana, ben] = [newAddress(), newAddress()];
  email.configure({ suppressed: [ana.toUpperCase()] });
  const both = await (await client.beginSend(mailTo(ana, ben), options)).pollUntilDone();
  assert.equal(both.status, 'Succeeded');
  assert.partialDeepStrictEqual(await collected.dataOf(delivered, both.id, 2), [
    { recipient: ana, status: 'Suppressed' },
    { recipient: ben, status: 'Delivered' },
  ]);
  const poller = await client.beginSend(mailTo(ana), options);
  await assert.rejects(poller.pollUntilDone(), /EmailDroppedAllRecipientsSuppressed/);
  const [, mail] = email.sent(ana);
  const [report] = await collected.dataOf(delivered, mail?.id ?? '');
  assert.equal(report?.status, 'Suppressed');
});

test('the switches are turned from outside, one at a time, and what is no switch is refused', async () => {
  const outside = await startAcsEmulator({ port: 0, dataFile: ':memory:' });
  after(() => outside.stop());
  const change = async (service: string, body: unknown) => {
    const response = await fetch(`${outside.url}/emulator/settings/${service}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    return response.status;
  };
  assert.equal(await change('email', { suppressed: ['ana@customer.example'] }), 200);
  assert.equal(await change('email', { retryAfterSeconds: 3 }), 200);
  assert.equal(await change('sms', { fieldNames: 'PascalCase' }), 200);
  assert.equal(await change('whatsapp', { messageIds: false }), 200);
  assert.equal(await change('email', { retryAfterSeconds: 'soon' }), 400);
  assert.equal(await change('email', { nonsense: 1 }), 400);
  assert.equal(await change('chat', {}), 404);
  assert.partialDeepStrictEqual(
    [outside.email.settings(), outside.sms.settings(), outside.whatsapp.settings()],
    [
      { suppressed: ['ana@customer.example'], retryAfterSeconds: 3, domains: ['parley.example'] },
      { fieldNames: 'PascalCase', sendsToOptedOut: 'refused' },
      { messageIds: false, businessScopedUserIds: true },
    ],
  );
});

test('a mail that does not arrive is reported with its status and reason', async () => {
  const [ana, ben] = [newAddress(), newAddress()];
  email.configure({
    outcomes: {
      [ana]: { status: 'Bounced', statusMessage: 'DestinationMailboxFull' },
      [ben]: { status: 'Quarantined' },
    },
  });
  const { id } = await (await client.beginSend(mailTo(ana, ben), options)).pollUntilDone();
  assert.partialDeepStrictEqual(await collected.dataOf(delivered, id, 2), [
    { recipient: ana, status: 'Bounced', deliveryStatusDetails: { statusMessage: 'DestinationMailboxFull' } },
    { recipient: ben, status: 'Quarantined' },
  ]);
});

test('what is no mail of ours is refused and not sent', async () => {
  const to = newAddress();
  const good = mailTo(to);
  const address = (name: string) => ({ address: name });
  const wrong: [EmailMessage, string][] = [
    [{ ...good, senderAddress: 'Parley <donotreply@parley.example>' }, 'senderAddress'],
    [{ ...good, recipients: { to: [] } }, 'recipients'],
    [{ ...good, recipients: { to: [address('nobody')] } }, 'recipients.to.0.address'],
    [{ ...good, recipients: { to: Array.from({ length: 51 }, () => address(newAddress())) } }, 'recipients'],
    [{ ...good, content: { subject: 'x', plainText: '' } }, 'content'],
    [{ ...good, headers: { 'X-Order': 'one\r\nBcc: eve@customer.example' } }, 'headers.X-Order'],
    [
      { ...good, attachments: [{ name: 'a', contentType: 'text/plain', contentInBase64: '*' }] },
      'attachments.0.contentInBase64',
    ],
  ];
  for (const [message, target] of wrong) {
    await assert.rejects(client.beginSend(message), (error) => {
      const { statusCode, message: text } = Object(error);
      assert.equal(statusCode, 400, target);
      assert.ok(text.includes(target), `${text} does not name ${target}`);
      return true;
    });
  }
  await assert.rejects(client.beginSend({ ...good, senderAddress: 'donotreply@other.example' }), {
    statusCode: 404,
    code: 'DomainNotLinked',
  });
  await assert.rejects(client.beginSend(good, { operationId: 'mine' }));
  const large = { name: 'a.bin', contentType: 'application/octet-stream' };
  const contentInBase64 = Buffer.alloc(8 * 1_024 ** 2).toString('base64');
  await assert.rejects(client.beginSend({ ...good, attachments: [{ ...large, contentInBase64 }] }), {
    statusCode: 413,
  });
  assert.equal(email.sent(to).length, 0);
});

test('a wrong key is refused', async () => {
  const connectionString = acs.connectionString.replace(/accesskey=.*/, 'accesskey=d3Jvbmcga2V5');
  const stranger = await clientsOf({ ...acs, connectionString }).email();
  await assert.rejects(stranger.beginSend(mailTo(newAddress())), { statusCode: 401 });
});

test('a mail can be read back as its recipients get it', async () => {
  const [ana, ben, eve] = [newAddress(), newAddress(), newAddress()];
  const bytes = Buffer.from([0, 1, 2, 253, 254, 255]);
  const message: EmailMessage = {
    senderAddress,
    content: {
      subject: 'Grüße – 你好 🚚 '.repeat(6).trim(),
      plainText: 'Schöne Grüße\r\n',
      html: '<p>Grüße</p>',
    },
    recipients: {
      to: [{ address: ana, displayName: 'Ana Müller' }],
      cc: [{ address: ben, displayName: 'Ben "Benny" Okafor' }],
      bcc: [{ address: eve }],
    },
    replyTo: [{ address: 'orders@parley.example' }],
    headers: { 'X-Order': '4711', References: '<first@customer.example>' },
    attachments: [
      {
        name: "Ana's bill (ü).pdf",
        contentType: 'application/pdf',
        contentInBase64: bytes.toString('base64'),
      },
    ],
  };
  const { id } = await (await client.beginSend(message, options)).pollUntilDone();
  const mime = email.mime(id);
  assert.ok(!mime.includes(eve));
  for (const line of mime.split('\r\n')) assert.ok(Buffer.byteLength(line) <= 998);
  const read = await PostalMime.parse(mime);
  const [mail] = email.sent(ana);
  assert.equal(read.subject, message.content.subject);
  assert.equal(read.messageId, mail?.internetMessageId);
  assert.equal(read.references, '<first@customer.example>');
  assert.equal(read.from?.address, senderAddress);
  assert.deepEqual(read.to, [{ address: ana, name: 'Ana Müller' }]);
  assert.deepEqual(read.cc, [{ address: ben, name: 'Ben "Benny" Okafor' }]);
  assert.equal(read.replyTo?.[0]?.address, 'orders@parley.example');
  assert.equal(read.text?.trim(), 'Schöne Grüße');
  assert.equal(read.html?.trim(), '<p>Grüße</p>');
  const [file] = read.attachments;
  assert.equal(file?.filename, "Ana's bill (ü).pdf");
  assert.ok(file?.content instanceof ArrayBuffer);
  assert.deepEqual(Buffer.from(file.content), bytes);
  assert.throws(() => email.mime(randomUUID()), { status: 404 });
});

test('every subject and text is read back as it was sent', async () => {
  const line = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 120 }).map((text) => text.trim());
  await fc.assert(
    fc.asyncProperty(line, line, async (subject, text) => {
      const mime = toMime({
        id: randomUUID(),
        internetMessageId: '<one@parley.example>',
        message: {
          senderAddress,
          content: { subject, plainText: `${text}.` },
          recipients: { to: [{ address: 'ana@customer.example' }] },
        },
        sentAt: '2026-11-23T09:00:30.000Z',
      });
      const read = await PostalMime.parse(mime);
      assert.equal((read.subject ?? '').trim(), subject);
      assert.equal(read.text?.trim(), `${text}.`);
    }),
    { numRuns: 200 },
  );
});

test('who opens a mail or clicks a link is reported, unless tracking is off', async () => {
  const to = newAddress();
  const { id } = await (await client.beginSend(mailTo(to), options)).pollUntilDone();
  email.engage({ operationId: id, type: 'view' });
  email.engage({ operationId: id, type: 'click', link: 'https://shop.parley.example', recipient: to });
  const [view, click] = await collected.dataOf('EmailEngagementTrackingReportReceived', id, 2);
  assert.partialDeepStrictEqual(view, { messageId: id, engagementType: 'view', engagementContext: '' });
  assert.partialDeepStrictEqual(click, {
    engagementType: 'click',
    engagementContext: 'https://shop.parley.example',
    recipient: to,
  });
  const silent = { ...mailTo(to), disableUserEngagementTracking: true };
  const { id: untracked } = await (await client.beginSend(silent, options)).pollUntilDone();
  assert.throws(() => email.engage({ operationId: untracked, type: 'view' }), { status: 409 });
  assert.throws(() => email.engage({ operationId: randomUUID(), type: 'view' }), { status: 404 });
});

test('events have the fields of the official samples, and a report the id of the mail too', async (t) => {
  const samples = officialSamples(/email_/);
  if (!samples) return t.skip('../shared/events is not here');
  for (const [file, sample] of samples) {
    const { eventType, data } = Object(sample);
    const to = newAddress();
    const statusMessage = data.deliveryStatusDetails?.statusMessage;
    email.configure({ outcomes: { [to]: { status: 'Delivered', statusMessage } } });
    const { id } = await (await client.beginSend(mailTo(to), options)).pollUntilDone();
    const isReport = eventType.endsWith(delivered);
    if (!isReport) email.engage({ operationId: id, type: data.engagementType });
    const [emitted] = await collected.dataOf(eventType.replace('Microsoft.Communication.', ''), id);
    const expected: string[] = [...Object.keys(data), ...(isReport ? ['internetMessageId'] : [])];
    assert.deepEqual(Object.keys(emitted ?? {}).sort(), expected.sort(), file);
  }
});

test('answers are as the REST description has them', async (t) => {
  const check = openDescription('Email/stable/2023-03-31/CommunicationServicesEmail.json', [
    'EmailSendResult',
  ]);
  if (!check) return t.skip('../shared/specs is not here');
  const { httpClient, answers } = recordAnswers(acs.url);
  const recorded = new EmailClient(acs.connectionString, { httpClient });
  email.configure({ failure: { code: 'EmailDropped', message: 'Email was dropped.' } });
  await assert.rejects((await recorded.beginSend(mailTo(newAddress()), options)).pollUntilDone());
  email.configure({ failure: null });
  await (await recorded.beginSend(mailTo(newAddress()), options)).pollUntilDone();
  assert.ok(answers.length >= 4);
  for (const { body } of answers) check('EmailSendResult', body);
});

test('an operation and its reports go on after a restart, each report once', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'acs-email-'));
  after(() => rmSync(folder, { recursive: true, force: true }));
  const dataFile = join(folder, 'acs.sqlite');
  const first = await startAcsEmulator({ port: 0, dataFile });
  first.email.configure({ runningMilliseconds: 3_600_000 });
  const poller = await (await clientsOf(first).email()).beginSend(mailTo(newAddress(), newAddress()));
  const [mail] = first.email.sent();
  assert.equal(mail?.status, 'Running');
  assert.equal(poller.isDone(), false);
  await first.stop();

  const later = collectEvents();
  const clock = () => new Date(Date.now() + 3_600_001);
  const second = await startAcsEmulator({ port: 0, dataFile, clock, onEvent: later.onEvent });
  await later.dataOf(delivered, mail.id, 2);
  assert.partialDeepStrictEqual(second.email.sent(), [{ id: mail.id, status: 'Succeeded' }]);
  await second.stop();
  assert.equal(later.events.length, 2);
});

test('a custom domain sends 30 mails in a minute and 100 in an hour, then answers 429 with the wait', async () => {
  const start = Date.now();
  let milliseconds = 0;
  const clock = () => new Date(start + milliseconds);
  const limited = await startAcsEmulator({ port: 0, dataFile: ':memory:', limits: true, clock });
  after(() => limited.stop());
  const { httpClient, answers } = recordAnswers(limited.url);
  const eager = new EmailClient(limited.connectionString, { httpClient, retryOptions: { maxRetries: 0 } });
  const isTooMany = { statusCode: 429, code: 'TooManyRequests' };
  const sendThirty = async () => {
    for (let count = 0; count < 30; count++) await eager.beginSend(mailTo(newAddress()));
  };
  await sendThirty();
  await assert.rejects(eager.beginSend(mailTo(newAddress())), isTooMany);
  assert.equal(answers.at(-1)?.headers['retry-after'], '60');
  for (let minute = 0; minute < 2; minute++) {
    milliseconds += 60_000;
    await sendThirty();
  }
  milliseconds += 60_000;
  for (let count = 0; count < 10; count++) await eager.beginSend(mailTo(newAddress()));
  await assert.rejects(eager.beginSend(mailTo(newAddress())), isTooMany);
  assert.equal(answers.at(-1)?.headers['retry-after'], String(3_600 - 180));
});
