import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import fc from 'fast-check';
import { countSegments } from '../../local/acs/sms/count-segments.ts';
import { startAcsEmulator } from '../../local/acs/start-emulator.ts';
import { clientsOf } from '../support/acs.ts';
import { officialSamples } from '../support/acs-events.ts';
import { openDescription } from './check-answers.ts';
import { collectEvents } from './collect-events.ts';
import { postSigned } from './signed-request.ts';

const from = '+18005550100';
const collected = collectEvents();
const acs = await startAcsEmulator({ port: 0, dataFile: ':memory:', onEvent: collected.onEvent });
after(() => acs.stop());
const { sms } = acs;
sms.configure({ reportAfterMilliseconds: 20 });

let people = 0;
const newNumber = () => `+1555123${String(++people).padStart(4, '0')}`;

/** A send with repeatability ids of our own: the SDK always makes new ones. */
const sendRaw = (body: unknown) => postSigned(acs, '/sms?api-version=2021-03-07', JSON.stringify(body));

test('a text reaches its recipient and is reported as delivered, with its tag', async () => {
  const to = newNumber();
  const client = await clientsOf(acs).sms();
  const [result] = await client.send(
    { from, to: [to], message: 'Your order is on its way.' },
    { enableDeliveryReport: true, tag: 'order 4711' },
  );
  assert.equal(result?.successful, true);
  assert.equal(result.httpStatusCode, 202);
  assert.match(result.messageId ?? '', /^Outgoing_\d{14}[\da-f-]{36}$/);

  const [report] = await collected.dataOf('SMSDeliveryReportReceived', result.messageId ?? '');
  const { receivedTimestamp, deliveryAttempts, ...rest } = report ?? {};
  assert.deepEqual(rest, {
    messageId: result.messageId,
    from: '18005550100',
    to,
    deliveryStatus: 'Delivered',
    deliveryStatusDetails: 'No error.',
    Tag: 'order 4711',
  });
  assert.ok(typeof receivedTimestamp === 'string' && Array.isArray(deliveryAttempts));
  const [message] = sms.sent(to);
  assert.equal(message?.text, 'Your order is on its way.');
  assert.equal(message.status, 'Delivered');
});

test('a report comes only to who asked for one', async () => {
  const to = newNumber();
  const client = await clientsOf(acs).sms();
  await client.send({ from, to: [to], message: 'quiet' });
  await client.send({ from, to: [to], message: 'loud' }, { enableDeliveryReport: true });
  const reports = await collected.dataOf('SMSDeliveryReportReceived', to);
  assert.equal(reports.length, 1);
  assert.equal(reports[0]?.messageId, sms.sent(to)[1]?.messageId);
});

test('a number that is none fails alone: the others get their text', async () => {
  const to = newNumber();
  const client = await clientsOf(acs).sms();
  const results = await client.send({ from, to: ['+112345678901', 'ana', to], message: 'hello' });
  assert.deepEqual(
    results.map(({ httpStatusCode, successful, errorMessage, messageId }) => [
      httpStatusCode,
      successful,
      errorMessage,
      messageId !== undefined,
    ]),
    [
      [400, false, 'Invalid To phone number format.', false],
      [400, false, 'Invalid To phone number format.', false],
      [202, true, undefined, true],
    ],
  );
  assert.equal(sms.sent(to).length, 1);
});

test('a sender that is not ours is refused with 401, one that is no number with 400', async () => {
  const client = await clientsOf(acs).sms();
  const send = (sender: string) => client.send({ from: sender, to: [newNumber()], message: 'hello' });
  await assert.rejects(send('+18005550199'), { statusCode: 401, code: 'Unauthorized' });
  await assert.rejects(send('nobody'), { statusCode: 400, code: 'BadRequest' });
  await send('55512');
});

test('a text longer than 2,048 characters, no recipient and more than 100 are refused with 400', async () => {
  const client = await clientsOf(acs).sms();
  const to = newNumber();
  await assert.rejects(client.send({ from, to: [to], message: 'x'.repeat(2_049) }), { statusCode: 400 });
  await assert.rejects(client.send({ from, to: [], message: 'x' }), { statusCode: 400 });
  const many = Array.from({ length: 101 }, newNumber);
  await assert.rejects(client.send({ from, to: many, message: 'x' }), { statusCode: 400 });
  assert.equal(sms.sent(to).length, 0);
});

test('a wrong key is refused', async () => {
  const { url, connectionString } = acs;
  const wrong = connectionString.replace(/accesskey=.*/, 'accesskey=d3Jvbmcga2V5');
  const client = await clientsOf({ ...acs, url, connectionString: wrong }).sms();
  await assert.rejects(client.send({ from, to: [newNumber()], message: 'x' }), { statusCode: 401 });
});

test('a repeat sends nothing twice and answers the same; the id of another text is refused', async () => {
  const to = newNumber();
  const smsRecipients = [
    {
      to,
      repeatabilityRequestId: randomUUID(),
      repeatabilityFirstSent: new Date().toUTCString(),
    },
  ];
  const first = await sendRaw({ from, smsRecipients, message: 'once' });
  const second = await sendRaw({ from, smsRecipients, message: 'once' });
  assert.deepEqual(second.body, first.body);
  const other = await sendRaw({ from, smsRecipients, message: 'something else' });
  assert.partialDeepStrictEqual(other, {
    status: 202,
    body: { value: [{ httpStatusCode: 400, repeatabilityResult: 'rejected', successful: false }] },
  });
  assert.deepEqual(
    sms.sent(to).map(({ text }) => text),
    ['once'],
  );
});

test('a malformed repeatability id or time is rejected for its recipient', async () => {
  const [id, time] = [randomUUID(), new Date().toUTCString()];
  const to = newNumber();
  const { body } = await sendRaw({
    from,
    message: 'hello',
    smsRecipients: [
      { to, repeatabilityRequestId: id },
      { to, repeatabilityRequestId: id, repeatabilityFirstSent: '2026-11-23T08:00:00Z' },
      { to, repeatabilityRequestId: 'mine', repeatabilityFirstSent: time },
      { to, repeatabilityFirstSent: time },
    ],
  });
  const rejected = { to, httpStatusCode: 400, repeatabilityResult: 'rejected', successful: false };
  assert.partialDeepStrictEqual(body, { value: [rejected, rejected, rejected, rejected] });
  assert.equal(sms.sent(to).length, 0);
});

test('STOP is relayed and blocks further texts of that number to that person, until START', async () => {
  const [ana, ben] = [newNumber(), newNumber()];
  const client = await clientsOf(acs).sms();
  const send = async (to: string, sender = from) =>
    (await client.send({ from: sender, to: [to], message: 'hello' }))[0];

  sms.receive({ from: ana, text: ' stop ' });
  await collected.dataOf('SMSReceived', ana.slice(1));
  assert.deepEqual(sms.optOuts(), [{ number: from, person: ana }]);
  const blocked = await send(ana);
  assert.equal(blocked?.httpStatusCode, 400);
  assert.equal(blocked.errorMessage, 'Sender blocked for given recipient.');
  assert.equal((await send(ana, '55512'))?.successful, true);
  assert.equal((await send(ben))?.successful, true);

  sms.receive({ from: ana, text: 'please stop' });
  sms.receive({ from: ana, text: 'UNSTOP' });
  assert.equal((await send(ana))?.successful, true);
  sms.receive({ from: ana, text: 'do not STOP' });
  assert.equal((await send(ana))?.successful, true);
});

test('an opted-out send can be accepted and then reported as failed', async () => {
  const to = newNumber();
  const client = await clientsOf(acs).sms();
  sms.receive({ from: to, text: 'Unsubscribe' });
  sms.configure({ sendsToOptedOut: 'reported' });
  const [result] = await client.send({ from, to: [to], message: 'x' }, { enableDeliveryReport: true });
  sms.configure({ sendsToOptedOut: 'refused' });
  assert.equal(result?.httpStatusCode, 202);
  const [report] = await collected.dataOf('SMSDeliveryReportReceived', result.messageId ?? '');
  assert.partialDeepStrictEqual(report, {
    deliveryStatus: 'Failed',
    deliveryStatusDetails: 'Sender blocked for given recipient.',
    deliveryAttempts: [{ segmentsSucceeded: 0, segmentsFailed: 1 }],
  });
});

test('a text from a person comes as SMSReceived, to a number of ours only', () => {
  const person = newNumber();
  const { messageId } = sms.receive({ from: person, to: '55512', text: 'Where is my order? 🚚' });
  const event = collected.events.find(({ data }) => data.messageId === messageId);
  assert.equal(event?.subject, '/phonenumber/55512');
  assert.partialDeepStrictEqual(event.data, {
    messageId,
    from: person.slice(1),
    to: '55512',
    message: 'Where is my order? 🚚',
    segmentCount: 1,
  });
  assert.throws(() => sms.receive({ from: person, to: '+15550000000', text: 'hello' }), { status: 404 });
  assert.deepEqual(
    sms.received(person).map(({ text }) => text),
    ['Where is my order? 🚚'],
  );
});

test('events have the fields of the official samples, in either casing', async (t) => {
  const samples = officialSamples(/sms_/);
  if (!samples) return t.skip('../shared/events is not here');
  const client = await clientsOf(acs).sms();
  const fieldsOf = (value: unknown) => Object.keys(Object(value)).sort();
  for (const [file, sample] of samples) {
    const { eventType, data } = Object(sample);
    const type = eventType.replace('Microsoft.Communication.', '');
    sms.configure({ fieldNames: file.includes('docs') ? 'camelCase' : 'PascalCase' });
    const person = newNumber();
    const tag = data.Tag && { tag: data.Tag };
    if (type === 'SMSReceived') sms.receive({ from: person, text: 'hello' });
    else await client.send({ from, to: [person], message: 'x' }, { enableDeliveryReport: true, ...tag });
    const [emitted] = await collected.dataOf(type, person.slice(1));
    const fields = fieldsOf(emitted).filter((field) => field !== 'SegmentCount');
    assert.deepEqual(fields, fieldsOf(data), file);
    const attempt = Object(emitted?.deliveryAttempts ?? emitted?.DeliveryAttempts)[0];
    assert.deepEqual(fieldsOf(attempt), fieldsOf(Object(data.deliveryAttempts ?? data.DeliveryAttempts)[0]));
  }
  sms.configure({ fieldNames: 'camelCase' });
});

test('answers are as the REST description has them', async (t) => {
  const check = openDescription('Sms/stable/2021-03-07/communicationservicessms.json', [
    'SmsSendResponse',
    'SmsSendResponseItem',
  ]);
  if (!check) return t.skip('../shared/specs is not here');
  const opted = newNumber();
  sms.receive({ from: opted, text: 'STOP' });
  const { body } = await sendRaw({
    from,
    message: 'hello',
    smsRecipients: [
      { to: newNumber() },
      { to: opted },
      { to: 'nobody' },
      { to: newNumber(), repeatabilityRequestId: 'mine' },
      {
        to: newNumber(),
        repeatabilityRequestId: randomUUID(),
        repeatabilityFirstSent: new Date().toUTCString(),
      },
    ],
  });
  check('SmsSendResponse', body);
});

test('a report that is due after a restart still comes, once', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'acs-sms-'));
  after(() => rmSync(folder, { recursive: true, force: true }));
  const dataFile = join(folder, 'acs.sqlite');
  const early = collectEvents();
  const first = await startAcsEmulator({ port: 0, dataFile, onEvent: early.onEvent });
  first.sms.configure({ reportAfterMilliseconds: 3_600_000 });
  const client = await clientsOf(first).sms();
  const [result] = await client.send(
    { from, to: [newNumber()], message: 'x' },
    { enableDeliveryReport: true },
  );
  await first.stop();
  assert.equal(early.events.length, 0);

  const later = collectEvents();
  const clock = () => new Date(Date.now() + 3_600_001);
  const second = await startAcsEmulator({ port: 0, dataFile, clock, onEvent: later.onEvent });
  const [report] = await later.dataOf('SMSDeliveryReportReceived', result?.messageId ?? '');
  assert.equal(report?.deliveryStatus, 'Delivered');
  await second.stop();
  const third = await startAcsEmulator({ port: 0, dataFile, clock, onEvent: later.onEvent });
  await third.stop();
  assert.equal(later.events.length, 1);
});

test('a toll-free number sends 200 texts in a minute, then answers 429 with the wait; a short code goes on', async () => {
  const start = Date.now();
  let milliseconds = 0;
  const limited = await startAcsEmulator({
    port: 0,
    dataFile: ':memory:',
    limits: true,
    clock: () => new Date(start + milliseconds),
  });
  after(() => limited.stop());
  const client = await clientsOf(limited).sms();
  const send = (sender: string) => client.send({ from: sender, to: ['+15551239999'], message: 'x' });
  for (let count = 0; count < 200; count++) await send(from);
  await assert.rejects(send(from), { statusCode: 429 });
  await send('55512');
  milliseconds = 60_000;
  await send(from);
});

test('segments are counted as phones count them', () => {
  const counts = (text: string) => countSegments(text);
  assert.equal(counts(''), 1);
  assert.equal(counts('x'.repeat(160)), 1);
  assert.equal(counts('x'.repeat(161)), 2);
  assert.equal(counts('x'.repeat(306)), 2);
  assert.equal(counts('x'.repeat(307)), 3);
  assert.equal(counts('€'.repeat(80)), 1);
  assert.equal(counts('€'.repeat(81)), 2);
  assert.equal(counts(`${'x'.repeat(152)}€${'x'.repeat(152)}`), 3);
  assert.equal(counts('你'.repeat(70)), 1);
  assert.equal(counts('你'.repeat(71)), 2);
  assert.equal(counts('🚚'.repeat(35)), 1);
  assert.equal(counts('🚚'.repeat(67)), 3);
});

test('no text needs fewer segments than its first part', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 400 }), fc.string({ maxLength: 40 }), (text, more) => {
      assert.ok(countSegments(text) <= countSegments(text + more));
    }),
  );
});
