import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { type Azurite, startAzurite } from '../../local/azurite/start-azurite.ts';
import { mail } from '../channels/email/mails.ts';
import { runProgram } from '../local/run-program.ts';
import { acsEvent } from '../support/acs-events.ts';
import { joined, sent, timeAt, user } from '../support/chat-events.ts';
import { ask, askUntil, newFolder, type Parley, post, startParley } from '../support/parley.ts';

let azurite: Azurite;
let parley: Parley;
let ana = '';
const started: (() => Promise<void>)[] = [];
const whatsappChannel = 'c4a77e10-0000-4000-8000-000000000001';

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
  await fill();
});

after(async () => {
  for (const stop of started.toReversed()) await stop();
});

/** Joe writes to Ana over four channels; another Joe, in a chat. */
async function fill(): Promise<void> {
  const [one, two] = ['19:joe@thread.v2', '19:other-joe@thread.v2'];
  const events = [
    ...[joined(one, 'Ana', 0), joined(one, 'Joe', 0), joined(two, 'Ana', 0), joined(two, 'Joe Stone', 0)],
    sent(one, { id: '1', from: 'Joe', text: 'When do I get the refund for my bike?', second: 1 }),
    sent(one, { id: '2', from: 'Ana', text: 'The refund is on its way.', second: 2 }),
    sent(two, { id: '3', from: 'Joe Stone', text: 'Do you lend tents?', second: 3 }),
    acsEvent('SMSReceived', {
      MessageId: 'sms-1',
      From: '15551230001',
      To: '18005550100',
      Message: 'The refund has not come yet.',
      ReceivedTimestamp: timeAt(5),
    }),
    acsEvent('AdvancedMessageReceived', {
      messageType: 'text',
      content: 'I can send a photo of the refund slip.',
      channelType: 'whatsapp',
      from: '15551230001',
      to: whatsappChannel,
      messageId: 'whatsapp-1',
      receivedTimestamp: timeAt(6),
    }),
  ];
  assert.equal((await post(`${parley.url}/api/events`, events)).status, 200);
  const raw = mail({
    headers: {
      From: 'Joe Miller <joe@customer.example>',
      Subject: 'My refund',
      'Authentication-Results': 'mx.shop.example; dmarc=pass header.from=customer.example',
    },
    body: 'Please tell me when the refund of 48 dollars comes.',
  });
  const inbound = await ask(`${parley.url}/api/email/inbound`, {
    method: 'POST',
    body: new Uint8Array(raw),
    headers: { 'content-type': 'message/rfc822' },
  });
  assert.equal(inbound.status, 200, inbound.text);
  const made = await post(`${parley.url}/api/people`, {
    name: 'Ana Lopez',
    role: 'staff',
    identities: [user('Ana')],
    answersFor: ['+18005550100', whatsappChannel, 'support@shop.example'],
  });
  assert.equal(made.status, 201, made.text);
  ana = JSON.parse(made.text).id;
  const joe = await post(`${parley.url}/api/people`, {
    name: 'Joe Miller',
    identities: [user('Joe'), '+15551230001', 'joe@customer.example'],
  });
  assert.equal(joe.status, 201, joe.text);
}

const request = 'summarize all conversations between me and user Joe about the refund since March';

describe('asking through the front door', () => {
  test('me and Joe over four channels: two Joes, a choice, an answer', async () => {
    const asked = await post(`${parley.url}/api/ask`, { request, as: ana });
    assert.equal(asked.status, 202, asked.text);
    const location = asked.headers.get('location') ?? '';
    assert.match(location, new RegExp(`^${parley.url}/api/ask/[\\w-]{22}$`));
    const chosen = JSON.parse((await askUntil(location, ({ text }) => !text.includes('"running"'))).text);
    assert.equal(chosen.output.status, 'choose', JSON.stringify(chosen));
    assert.deepEqual(
      chosen.output.choices
        .map(({ name, channels }: { name: string; channels: string[] }) => [name, channels])
        .sort(),
      [
        ['Joe Miller', ['chat', 'email', 'sms', 'whatsapp']],
        ['Joe Stone', ['chat']],
      ],
    );
    const { person } = chosen.output.choices.find(({ name }: { name: string }) => name === 'Joe Miller');
    const again = await post(
      `${parley.url}/api/ask`,
      { request, as: ana, people: { Joe: person } },
      { prefer: 'wait=60' },
    );
    assert.equal(again.status, 200, again.text);
    assert.equal(again.headers.get('preference-applied'), 'wait=60');
    const { output } = JSON.parse(again.text);
    assert.equal(output.status, 'answered');
    assert.deepEqual(
      output.conversations.map(({ channel }: { channel: string }) => channel),
      ['chat', 'email', 'sms', 'whatsapp'],
    );
    assert.match(output.markdown, /## SMS[\s\S]*refund has not come/);
    for (const cite of output.cites) {
      const address = `${parley.url}/api/conversations/${cite.channel}/${encodeURIComponent(cite.conversation)}`;
      const { messages } = JSON.parse((await ask(address)).text);
      assert.ok(
        messages.some(({ id, at }: { id: string; at: string }) => id === cite.messageId && at === cite.at),
      );
    }
  });

  test('the tool prints progress and choices, then the answer', async (context) => {
    const run = async (...more: string[]): Promise<string> => {
      const program = runProgram(context, [
        'node',
        'local/ask.ts',
        request,
        '--as',
        ana,
        '--url',
        parley.url,
        ...more,
      ]);
      assert.equal(await program.ended, 0, program.output());
      return program.output();
    };
    const choices = await run();
    const [, person = ''] = /(p_[\w-]{22}) {2}Joe Miller \(chat, email, sms, whatsapp/.exec(choices) ?? [];
    assert.match(choices, /--person "Joe=p_…"/);
    assert.match(
      await run('--person', `Joe=${person}`),
      /# Conversations between .* and Joe Miller about "refund", from 2026-03-01/,
    );
  });

  test('whoever is nobody is told how to be somebody, and bad requests what is wrong', async () => {
    const forged = { 'x-ms-client-principal-name': 'ana@shop.example' };
    assert.equal((await post(`${parley.url}/api/ask`, { request, as: ana }, forged)).status, 401);
    const wrong = await post(`${parley.url}/api/ask`, { request });
    assert.equal(wrong.status, 400);
    assert.match(wrong.text, /name with \\"as\\" whom it means/);
    assert.equal((await ask(`${parley.url}/api/ask/${'A'.repeat(22)}`)).status, 404);
  });
});
