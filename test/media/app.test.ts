import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { QueueClient } from '@azure/storage-queue';
import { useAcs } from '../support/acs.ts';
import { acsEvent } from '../support/acs-events.ts';
import { useAzurite } from '../support/azurite.ts';
import { ask, askUntil, newFolder, type Parley, post, startParley } from '../support/parley.ts';

const events: ReturnType<typeof acsEvent>[] = [];
const acs = useAcs({ onEvent: ({ type, data }) => events.push(acsEvent(type, data)) });

const azurite = useAzurite();

let parley: Parley;
let removeFolder: () => Promise<void>;

/** A person sends a file; the event that tells of it. */
function sendFile(bytes: Buffer, fileName: string, mimeType = 'application/pdf') {
  const { to, person } = acs.emulator().whatsapp.receive({
    from: '+15551230001',
    media: { kind: 'document', mimeType, base64: bytes.toString('base64'), fileName, caption: 'My papers' },
  });
  const event = events.at(-1);
  assert.ok(event);
  return { event, id: `${to}:${person.bsuid}` };
}

describe('SMS, WhatsApp and attachments through the front door', () => {
  before(async () => {
    const { folder, remove } = await newFolder();
    removeFolder = remove;
    const { url, connectionString } = acs.emulator();
    parley = await startParley(folder, {
      AzureWebJobsStorage: azurite.connectionString(),
      ACS_EMULATOR_URL: url,
      ACS_CONNECTION_STRING: connectionString,
    });
  });

  after(async () => {
    await parley.stop();
    await removeFolder();
  });

  test('SMS and WhatsApp have triggers of their own', async () => {
    const trigger = (name: string, event: unknown) =>
      post(`${parley.url}/runtime/webhooks/eventgrid?functionName=${name}`, [event], {
        'aeg-event-type': 'Notification',
      });
    const data = {
      MessageId: 'Incoming_1',
      From: '15551230001',
      To: '18005550100',
      Message: 'Where is my order?',
      ReceivedTimestamp: '2026-11-23T09:00:01.32Z',
    };
    assert.equal((await trigger('smsEvents', acsEvent('SMSReceived', data))).status, 202);
    acs.emulator().whatsapp.receive({ from: '+15551230009', text: 'Hello there' });
    assert.equal((await trigger('whatsappEvents', events.at(-1))).status, 202);
    const conversations = async (channel: string) =>
      (await ask(`${parley.url}/api/conversations?channel=${channel}`)).text;
    assert.match(await conversations('sms'), /"id":"\+18005550100:\+15551230001"/);
    assert.match(await conversations('whatsapp'), /"id":"[0-9a-f-]{36}:US\.\d+"/);
  });

  test('a document that somebody sends by WhatsApp can be downloaded, as a file and nothing else', async () => {
    const bytes = Buffer.from('%PDF-1.7 sample');
    const { event, id } = sendFile(bytes, 'Stück "1"/../<b>.pdf');
    const address = `${parley.url}/api/conversations/whatsapp/${encodeURIComponent(id)}`;
    assert.equal((await post(`${parley.url}/api/events`, [event])).status, 200);
    const { text } = await askUntil(address, (answer) => /"blob":/.test(answer.text));
    const [, blob] = /"blob":"([^"]+)"/.exec(text) ?? [];
    const response = await fetch(`${parley.url}/api/media/${blob}`);
    assert.equal(response.status, 200);
    assert.ok(Buffer.from(await response.arrayBuffer()).equals(bytes));
    assert.deepEqual(
      ['content-type', 'content-disposition', 'x-content-type-options', 'content-security-policy'].map(
        (name) => response.headers.get(name),
      ),
      [
        'application/pdf',
        'attachment; filename="St_ck _1__..__b_.pdf"; ' +
          "filename*=UTF-8''St%C3%BCck%20%221%22_.._%3Cb%3E.pdf",
        'nosniff',
        "default-src 'none'; sandbox",
      ],
    );
  });

  test('what is no attachment is not found, whatever the address', async () => {
    for (const path of [
      'whatsapp/nobody/0000000000000000000000000000000000000000000000000000000000000000',
      'whatsapp/x/y',
      '..%2Ftranscripts/x/y',
      'transcripts/whatsapp/000001.jsonl',
    ]) {
      const { status, json } = await ask(`${parley.url}/api/media/${path}`);
      assert.equal(status, 404, path);
      assert.ok(json && typeof json === 'object' && 'error' in json, path);
    }
  });

  test('what the provider no longer has says so, and can be ordered again', async () => {
    const { event, id } = sendFile(Buffer.from('%PDF-'), 'a.pdf');
    const data = { ...Object(event.data), fromBSUID: 'US.2', media: { id: 'gone', mimeType: 'image/png' } };
    const other = id.replace(/:.*/, ':US.2');
    const address = `${parley.url}/api/conversations/whatsapp/${encodeURIComponent(other)}`;
    await post(`${parley.url}/api/events`, [{ ...event, data }]);
    const { text } = await askUntil(address, (answer) => /"problem":/.test(answer.text));
    assert.match(text, /no longer has it/);
    const again = await post(`${parley.url}/api/media/whatsapp/${encodeURIComponent(other)}`, '');
    assert.deepEqual([again.status, again.json], [202, { ordered: 1 }]);
    // Until that has been tried: of two that say why it is not kept, the later one counts.
    const orders = new QueueClient(azurite.connectionString(), 'media');
    while ((await orders.getProperties()).approximateMessagesCount !== 0) await wait(50);
    // What the host does after the last try.
    const attachment = { id: 'gone', type: 'image/png' };
    const order = { channel: 'whatsapp', id: other, messageId: data.messageId, attachment };
    const poison = new QueueClient(azurite.connectionString(), 'media-poison');
    await poison.sendMessage(Buffer.from(JSON.stringify(order)).toString('base64'));
    await askUntil(address, (answer) => /in several tries/.test(answer.text));
    const nobody = await post(`${parley.url}/api/media/whatsapp/nobody`, '');
    assert.equal(nobody.status, 404);
  });
});
