import assert from 'node:assert/strict';
import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { after, test } from 'node:test';
import { type NotificationContent, paginate } from '@azure-rest/communication-messages';
import fc from 'fast-check';
import { startAcsEmulator } from '../../local/acs/start-emulator.ts';
import { incomingWhatsapp } from '../../local/acs/whatsapp/incoming-whatsapp.ts';
import { clientsOf } from '../support/acs.ts';
import { officialSamples } from '../support/acs-events.ts';
import { openDescription } from './check-answers.ts';
import { collectEvents } from './collect-events.ts';

const collected = collectEvents();
const acs = await startAcsEmulator({ port: 0, dataFile: ':memory:', onEvent: collected.onEvent });
after(() => acs.stop());
const { whatsapp } = acs;
whatsapp.configure({ sentAfterMilliseconds: 10, deliveredAfterMilliseconds: 20 });
const channel = whatsapp.settings().channels[0]?.id ?? '';

let people = 0;
const newNumber = () => `+1555777${String(++people).padStart(4, '0')}`;
const received = 'AdvancedMessageReceived';
const updated = 'AdvancedMessageDeliveryStatusUpdated';

type Content = Record<string, unknown> & { kind: string };

async function send(to: string, content: Content, headers: Record<string, string> = {}) {
  const client = await clientsOf(acs).messages();
  const body: NotificationContent = { channelRegistrationId: channel, to: [to], ...content };
  return client.path('/messages/notifications:send').post({ body, headers });
}

async function sendAccepted(to: string, content: Content): Promise<string> {
  const { status, body } = await send(to, content);
  assert.equal(status, '202', JSON.stringify(body));
  assert.ok('receipts' in body);
  assert.equal(body.receipts[0]?.to, to);
  return body.receipts[0].messageId;
}

/** A person who wrote just now. */
function newAcquaintance(): string {
  const number = newNumber();
  whatsapp.receive({ from: number, text: 'hello' });
  return number;
}

const text = { kind: 'text', content: 'Your order is on its way.' };
const shipped = {
  kind: 'template',
  template: {
    name: 'order_shipped',
    language: 'en_US',
    values: [
      { kind: 'text', name: 'order', text: '4711' },
      { kind: 'text', name: 'day', text: 'Friday' },
    ],
    bindings: { kind: 'whatsApp', body: [{ refValue: 'order' }, { refValue: 'day' }] },
  },
};
const withName = (name: string, language = 'en_US') => ({
  ...shipped,
  template: { ...shipped.template, name, language },
});

test('a message to somebody who wrote is sent and delivered, each told once, and read when they read it', async () => {
  const to = newAcquaintance();
  const messageId = await sendAccepted(to, text);
  const [sent, delivered] = await collected.dataOf(updated, messageId, 2);
  const { receivedTimestamp, ...rest } = sent ?? {};
  assert.match(String(receivedTimestamp), /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+00:00$/);
  const [{ person } = {}] = whatsapp.sent(to);
  assert.deepEqual(rest, {
    messageId,
    status: 'Sent',
    channelType: 'whatsapp',
    from: channel,
    to: to.slice(1),
    toBSUID: person?.bsuid,
  });
  assert.equal(delivered?.status, 'Delivered');
  whatsapp.read(messageId);
  whatsapp.read(messageId);
  const statuses = await collected.dataOf(updated, messageId, 3);
  assert.deepEqual(
    statuses.map(({ status }) => status),
    ['Sent', 'Delivered', 'Read'],
  );
});

test('what is read before its delivery was told is told as sent and delivered first, and not again later', async () => {
  const messageId = await sendAccepted(newAcquaintance(), text);
  whatsapp.read(messageId);
  await collected.dataOf(updated, await sendAccepted(newAcquaintance(), text), 2);
  const statuses = await collected.dataOf(updated, messageId, 3);
  assert.deepEqual(
    statuses.map(({ status }) => status),
    ['Sent', 'Delivered', 'Read'],
  );
});

test('every kind of message that the SDK knows is taken and kept', async () => {
  const to = newAcquaintance();
  const mediaUri = 'https://files.parley.example/a';
  const contents = [
    text,
    { kind: 'image', mediaUri, caption: 'look' },
    { kind: 'image_v0', mediaUri, content: 'look' },
    { kind: 'document', mediaUri, caption: 'read', fileName: 'invoice.pdf' },
    { kind: 'video', mediaUri, caption: 'watch' },
    { kind: 'audio', mediaUri },
    shipped,
  ];
  for (const content of contents) await sendAccepted(to, content);
  const kept = whatsapp.sent(to);
  assert.partialDeepStrictEqual(
    kept.map(({ notification }) => notification),
    contents,
  );
});

test('what is no message is refused with 400 and its field, and is not sent', async () => {
  const to = newAcquaintance();
  const mediaUri = 'https://files.parley.example/a';
  const wrong: [Content, string][] = [
    [{ kind: 'poll', content: 'x' }, 'kind'],
    [{ kind: 'text' }, 'content'],
    [{ kind: 'image', mediaUri: 'http://files.parley.example/a' }, 'mediaUri'],
    [{ kind: 'audio', mediaUri: 'a.mp3' }, 'mediaUri'],
    [{ kind: 'video', mediaUri, caption: 'x'.repeat(1_025) }, 'caption'],
    [{ ...text, to: [] }, 'to'],
    [{ ...text, to: [to, newNumber()] }, 'to'],
    [{ ...text, to: ['ana'] }, 'to'],
    [{ ...text, channelRegistrationId: 'mine' }, 'channelRegistrationId'],
    [{ ...shipped, template: { ...shipped.template, values: [] } }, 'template.bindings'],
  ];
  for (const [content, target] of wrong) {
    const { status, body } = await send(to, content);
    assert.partialDeepStrictEqual({ status, body }, { status: '400', body: { error: { target } } });
  }
  assert.equal(whatsapp.sent(to).length, 0);
  const { status } = await send(to, { ...text, channelRegistrationId: randomUUID() });
  assert.equal(status, '404');
});

test('a repeat with the same headers sends nothing twice and answers the same', async () => {
  const to = newAcquaintance();
  const headers = {
    'Repeatability-Request-ID': randomUUID(),
    'Repeatability-First-Sent': new Date().toUTCString(),
  };
  const first = await send(to, text, headers);
  const second = await send(to, text, headers);
  assert.deepEqual(second.body, first.body);
  assert.equal(second.headers['repeatability-result'], 'accepted');
  assert.equal(whatsapp.sent(to).length, 1);
});

test('a day later by the emulator, a send that is made repeatable is taken, and its window is closed', async () => {
  const moved = collectEvents();
  const later = await startAcsEmulator({ port: 0, dataFile: ':memory:', onEvent: moved.onEvent });
  after(() => later.stop());
  const to = newNumber();
  later.whatsapp.receive({ from: to, text: 'hello' });
  await fetch(`${later.url}/emulator/clock`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ advance: 86_400 }),
  });
  const body: NotificationContent = { channelRegistrationId: channel, to: [to], ...text };
  const headers = {
    'Repeatability-Request-ID': randomUUID(),
    'Repeatability-First-Sent': new Date().toUTCString(),
  };
  const client = await clientsOf(later).messages();
  const { status } = await client.path('/messages/notifications:send').post({ body, headers });
  assert.equal(status, '202');
  const [failed] = await moved.dataOf(updated, to.slice(1));
  assert.partialDeepStrictEqual(failed, { status: 'Failed', error: { channelCode: '131047' } });
});

test('outside the 24-hour window free text is accepted and then fails with 131047; a template arrives', async () => {
  const to = newNumber();
  const failed = await collected.dataOf(updated, await sendAccepted(to, text));
  assert.partialDeepStrictEqual(failed, [{ status: 'Failed', error: { channelCode: '131047' } }]);

  whatsapp.receive({ from: to, text: 'old', at: new Date(Date.now() - 24 * 3_600_000).toISOString() });
  const late = await collected.dataOf(updated, await sendAccepted(to, text));
  assert.equal(late[0]?.status, 'Failed');
  const template = await collected.dataOf(updated, await sendAccepted(to, shipped), 2);
  assert.equal(template[1]?.status, 'Delivered');

  whatsapp.receive({ from: to, at: new Date(Date.now() - 23.9 * 3_600_000).toISOString(), text: 'newer' });
  const free = await collected.dataOf(updated, await sendAccepted(to, text), 2);
  assert.equal(free[1]?.status, 'Delivered');
});

test('a template that is unknown, paused, rejected, pending or has other places than values fails later', async () => {
  const cases: [Content, string][] = [
    [withName('no_such_template'), '132001'],
    [withName('order_shipped', 'fr'), '132001'],
    [withName('summer_sale'), '132015'],
    [withName('free_prize'), '132001'],
    [withName('new_opening_hours'), '132001'],
    [withName('conversation_reopened'), '132000'],
  ];
  for (const [content, channelCode] of cases) {
    const failed = await collected.dataOf(updated, await sendAccepted(newNumber(), content));
    assert.partialDeepStrictEqual(failed, [{ status: 'Failed', error: { channelCode } }]);
  }
});

test('nobody reads what failed, and what reaches nobody fails with 131026', async () => {
  const to = newAcquaintance();
  whatsapp.configure({ undeliverable: [to] });
  const messageId = await sendAccepted(to, text);
  whatsapp.configure({ undeliverable: [] });
  const [failed] = await collected.dataOf(updated, messageId);
  assert.partialDeepStrictEqual(failed, { status: 'Failed', error: { channelCode: '131026' } });
  assert.throws(() => whatsapp.read(messageId), { status: 409 });
  assert.throws(() => whatsapp.read(randomUUID()), { status: 404 });
});

test('who hides their number is reached by BSUID, and events do not tell the number', async () => {
  const bsuid = 'US.13491208655302741918';
  whatsapp.receive({ bsuid, text: 'hidden from the start' });
  const [event] = await collected.dataOf(received, 'hidden from the start');
  assert.partialDeepStrictEqual(event, { from: '', fromBSUID: bsuid });
  assert.equal(collected.events.at(-1)?.subject, `advancedMessage/sender/${bsuid}/recipient/${channel}`);

  const messageId = await sendAccepted(bsuid, text);
  const [sent] = await collected.dataOf(updated, messageId);
  assert.partialDeepStrictEqual(sent, { status: 'Sent', to: '', toBSUID: bsuid });

  const number = newNumber();
  whatsapp.receive({ from: number, bsuid: 'DE.2', text: 'both' });
  whatsapp.receive({ from: number, hiddenNumber: true, text: 'now hidden' });
  const [hidden] = await collected.dataOf(received, 'now hidden');
  assert.partialDeepStrictEqual(hidden, { from: '', fromBSUID: 'DE.2' });
  await sendAccepted(number, text);
  assert.equal(whatsapp.sent('DE.2').length, 1);
  assert.equal(whatsapp.received('DE.2').length, 2);
});

test('media that a person sends is downloaded byte for byte, and unknown media is 404', async () => {
  const bytes = randomBytes(300_000);
  const media = {
    kind: 'document' as const,
    mimeType: 'application/pdf',
    fileName: 'bill.pdf',
    base64: bytes.toString('base64'),
  };
  const { mediaId } = whatsapp.receive({ from: newNumber(), media });
  const client = await clientsOf(acs).messages();
  const download = async (id: string) => {
    const { status, headers, body } = await client.path('/messages/streams/{id}', id).get().asNodeStream();
    assert.ok(body);
    return { status, type: headers['content-type'], body: await buffer(body) };
  };
  const found = await download(mediaId ?? '');
  assert.equal(found.status, '200');
  assert.equal(found.type, 'application/octet-stream');
  assert.equal(hash(found.body), hash(bytes));
  const missing = await download(randomUUID());
  assert.equal(missing.status, '404');
  assert.partialDeepStrictEqual(JSON.parse(missing.body.toString()), { error: { code: 'NotFound' } });
});

function hash(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

test('templates are listed page by page, each once, as the REST description has them', async (t) => {
  const client = await clientsOf(acs).messages();
  const list = (channelId: string, queryParameters: { maxpagesize?: number }) =>
    client.path('/messages/channels/{channelId}/templates', channelId).get({ queryParameters });
  const first = await list(channel, { maxpagesize: 3 });
  assert.equal(first.status, '200');
  assert.ok('value' in first.body);
  assert.equal(first.body.value.length, 3);
  const names: unknown[] = [];
  for await (const item of paginate(client, first)) names.push(Object(item).name);
  assert.deepEqual(
    names,
    whatsapp.settings().templates.map(({ name }) => name),
  );
  assert.equal((await list(randomUUID(), {})).status, '404');
  assert.equal((await list(channel, { maxpagesize: 0 })).status, '400');

  const check = openDescription('Messages/stable/2024-02-01/communicationservicesmessages.json', [
    'PagedMessageTemplateItem',
    'SendMessageResult',
    'MessageReceipt',
  ]);
  if (!check) return t.skip('../shared/specs is not here');
  check('PagedMessageTemplateItem', first.body);
  for (const item of first.body.value) check('WhatsAppMessageTemplateItem', item);
  check('SendMessageResult', (await send(newAcquaintance(), text)).body);
  check('Azure.Core.Foundations.ErrorResponse', (await send('nobody', text)).body);
});

test('a wrong key is refused on every route', async () => {
  const { url, connectionString } = acs;
  const wrong = connectionString.replace(/accesskey=.*/, 'accesskey=d3Jvbmcga2V5');
  const client = await clientsOf({ ...acs, url, connectionString: wrong }).messages();
  const body: NotificationContent = { channelRegistrationId: channel, to: [newNumber()], kind: 'text' };
  const answers = [
    await client.path('/messages/notifications:send').post({ body }),
    await client.path('/messages/streams/{id}', randomUUID()).get(),
    await client.path('/messages/channels/{channelId}/templates', channel).get(),
  ];
  for (const { status } of answers) assert.equal(status, '401');
});

test('an answer names whose message it answers', async () => {
  const from = newAcquaintance();
  const [own] = whatsapp.received(from);
  const ours = await sendAccepted(from, text);
  whatsapp.receive({ from, replyTo: ours, text: 'to yours' });
  whatsapp.receive({ from, replyTo: own?.messageId, text: 'to mine' });
  const [toYours] = await collected.dataOf(received, 'to yours');
  const [toMine] = await collected.dataOf(received, 'to mine');
  assert.deepEqual(toYours?.context, { from: '15550100200', id: ours });
  assert.deepEqual(toMine?.context, { from: from.slice(1), id: own?.messageId });
});

const base64 = Buffer.from('bytes').toString('base64');
const inbound = {
  whatsapp_text: { text: 'Hello' },
  whatsapp_image: { media: { kind: 'image', mimeType: 'image/jpeg', caption: 'This', base64 } },
  whatsapp_document: { media: { kind: 'document', mimeType: 'application/pdf', fileName: 'a.pdf', base64 } },
  whatsapp_sticker: { media: { kind: 'sticker', mimeType: 'image/webp', base64 } },
  whatsapp_reaction: { reaction: { messageId: 'one', emoji: '👍' } },
  whatsapp_template_button: { replyTo: 'one', button: { text: 'Yes', payload: 'Kat said yes' } },
  whatsapp_interactive_button: { replyTo: 'one', interactive: { type: 'buttonReply', id: 'a', title: 'A' } },
  whatsapp_interactive_list: {
    replyTo: 'one',
    interactive: { type: 'listReply', id: 'a', title: 'A', description: 'b' },
  },
};

test('events have the fields of the official samples, and messageId and BSUIDs only when they are switched on', async (t) => {
  const samples = officialSamples(/docs.whatsapp_.*(received|reply|sent|failed)/);
  if (!samples) return t.skip('../shared/events is not here');
  for (const extra of [true, false]) {
    whatsapp.configure({ messageIds: extra, businessScopedUserIds: extra });
    for (const [file, sample] of samples) {
      const { emitted, added } = await emitLike(file);
      const expected: string[] = [...fieldsOf(Object(sample).data), ...(extra ? added : [])];
      assert.deepEqual(fieldsOf(emitted), expected.sort(), file);
    }
  }
  whatsapp.configure({ messageIds: true, businessScopedUserIds: true, undeliverable: [] });
});

/** An event such as the sample's, and the fields that it has beyond it. */
async function emitLike(file: string) {
  const number = newAcquaintance();
  const [, content] = Object.entries(inbound).find(([name]) => file.includes(name)) ?? [];
  if (content) {
    whatsapp.receive(incomingWhatsapp.parse({ from: number, ...content }));
    return { emitted: collected.events.at(-1)?.data, added: ['fromBSUID', 'messageId'] };
  }
  whatsapp.configure({ undeliverable: file.includes('failed') ? [number] : [] });
  const [emitted] = await collected.dataOf(updated, await sendAccepted(number, text));
  return { emitted, added: ['toBSUID'] };
}

/** Names of all fields with their paths. */
function fieldsOf(value: unknown, path = ''): string[] {
  if (typeof value !== 'object' || value === null) return [path];
  return Object.entries(value)
    .flatMap(([name, inner]) => fieldsOf(inner, path ? `${path}.${name}` : name))
    .sort();
}

test('what ACS does not document comes as its own type, with what WhatsApp has of it', async () => {
  const from = newNumber();
  whatsapp.receive({ from, location: { latitude: 52.5, longitude: 13.4, name: 'Berlin' } });
  whatsapp.receive({ from, contacts: [{ name: { formatted_name: 'Ben' } }] });
  whatsapp.receive({ from, unsupported: true });
  const [location, contacts, unsupported] = await collected.dataOf(received, from.slice(1), 3);
  assert.partialDeepStrictEqual(location, { messageType: 'location', location: { name: 'Berlin' } });
  assert.partialDeepStrictEqual(contacts, {
    messageType: 'contacts',
    contacts: [{ name: { formatted_name: 'Ben' } }],
  });
  assert.partialDeepStrictEqual(unsupported, {
    messageType: 'unsupported',
    error: { channelCode: '131051' },
  });
});

test('a message of a person that is none is refused, whatever it is, and emits nothing', () => {
  const before = collected.events.length;
  fc.assert(
    fc.property(
      fc.dictionary(fc.constantFrom('from', 'text', 'media', 'reaction', 'at', 'unsupported'), fc.anything()),
      (input) => {
        const { success } = incomingWhatsapp.safeParse(input);
        if (!success) assert.throws(() => whatsapp.receive(Object(input)));
      },
    ),
    { numRuns: 200 },
  );
  assert.throws(() => whatsapp.receive({ text: 'from nobody' }), /Say from, bsuid or both/);
  assert.throws(() => whatsapp.receive({ from: newNumber() }), /Say exactly one of/);
  assert.throws(() => whatsapp.receive({ from: newNumber(), to: randomUUID(), text: 'x' }), {
    status: 404,
  });
  assert.equal(collected.events.length, before);
});

test('a text message is followed by its analysis on the channels where that is on, spelt as they are told', async (t) => {
  const analysed = 'AdvancedMessageAnalysisCompleted';
  const other = { id: randomUUID(), number: '+15550100299' };
  const { channels } = whatsapp.settings();
  const withAnalysis = (analysis?: 'extractedKeyPhrases' | 'keyphraseExtraction') =>
    whatsapp.configure({
      channels: [...channels.map((each) => ({ ...each, analysis })), other],
      analysedAfterMilliseconds: 20,
    });
  const samples = officialSamples(/analysis_completed/);
  for (const spelling of ['extractedKeyPhrases', 'keyphraseExtraction'] as const) {
    withAnalysis(spelling);
    const from = newNumber();
    const words = `Could you deliver flowers, ${spelling}?`;
    whatsapp.receive({ from, to: other.id, text: words });
    whatsapp.receive({ from, media: { kind: 'image', mimeType: 'image/png', base64: '', caption: words } });
    whatsapp.receive({ from, text: words });
    const [data] = await collected.dataOf(analysed, words);
    assert.equal(data?.originalMessage, words);
    assert.deepEqual([data?.from, data?.to], [from.slice(1), channel]);
    assert.equal(data?.messageId, undefined);
    const sample = [...(samples ?? [])].find(([, each]) => JSON.stringify(each).includes(spelling))?.[1];
    if (!sample) continue;
    const extra = spelling === 'keyphraseExtraction' ? ['sentiment.description', 'sentiment.score'] : [];
    assert.deepEqual(fieldsOf(data), [...fieldsOf(Object(sample).data), ...extra].sort());
  }
  withAnalysis();
  whatsapp.receive({ from: newNumber(), text: 'nobody analyses this' });
  await new Promise((resolve) => setTimeout(resolve, 100));
  const found = collected.events.filter(({ type }) => type === analysed);
  assert.equal(found.length, 2);
  whatsapp.configure({ channels });
  if (!samples) t.diagnostic('../shared/events is not here: the fields were not compared');
});

test('an analysis of somebody who hides their number tells the BSUID', async () => {
  const { channels } = whatsapp.settings();
  whatsapp.configure({ channels: channels.map((each) => ({ ...each, analysis: 'extractedKeyPhrases' })) });
  const bsuid = 'US.13491208655302740001';
  whatsapp.receive({ from: newNumber(), bsuid, hiddenNumber: true, text: 'Who am I to you?' });
  const [data] = await collected.dataOf('AdvancedMessageAnalysisCompleted', 'Who am I to you?');
  assert.equal(data?.from, bsuid);
  whatsapp.configure({ channels });
});

test('statuses that are due after a restart still come, in order and once', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'acs-whatsapp-'));
  after(() => rmSync(folder, { recursive: true, force: true }));
  const dataFile = join(folder, 'acs.sqlite');
  const first = await startAcsEmulator({ port: 0, dataFile });
  first.whatsapp.configure({
    sentAfterMilliseconds: 3_600_000,
    deliveredAfterMilliseconds: 3_600_001,
    readAfterMilliseconds: 3_600_002,
  });
  const to = newNumber();
  const { to: channelRegistrationId } = first.whatsapp.receive({ from: to, text: 'hello' });
  const client = await clientsOf(first).messages();
  const body: NotificationContent = { channelRegistrationId, to: [to], ...text };
  await client.path('/messages/notifications:send').post({ body });
  await first.stop();

  const later = collectEvents();
  const clock = () => new Date(Date.now() + 3_600_010);
  const second = await startAcsEmulator({ port: 0, dataFile, clock, onEvent: later.onEvent });
  const statuses = await later.dataOf(updated, to.slice(1), 3);
  assert.deepEqual(
    statuses.map(({ status }) => status),
    ['Sent', 'Delivered', 'Read'],
  );
  assert.equal(second.whatsapp.received(to).length, 1);
  await second.stop();
});
