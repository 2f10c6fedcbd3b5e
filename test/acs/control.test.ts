import assert from 'node:assert/strict';
import { createServer, request as httpRequest } from 'node:http';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import fc from 'fast-check';
import * as z from 'zod';
import { startAcsEmulator } from '../../local/acs/start-emulator.ts';
import { temporaryFolder } from '../local/temporary-folder.ts';
import { clientsOf, useAcs } from '../support/acs.ts';
import { startSubscriber, validationOf } from './start-subscriber.ts';

const acs = useAcs();
const failure = z.object({ error: z.object({ message: z.string() }) });
const channel = 'c4a77e10-0000-4000-8000-000000000001';

async function control(method: string, path: string, body?: unknown, url = acs.emulator().url) {
  const response = await fetch(`${url}/emulator${path}`, {
    method,
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  const text = await response.text();
  return { status: response.status, json: text === '' ? undefined : JSON.parse(text) };
}

const reset = () => control('POST', '/reset');
const textOf = (json: unknown) => failure.parse(json).error.message;

test('it says what it is and how to reach everything', async () => {
  const { url, connectionString, serviceUser } = acs.emulator();
  const { status, json } = await control('GET', '');
  assert.equal(status, 200);
  assert.deepEqual([json.url, json.connectionString, json.serviceUser], [url, connectionString, serviceUser]);
  assert.deepEqual(json.whatsappChannels, [channel]);
  assert(json.operations.includes('PUT /emulator/subscriptions/*'), json.operations);
});

test('what an unknown address or method could be is said', async () => {
  const unknown = await control('GET', '/nothing');
  assert.deepEqual(
    [unknown.status, textOf(unknown.json)],
    [404, 'The emulator has no /emulator/nothing. GET /emulator lists all there are.'],
  );
  const wrong = await control('PATCH', '/subscriptions/parley');
  assert.deepEqual(
    [wrong.status, textOf(wrong.json)],
    [405, '/emulator/subscriptions/* takes GET, PUT, DELETE, not PATCH.'],
  );
  const nobody = await control('POST', '/people/constructor', {});
  assert.equal(nobody.status, 404);
});

test('a path leads nowhere but where it says', async () => {
  await control('POST', '/people/sms', { from: '+15551230001', text: 'still here' });
  const { hostname, port } = new URL(acs.emulator().url);
  for (const path of ['//reset', '/../emulator/reset', '/people/../reset', '/%72eset', '/reset/', '/..']) {
    const status = await new Promise<number | undefined>((resolve, reject) => {
      const options = { hostname, port, path: `/emulator${path}`, method: 'POST' };
      httpRequest(options, (response) => resolve(response.resume().statusCode))
        .on('error', reject)
        .end();
    });
    assert.equal(status, 404, path);
  }
  assert.equal((await control('GET', '/events')).json.length, 1);
});

test('web pages are refused, whatever name they made to stand for this machine', async () => {
  const { port } = acs.emulator();
  const statusWith = (headers: Record<string, string>) =>
    new Promise<number | undefined>((resolve, reject) => {
      const options = { port, host: '127.0.0.1', path: '/emulator/reset', method: 'POST', headers };
      httpRequest(options, (response) => {
        response.resume();
        resolve(response.statusCode);
      })
        .on('error', reject)
        .end();
    });
  assert.equal(await statusWith({ host: `localhost:${port}` }), 204);
  assert.equal(await statusWith({ host: 'evil.example' }), 403);
  assert.equal(await statusWith({ host: '127.0.0.1.evil.example' }), 403);
  assert.equal(await statusWith({ host: `localhost:${port}`, origin: 'http://localhost:3000' }), 403);
  assert.equal(await statusWith({ host: `localhost:${port}`, origin: 'null' }), 403);
});

test('a subscription is made, shown, replaced and deleted', async (t) => {
  const subscriber = await startSubscriber(t);
  const made = await control('PUT', '/subscriptions/parley', { endpoint: subscriber.url });
  assert.equal(made.status, 200, JSON.stringify(made.json));
  const shown = await control('GET', '/subscriptions/parley');
  assert.deepEqual(shown.json, {
    name: 'parley',
    endpoint: subscriber.url,
    schema: 'EventGridSchema',
    retry: { maxAttempts: 30, ttlMinutes: 1_440 },
    state: 'Active',
    waiting: 0,
  });
  const batch = { maxEvents: 5 };
  await control('PUT', '/subscriptions/parley', { endpoint: subscriber.url, batch });
  const [replaced] = (await control('GET', '/subscriptions')).json;
  assert.deepEqual(replaced.batch, { maxEvents: 5, preferredKilobytes: 64 });
  assert.equal((await control('DELETE', '/subscriptions/parley')).status, 204);
  assert.equal((await control('DELETE', '/subscriptions/parley')).status, 404);
  assert.deepEqual((await control('GET', '/subscriptions')).json, []);
});

test('an endpoint that is slow to understand opens the validation address of the emulator', async (t) => {
  const subscriber = await startSubscriber(t);
  let validationUrl = '';
  subscriber.shakeHandsWith(({ json }) => {
    ({ validationUrl } = validationOf(json));
    return { status: 200 };
  });
  await control('PUT', '/subscriptions/manual', { endpoint: subscriber.url });
  assert.equal((await fetch(validationUrl)).status, 200);
  assert.equal((await control('GET', '/subscriptions/manual')).json.state, 'Active');
  assert.equal((await fetch(validationUrl)).status, 404);
  await control('DELETE', '/subscriptions/manual');
});

test('wrong input is 400 and named', async () => {
  const endpoint = 'http://127.0.0.1:1/';
  const wrong: [string, string, unknown, RegExp][] = [
    ['PUT', '/subscriptions/x', { endpoint }, /3 to 64 letters/],
    ['PUT', '/subscriptions/parley', {}, /^endpoint: must be an http or https address/],
    ['PUT', '/subscriptions/parley', { endpoint: 'file:///etc/passwd' }, /^endpoint/],
    ['PUT', '/subscriptions/parley', { endpoint, batch: { maxEvents: 0 } }, /^batch\.maxEvents/],
    ['PUT', '/subscriptions/parley', { endpoint, retry: { maxAttempts: 31 } }, /^retry\.maxAttempts/],
    ['PUT', '/subscriptions/parley', { endpoint, includedEventTypes: ['SMSReceived'] }, /must begin with/],
    ['PUT', '/subscriptions/parley', { endpoint, unknown: 1 }, /unknown/],
    ['PUT', '/subscriptions/parley', { endpoint }, /did not pass the handshake: it could not be reached/],
    ['PUT', '/subscriptions/parley', '{', /not JSON/],
    ['POST', '/people/sms', { from: 'joe', text: 'x' }, /^from: must be a number/],
    ['POST', '/people/sms', { from: '+15551230001' }, /^text/],
    ['POST', '/people/whatsapp', { from: '+15551230001' }, /exactly one of/],
    ['POST', '/people/chat', { text: 'x' }, /^from/],
    ['POST', '/people/email', { from: 'joe', subject: '', text: 'x' }, /^from: must be an address/],
    ['POST', '/faults', { path: 'x', answer: 'hang' }, /^path: must begin with/],
    ['POST', '/faults', { path: '/sms', answer: 'no' }, /^answer: must be "hang"/],
    ['POST', '/clock', { advance: -1 }, /^advance/],
    ['POST', '/clock', {}, /^advance: must be a number of seconds/],
    ['POST', '/clock', { advance: 1e12 }, /year 9999/],
    ['POST', '/settings/sms', { numbers: [] }, /^numbers/],
    ['GET', '/events?limit=x', undefined, /^limit/],
    ['GET', '/messages', undefined, /^to: must be the number/],
  ];
  for (const [method, path, body, message] of wrong) {
    const { status, json } = await control(method, path, body);
    assert.equal(status, 400, `${path} ${JSON.stringify(body)}: ${JSON.stringify(json)}`);
    assert.match(textOf(json), message);
  }
});

test('no body of any form makes it fail', async () => {
  const paths = ['/people/sms', '/people/whatsapp', '/people/chat', '/faults', '/clock', '/redeliver'];
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...paths), fc.json(), async (path, body) => {
      const { status } = await control('POST', path, body);
      assert(status < 500, `${path} ${body} answers ${status}`);
    }),
    { numRuns: 200 },
  );
  await reset();
});

test('people write, and what they get back is listed', async () => {
  await reset();
  const sms = await control('POST', '/people/sms', { from: '+15551230001', text: 'by sms' });
  const whatsapp = await control('POST', '/people/whatsapp', { from: '+15551230001', text: 'by whatsapp' });
  assert.deepEqual([sms.status, whatsapp.status], [200, 200]);
  const { clients } = acs;
  const smsClient = await clients().sms();
  await smsClient.send({ from: '+18005550100', to: ['+15551230001'], message: 'answer by sms' });
  const { json } = await control('GET', '/messages?to=%2B15551230001');
  assert.deepEqual(
    json.map((message: Record<string, unknown>) => [message.channel, message.from, message.text]),
    [['sms', '+18005550100', 'answer by sms']],
  );
  const events = (await control('GET', '/events?type=SMSReceived&limit=1')).json;
  assert.equal(events[0].data.message, 'by sms');
});

test('a chat goes on in its thread until another is asked for, with the service user in it', async () => {
  await reset();
  const say = async (body: object) => (await control('POST', '/people/chat', { from: 'joe', ...body })).json;
  const first = await say({ text: 'one' });
  const second = await say({ text: 'two' });
  const other = await say({ text: 'three', isNew: true });
  assert.equal(second.thread, first.thread);
  assert.notEqual(other.thread, first.thread);
  const joined = await control('POST', '/people/chat', { from: 'ann', text: 'me too', thread: first.thread });
  assert.equal(joined.json.thread, first.thread);
  const toService = await control('GET', `/messages?to=${encodeURIComponent(acs.emulator().serviceUser)}`);
  assert.deepEqual(
    toService.json.map(({ text }: { text: string }) => text),
    ['one', 'two', 'three', 'me too'],
  );
  const toJoe = await control('GET', '/messages?to=joe');
  assert.deepEqual(
    toJoe.json.map(({ from, text }: { from: string; text: string }) => [from, text]),
    [['ann', 'me too']],
  );
});

test('a person who was removed from a thread begins another', async () => {
  await reset();
  const first = await control('POST', '/people/chat', { from: 'joe', text: 'one' });
  const { thread } = first.json;
  assert.equal((await control('POST', '/people/chat/leave', { from: 'joe', thread })).status, 204);
  const next = await control('POST', '/people/chat', { from: 'joe', text: 'two' });
  assert.equal(next.status, 200);
  assert.notEqual(next.json.thread, thread);
});

test('a mail goes to the app that has subscribed, as message/rfc822 that answers what was named', async (t) => {
  const taken: { path?: string; type?: string; body: string }[] = [];
  const app = createServer(async (message, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of message) chunks.push(chunk);
    taken.push({
      path: message.url,
      type: message.headers['content-type'],
      body: Buffer.concat(chunks).toString(),
    });
    response.end('{"stored":1}');
  });
  await new Promise<void>((resolve) => app.listen(0, '127.0.0.1', resolve));
  t.after(() => app.close());
  t.after(() => app.closeAllConnections());
  const address = app.address();
  const url = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`;
  const mail = {
    from: 'joe@example.com',
    name: 'Joé',
    subject: 'Überraschung',
    text: 'Hello',
    replyTo: '<1@x.example>',
  };
  const none = await control('POST', '/people/email', mail);
  assert.equal(none.status, 400);
  const { status, json } = await control('POST', '/people/email', { ...mail, app: `${url}/api/events` });
  assert.deepEqual([status, json.answer], [200, { stored: 1 }]);
  assert.deepEqual([taken[0]?.path, taken[0]?.type], ['/api/email/inbound', 'message/rfc822']);
  const body = taken[0]?.body ?? '';
  assert.match(body, /^From: =\?utf-8\?B\?Sm/m);
  assert.match(body, /^Authentication-Results: gateway\.example; dmarc=pass header\.from=example\.com\r$/m);
  assert.match(body, /^In-Reply-To: <1@x\.example>\r$/m);
  assert.match(body, /^To: <support@parley\.example>\r$/m);
  const unreachable = await control('POST', '/people/email', { ...mail, app: 'http://127.0.0.1:1' });
  assert.equal(unreachable.status, 502);
});

const sendSms = async (maxRetries = 0) => {
  const sms = await clientsOf(acs.emulator(), { maxRetries }).sms();
  return sms.send({ from: '+18005550100', to: ['+15551230002'], message: 'once' });
};

test('a fault befalls as many requests as were asked for, and no others', async () => {
  await reset();
  await control('POST', '/faults', { path: '/sms', times: 2, answer: { status: 503 } });
  await control('POST', '/faults', { path: '/identities*', answer: { status: 500 } });
  await assert.rejects(sendSms(), { statusCode: 503 });
  await assert.rejects(sendSms(), { statusCode: 503 });
  await sendSms();
  assert.equal(acs.emulator().sms.sent().length, 1, 'what failed had no effect');
  const left = (await control('GET', '/faults')).json;
  assert.deepEqual(
    left.map(({ path }: { path: string }) => path),
    ['/identities*'],
  );
  assert.equal((await control('DELETE', '/faults')).status, 204);
});

test('a send whose answer is lost had its effect, and a repeat by its id has none', async () => {
  await reset();
  await control('POST', '/faults', { path: '/sms', happens: true, answer: 'break' });
  await assert.rejects(sendSms());
  assert.equal(acs.emulator().sms.sent().length, 1);
  await reset();
  await control('POST', '/faults', { path: '/sms', happens: true, answer: 'break' });
  const [sent] = await sendSms(2);
  assert.equal(sent?.successful, true);
  assert.deepEqual(
    acs
      .emulator()
      .sms.sent()
      .map(({ messageId }) => messageId),
    [sent?.messageId],
  );
});

test('a request that hangs is let go when faults are cleared', async () => {
  await reset();
  await control('POST', '/faults', { path: '/sms', answer: 'hang' });
  const hanging = assert.rejects(sendSms(), { code: 'ECONNRESET' });
  while ((await control('GET', '/faults')).json.length > 0);
  await control('DELETE', '/faults');
  await hanging;
  assert.equal(acs.emulator().sms.sent().length, 0);
});

test('the clock put forward closes the WhatsApp window, brings reports and retries, and no token or signature fails', async (t) => {
  await reset();
  const subscriber = await startSubscriber(t);
  await control('PUT', '/subscriptions/parley', { endpoint: subscriber.url });
  t.after(() => control('DELETE', '/subscriptions/parley'));
  const { eventGrid, serviceUser } = acs.emulator();
  await control('POST', '/people/whatsapp', { from: '+15551230001', text: 'hello' });
  await eventGrid.idle();
  const identity = await acs.clients().identity();
  await identity.getToken({ communicationUserId: serviceUser }, ['chat']);
  const { json } = await control('POST', '/clock', { advance: 25 * 3_600 });
  assert.equal(json.secondsAhead, 25 * 3_600);

  const messages = await acs.clients().messages();
  const body = {
    channelRegistrationId: channel,
    to: ['+15551230001'],
    kind: 'text',
    content: 'too late',
  };
  const answer = await messages
    .path('/messages/notifications:send')
    .post({ contentType: 'application/json', body });
  assert.equal(answer.status, '202');
  await control('POST', '/clock', { advance: 60 });
  const [failed] = (await control('GET', '/events?type=AdvancedMessageDeliveryStatusUpdated')).json;
  assert.deepEqual([failed.data.status, failed.data.error.channelCode], ['Failed', '131047']);

  await eventGrid.idle();
  subscriber.answerWith(() => ({ status: 503 }));
  await control('POST', '/people/sms', { from: '+15551230001', text: 'hello' });
  await eventGrid.idle();
  const before = subscriber.deliveries.length;
  subscriber.answerWith(() => ({ status: 200 }));
  await control('POST', '/clock', { advance: 10 });
  await eventGrid.idle();
  assert.equal(subscriber.deliveries.length, before + 1);
});

test('a clock that was put forward stays so over a restart, and so does what was emitted', async (t) => {
  const dataFile = join(await temporaryFolder(t), 'acs.db');
  const first = await startAcsEmulator({ port: 0, dataFile });
  await control('POST', '/clock', { advance: 86_400 }, first.url);
  await control('POST', '/people/sms', { from: '+15551230001', text: 'hello' }, first.url);
  await first.stop();
  const second = await startAcsEmulator({ port: 0, dataFile });
  t.after(() => second.stop());
  const { json } = await control('GET', '', undefined, second.url);
  assert(Date.parse(json.time) > Date.now() + 86_000_000);
  assert.equal((await control('GET', '/events', undefined, second.url)).json.length, 1);
});

test('a reset forgets what happened, and keeps who is who and who subscribed', async (t) => {
  const subscriber = await startSubscriber(t);
  await control('PUT', '/subscriptions/parley', { endpoint: subscriber.url });
  t.after(() => control('DELETE', '/subscriptions/parley'));
  await control('POST', '/people/sms', { from: '+15551230001', text: 'hello' });
  const before = (await control('POST', '/people/chat', { from: 'joe', text: 'hello' })).json;
  await control('POST', '/clock', { advance: 10 });
  await control('POST', '/settings/sms', { fieldNames: 'PascalCase' });
  await reset();
  assert.deepEqual((await control('GET', '/events')).json, []);
  const after = (await control('POST', '/people/chat', { from: 'joe', text: 'again' })).json;
  assert.equal(after.from, before.from);
  assert.notEqual(after.thread, before.thread);
  assert.equal((await control('GET', '/subscriptions')).json.length, 1);
  assert.equal((await control('GET', '/settings/sms')).json.fieldNames, 'PascalCase');
  await control('POST', '/settings/sms', { fieldNames: 'camelCase' });
  const { json } = await control('GET', '');
  assert(Math.abs(Date.parse(json.time) - Date.now()) < 5_000);
  const identity = await acs.clients().identity();
  await identity.getToken({ communicationUserId: acs.emulator().serviceUser }, ['chat']);
});

test('dead letters are listed and delivered again', async (t: TestContext) => {
  await reset();
  const subscriber = await startSubscriber(t);
  await control('PUT', '/subscriptions/parley', { endpoint: subscriber.url });
  t.after(() => control('DELETE', '/subscriptions/parley'));
  subscriber.answerWith(() => ({ status: 400 }));
  await control('POST', '/people/sms', { from: '+15551230001', text: 'hello' });
  await acs.emulator().eventGrid.idle();
  const [letter] = (await control('GET', '/dead-letters')).json;
  assert.equal(letter.deadLetterReason, 'UndeliverableDueToHttpBadRequest');
  subscriber.answerWith(() => ({ status: 200 }));
  assert.deepEqual((await control('POST', '/redeliver', {})).json, { events: 1 });
  await acs.emulator().eventGrid.idle();
  assert.deepEqual((await control('GET', '/dead-letters')).json, []);
  assert.equal(subscriber.deliveries.length, 2);
});
