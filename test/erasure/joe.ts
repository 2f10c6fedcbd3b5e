import assert from 'node:assert/strict';
import { BlobServiceClient } from '@azure/storage-blob';
import * as z from 'zod';
import { attached, mail, multipart } from '../channels/email/mails.ts';
import { acsEvent } from '../support/acs-events.ts';
import { type Answer, ask, askUntil, type Parley, post } from '../support/parley.ts';

/** What nothing may have once Joe is erased: names, numbers, addresses, and words that are his. */
export const traces = [
  'Joe Marlow',
  'Marlow',
  '15557340001',
  '15557340002',
  'joe.marlow@fernhill.example',
  'vermilion canoe',
  'Quince Hollow 77',
  'seventeen herons',
  'tungsten paddle',
  'osprey whistle',
  'gooseberry ferry',
  'walnut compass',
  'lantern festival of Drumlin',
  'brass barometer',
  'juniper anchorage',
  'periwinkle dinghy',
];

/** What others said, which stays. */
export const others = {
  group: ['I can bring the oars on Saturday.', 'The weather will be fine.'],
  thread: ['Two seats are free, bring warm clothes.'],
  forward: ['Could you look into this, Zoe?'],
};

const signal = () => AbortSignal.timeout(60_000);
const accepted = z.object({ thread: z.string(), from: z.string() });
const listed = z.object({ conversations: z.array(z.object({ channel: z.string(), id: z.string() })) });

export interface Place {
  parley: Parley;
  acs: string;
  connectionString: string;
}

/** Where a Parley that was started with its own storage and emulator can be asked. */
export function placeOf(parley: Parley): Place {
  const told = (pattern: RegExp): string =>
    parley.lines.flatMap((line) => pattern.exec(line)?.[1] ?? [])[0] ?? '';
  return {
    parley,
    acs: told(/^ACS emulator: (\S+)/),
    connectionString: told(/^Connection string: (.*)$/),
  };
}

export interface Joe {
  /** `p_…` */
  person: string;
  /** Ids that tell of him beside the usual traces. */
  ids: string[];
  group: string;
  thread: string;
  forward: string;
  mails: Buffer[];
  importFile: string;
}

async function said(place: Place, path: string, body: object): Promise<unknown> {
  const answer = await post(`${place.acs}/emulator/people/${path}`, body);
  assert.equal(answer.status, 200, answer.text);
  return answer.json;
}

export function conversation({ parley }: Place, channel: string, id: string): Promise<Answer> {
  return ask(`${parley.url}/api/conversations/${channel}/${encodeURIComponent(id)}`);
}

async function until({ parley }: Place, channel: string, id: string, pattern: RegExp): Promise<void> {
  const address = `${parley.url}/api/conversations/${channel}/${encodeURIComponent(id)}`;
  await askUntil(address, ({ text }) => pattern.test(text));
}

async function withWhom({ parley }: Place, who: string, channel: string): Promise<string> {
  const query = `${parley.url}/api/conversations?with=${encodeURIComponent(who)}&channel=${channel}`;
  const { json } = await askUntil(query, ({ text }) => text.includes('"id"'));
  return listed.parse(json).conversations[0]?.id ?? '';
}

export async function inbound({ parley }: Place, raw: Buffer): Promise<Answer> {
  return ask(`${parley.url}/api/email/inbound`, {
    method: 'POST',
    body: new Uint8Array(raw),
    headers: { 'content-type': 'message/rfc822' },
    signal: signal(),
  });
}

const vouched = (domain: string) => ({
  'Authentication-Results': `gateway.example; dmarc=pass header.from=${domain}`,
});

const first = 'Dear shop,\r\n\r\nmy walnut compass is at Quince Hollow 77.\r\n\r\nJoe Marlow';
const quoted = first.replaceAll(/^/gm, '> ');

/** Joe writes, Ada answers quoting him, then Ada forwards all of it to Zoe, once in the text and once as a file. */
const mails = [
  mail({
    headers: {
      ...vouched('fernhill.example'),
      From: 'Joe Marlow <joe.marlow@fernhill.example>',
      To: 'Shop <shop@parley.example>, Ada <ada@customer.example>, Ines <ines@third.example>',
      Subject: 'The course in May',
      Date: 'Mon, 23 Nov 2026 09:00:00 +0000',
      'Message-ID': '<m1@mails.example>',
    },
    body: first,
  }),
  mail({
    headers: {
      ...vouched('customer.example'),
      From: 'Ada <ada@customer.example>',
      To: 'Shop <shop@parley.example>, Joe Marlow <joe.marlow@fernhill.example>, Ines <ines@third.example>',
      Subject: 'Re: The course in May',
      Date: 'Mon, 23 Nov 2026 10:00:00 +0000',
      'Message-ID': '<m2@mails.example>',
      'In-Reply-To': '<m1@mails.example>',
      References: '<m1@mails.example>',
    },
    body: `${others.thread[0]}\r\n\r\nOn Monday, Joe Marlow wrote:\r\n${quoted}`,
  }),
  multipart(
    'mixed',
    [
      {
        body: `${others.forward[0]}\r\n\r\n---------- Forwarded message ----------\r\nFrom: Joe Marlow <joe.marlow@fernhill.example>\r\n\r\n${first}`,
      },
      attached(
        'original.eml',
        'message/rfc822',
        `From: Joe Marlow <joe.marlow@fernhill.example>\r\nSubject: The course\r\n\r\n${first}\r\n`,
      ),
    ],
    {
      ...vouched('customer.example'),
      From: 'Ada <ada@customer.example>',
      To: 'Zoe <zoe@elsewhere.example>, Shop <shop@parley.example>',
      Subject: 'A question',
      Date: 'Mon, 23 Nov 2026 11:00:00 +0000',
      'Message-ID': '<m3@mails.example>',
    },
  ),
];

const imported = [
  {
    sender: 'mailto:joe.marlow@fernhill.example',
    name: 'Joe Marlow',
    text: 'See the lantern festival of Drumlin.',
  },
  { sender: 'mailto:ines@third.example', name: 'Ines', text: 'I would love to.' },
  { sender: 'mailto:ada@customer.example', name: 'Ada', text: 'So would I.' },
];

/** A person in five conversations on four channels, and all that comes of it; then a night. */
export async function letJoeLive(place: Place): Promise<Joe> {
  const { parley, acs } = place;
  const chat = (body: object) => said(place, 'chat', body).then((answer) => accepted.parse(answer));
  const group = await chat({
    from: 'joe',
    name: 'Joe Marlow',
    text: 'Who has seen my vermilion canoe at Quince Hollow 77?',
    topic: 'Boats',
    with: ['ada', 'grace'],
    isNew: true,
  });
  await chat({ from: 'ada', thread: group.thread, text: others.group[0] });
  await chat({ from: 'grace', thread: group.thread, text: others.group[1] });
  await chat({ from: 'joe', name: 'Joe Marlow', thread: group.thread, text: 'seventeen herons were there' });
  const pair = await chat({
    from: 'joe',
    name: 'Joe Marlow',
    text: 'Please return the tungsten paddle.',
    with: ['ada'],
    isNew: true,
  });
  await chat({ from: 'ada', thread: pair.thread, text: 'Which tungsten paddle, Joe?' });

  await said(place, 'sms', { from: '+15557340001', text: 'When does the gooseberry ferry leave?' });
  const sms = await withWhom(place, '+15557340001', 'sms');
  const answer = await post(`${parley.url}/api/conversations/sms/${encodeURIComponent(sms)}/messages`, {
    text: 'The gooseberry ferry leaves at nine.',
    sentBy: 'clerk',
  });
  assert.equal(answer.status, 202, answer.text);

  const file = (text: string) => Buffer.from(text).toString('base64');
  await said(place, 'whatsapp', {
    from: '+15557340002',
    media: {
      kind: 'document',
      mimeType: 'text/plain',
      fileName: 'Joe Marlow.txt',
      base64: file('The osprey whistle is mine.'),
      caption: 'Of my osprey whistle',
    },
  });
  const whatsapp = await withWhom(place, '+15557340002', 'whatsapp');
  await until(place, 'whatsapp', whatsapp, /"blob":/);

  for (const raw of mails) assert.equal((await inbound(place, raw)).status, 200);

  const { json } = await post(`${parley.url}/api/people`, {
    name: 'Joe Marlow',
    identities: [group.from, '+15557340001', '+15557340002', 'joe.marlow@fernhill.example'],
  });
  const { id: person } = z.object({ id: z.string() }).parse(json);

  await keepTrouble(place, sms);
  await until(place, 'chat', group.thread, /herons/);
  await until(place, 'chat', pair.thread, /Which tungsten/);
  const importFile = await importOld(place);
  await finished(`${parley.url}/api/export`, {});
  await finished(`${parley.url}/api/summaries/runs`, {});
  await post(`${acs}/emulator/faults`, { path: '/sms', answer: { status: 503 }, times: 100_000 });
  const pending = await post(`${parley.url}/api/conversations/sms/${encodeURIComponent(sms)}/messages`, {
    text: 'Your brass barometer has come.',
  });
  assert.match(pending.text, /"pending"/);
  const [bsuid = ''] = whatsapp.split(':').slice(1);
  return {
    person,
    ids: [group.from, sms, bsuid, pair.thread].filter((id) => id !== ''),
    group: group.thread,
    thread: 'm1@mails.example',
    forward: 'm3@mails.example',
    mails,
    importFile,
  };

  async function importOld({ connectionString: storage }: Place): Promise<string> {
    const lines = imported.map(({ sender, name, text }, index) =>
      JSON.stringify({
        channel: 'teams',
        conversation: 'festival',
        messageId: String(index),
        at: `2026-11-0${index + 1}T09:00:00Z`,
        sender: { id: sender, name },
        text,
      }),
    );
    await upload(storage, 'imports', 'history.jsonl', lines.join('\n'));
    await finished(`${parley.url}/api/import`, { file: 'history.jsonl' });
    return lines.join('\n');
  }

  /** Events that cannot be read, and a mail that is none. */
  async function keepTrouble(_: Place, to: string): Promise<void> {
    const events = [
      acsEvent('SMSReceived', { from: '15557340001', message: 'juniper anchorage', number: to }),
      acsEvent('AdvancedMessageReceived', { from: 'Joe Marlow', content: 'periwinkle dinghy' }),
    ];
    const { json: told } = await post(`${parley.url}/api/events`, events);
    assert.equal(Object(told).deadLettered, 2);
    const odd = Buffer.from('To: Joe Marlow <joe.marlow@fernhill.example>\r\n\r\nthe periwinkle dinghy\r\n');
    const { text } = await inbound(place, odd);
    assert.match(text, /deadLettered/);
  }
}

export async function upload(connectionString: string, container: string, name: string, text: string) {
  const client = BlobServiceClient.fromConnectionString(connectionString).getContainerClient(container);
  await client.createIfNotExists();
  await client.getBlockBlobClient(name).upload(text, Buffer.byteLength(text));
}

/** Starts what has an address of its own, and waits for its end. */
export async function finished(url: string, body: object): Promise<Answer> {
  const { status, headers, text } = await post(url, body);
  assert.equal(status, 202, text);
  const answer = await askUntil(
    headers.get('location') ?? '',
    (each) => !/"state":"running"/.test(each.text),
  );
  assert.match(answer.text, /"state":"completed"/);
  return answer;
}
