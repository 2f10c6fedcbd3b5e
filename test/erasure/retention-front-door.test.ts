import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { BlobServiceClient } from '@azure/storage-blob';
import * as z from 'zod';
import { type Azurite, startAzurite } from '../../local/azurite/start-azurite.ts';
import { ask, askUntil, newFolder, type Parley, post, startParley } from '../support/parley.ts';
import {
  type Correspondence,
  chatWith,
  eventOf,
  mailWith,
  rawMail,
  smsWith,
  whatsappWith,
  wordsOf,
} from './year.ts';

const settings = { RETENTION_DAYS: '90', RETENTION_DAYS_EMAIL: '30' };
const day = 24 * 3_600_000;
/** Far enough from the times that count for a test of any length. */
const now = Date.now() - 3_600_000;
const ages = [365, 300, 200, 120, 95, 85, 60, 35, 25, 5];
const joe = [smsWith('+15551230001'), mailWith('joe')];
const all = [
  chatWith('ada'),
  chatWith('held'),
  ...joe,
  smsWith('+15551230002'),
  whatsappWith('US.13491208655302741918'),
  mailWith('grace'),
];
/** Of these, nobody has written for long. */
const quiet = [chatWith('quiet'), smsWith('+15551230003'), mailWith('quiet')];

let azurite: Azurite;
let parley: Parley;
let folder = '';
const started: (() => Promise<void>)[] = [];

const report = z.looseObject({
  id: z.string(),
  state: z.string(),
  onHold: z.int(),
  messages: z.int(),
  erased: z.int(),
  shortened: z.int(),
  failed: z.int(),
  removed: z.record(z.string(), z.int()).optional(),
});

const start = (settings: Record<string, string>) =>
  startParley(join(folder, 'parley'), {
    AzureWebJobsStorage: azurite.connectionString,
    ACS_EMULATOR_URL: 'http://127.0.0.1:9',
    EMAIL_TRUSTED_AUTH_HEADER: 'Authentication-Results',
    ANALYSIS: 'off',
    ...settings,
  });

before(async () => {
  const made = await newFolder();
  started.push(made.remove);
  folder = made.folder;
  azurite = await startAzurite({ folder: join(folder, 'storage'), log: () => {} });
  started.push(azurite.stop);
  parley = await start(settings);
  started.push(async () => parley.stop());
  for (const one of all) await write(one, ages);
  for (const one of quiet) await write(one, [365, 200]);
});

after(async () => {
  for (const stop of started.toReversed()) await stop();
});

async function write(one: Correspondence, daysAgo: readonly number[]): Promise<void> {
  const times = daysAgo.map((days) => new Date(now - days * day));
  if (one.channel !== 'email') {
    const answer = await post(
      `${parley.url}/api/events`,
      times.map((at) => eventOf(one, at)),
    );
    assert.equal(JSON.parse(answer.text).stored, times.length, answer.text);
    return;
  }
  for (const [index, at] of times.entries()) {
    const answer = await ask(`${parley.url}/api/email/inbound`, {
      method: 'POST',
      body: new Uint8Array(rawMail(one, at, index === 0)),
      headers: { 'content-type': 'message/rfc822' },
    });
    assert.equal(answer.status, 200, answer.text);
  }
}

const addressOf = ({ channel, id }: Correspondence) => `${channel}/${encodeURIComponent(id)}`;

/** How many days ago the messages of a conversation were sent; undefined where it is gone. */
async function agesOf(one: Correspondence): Promise<number[] | undefined> {
  const { status, text } = await ask(`${parley.url}/api/conversations/${addressOf(one)}`);
  if (status === 404) return undefined;
  const { messages } = z.object({ messages: z.array(z.object({ at: z.string() })) }).parse(JSON.parse(text));
  return messages.map(({ at }) => Math.round((now - Date.parse(at)) / day));
}

async function sweep(body?: object) {
  const { status, headers, text } = await post(`${parley.url}/api/retention/runs`, body ?? '');
  assert.ok(status === 202 || status === 200, text);
  const location = headers.get('location') ?? '';
  const done = await askUntil(location, (answer) => /"state":"(completed|failed)"/.test(answer.text));
  return report.parse(done.json);
}

async function night(): Promise<void> {
  const { headers, text } = await post(`${parley.url}/api/summaries/runs`, {});
  await askUntil(headers.get('location') ?? text, (answer) => /"state":"completed"/.test(answer.text));
}

const hold = (what: string, method: string, body?: object) =>
  ask(`${parley.url}/api/holds/${what}`, { method, ...(body ? { body: JSON.stringify(body) } : {}) });

/** All that storage holds. */
async function everything(): Promise<string> {
  const texts: string[] = [];
  const service = BlobServiceClient.fromConnectionString(azurite.connectionString);
  for await (const { name } of service.listContainers()) {
    const container = service.getContainerClient(name);
    for await (const blob of container.listBlobsFlat({ includeMetadata: true })) {
      texts.push(blob.name, JSON.stringify(blob.metadata));
      texts.push((await container.getBlobClient(blob.name).downloadToBuffer()).toString('utf8'));
    }
  }
  return texts.join('\n');
}

function keptOf({ channel }: Correspondence): number[] {
  const most = channel === 'email' ? 30 : 90;
  return ages.filter((days) => days < most);
}

describe('retention through the front door', () => {
  test('of a year of conversations on four channels exactly what is young or on hold stays', async () => {
    await night();
    const { json } = await post(`${parley.url}/api/people`, {
      name: 'Joe',
      identities: joe.map(({ identity }) => identity),
    });
    const { id } = z.object({ id: z.string() }).parse(json);
    const held = [chatWith('held'), ...joe];
    for (const what of [`conversations/${addressOf(chatWith('held'))}`, `people/${id}`]) {
      assert.equal((await hold(what, 'PUT', { reason: 'a law suit' })).status, 201);
    }

    const dry = await sweep({ dryRun: true });
    assert.deepEqual(await agesOf(chatWith('ada')), ages);
    const told = await sweep();
    assert.deepEqual(
      [told.state, told.onHold, told.erased, told.shortened, told.failed],
      ['completed', 3, 3, 4, 0],
    );
    assert.deepEqual(
      [dry.onHold, dry.messages, dry.erased, dry.shortened],
      [told.onHold, told.messages, told.erased, told.shortened],
    );
    for (const one of all) {
      const isHeld = held.some((each) => each.id === one.id);
      assert.deepEqual(await agesOf(one), isHeld ? ages : keptOf(one), one.id);
    }
    for (const one of quiet) assert.equal(await agesOf(one), undefined, one.id);

    const content = await everything();
    for (const one of [...all, ...quiet]) {
      const isHeld = held.some((each) => each.id === one.id);
      for (const days of quiet.includes(one) ? [365, 200] : ages) {
        const isThere = content.includes(wordsOf(one, new Date(now - days * day)).slice(0, -9));
        const isToBe = isHeld || (!quiet.includes(one) && keptOf(one).includes(days));
        assert.equal(isThere, isToBe, `${one.id} ${days}`);
      }
    }
    for (const { identity } of quiet) assert.ok(!content.includes(identity), identity);

    await night();
    const summary = await ask(`${parley.url}/api/summaries/${addressOf(chatWith('ada'))}`);
    assert.equal(JSON.parse(summary.text).messageCount, keptOf(chatWith('ada')).length);
    const again = await sweep();
    assert.deepEqual([again.read, again.messages, again.onHold], [3, 0, 3], 'those on hold are read again');

    for (const what of [`conversations/${addressOf(chatWith('held'))}`, `people/${id}`]) {
      assert.equal((await hold(what, 'DELETE')).status, 204);
    }
    const last = await sweep();
    assert.deepEqual([last.onHold, last.shortened], [0, 3]);
    for (const one of all) assert.deepEqual(await agesOf(one), keptOf(one), one.id);
  });

  test('a late event of an old message, and a thread that begins anew, are swept and kept as they are', async () => {
    await write(chatWith('ada'), [100]);
    await write(mailWith('quiet'), [40, 1]);
    const told = await sweep();
    assert.deepEqual([told.messages, told.shortened], [2, 2]);
    assert.deepEqual(await agesOf(chatWith('ada')), keptOf(chatWith('ada')));
    assert.deepEqual(await agesOf(mailWith('quiet')), [1]);
  });

  test('two who ask at once get one sweep', async () => {
    const answers = await Promise.all([1, 2, 3].map(() => post(`${parley.url}/api/retention/runs`, '')));
    const locations = new Set(answers.map(({ headers }) => headers.get('location')));
    assert.equal(locations.size, 1, [...locations].join());
    assert.ok(answers.every(({ status }) => status === 200 || status === 202));
    assert.equal((await sweep()).state, 'completed');
  });

  test('what cannot be understood is refused with what is right', async () => {
    const runs = `${parley.url}/api/retention/runs`;
    for (const body of ['{', '[]', '{"dryRun":"yes"}', '{"days":1}', '"x"']) {
      const answer = await post(runs, body);
      assert.deepEqual([answer.status, JSON.parse(answer.text).error.code], [400, 'bad_request'], body);
    }
    for (const id of ['2020-01-01', 'retention-2020-01-01', '..%2F..%2Fx', '2020-01-01-dry-run']) {
      assert.equal((await ask(`${runs}/${id}`)).status, 404, id);
    }
  });

  test('killed half-way, it goes on when the app is started again', async () => {
    const many = Array.from({ length: 120 }, (_, index) => chatWith(`many${index}`));
    for (const one of many) await write(one, [200, 100, 1]);
    const { headers, text } = await post(`${parley.url}/api/retention/runs`, '');
    const begun = await askUntil(
      headers.get('location') ?? text,
      ({ json }) => report.parse(json).messages > 0,
      { everyMilliseconds: 10 },
    );
    const { state, id } = report.parse(begun.json);
    await parley.kill();
    assert.equal(state, 'running', 'it was killed too late');
    parley = await start(settings);
    // Nobody has to ask for it.
    const done = await askUntil(
      `${parley.url}/api/retention/runs/${id}`,
      ({ json }) => report.parse(json).state !== 'running',
    );
    const told = report.parse(done.json);
    assert.deepEqual([told.state, told.messages, told.shortened, told.failed], ['completed', 240, 120, 0]);
    for (const one of many) assert.deepEqual(await agesOf(one), [1], one.id);
  });

  test('the timer sweeps by itself', async () => {
    await parley.stop();
    parley = await start({ ...settings, RETENTION_SCHEDULE: '*/2 * * * * *' });
    const late = chatWith('late');
    await write(late, [100]);
    await askUntil(`${parley.url}/api/conversations/${addressOf(late)}`, ({ status }) => status === 404);
    assert.ok(parley.lines.some((line) => /"retention":"retention-\d{4}-\d\d-\d\d","isNew":true/.test(line)));
  });

  test('where everything is kept for ever there is no sweep, and a channel that is none stops the app', async () => {
    await parley.stop();
    parley = await start({});
    const answer = await post(`${parley.url}/api/retention/runs`, '');
    assert.deepEqual([answer.status, JSON.parse(answer.text).error.code], [501, 'not_configured']);
    await parley.stop();
    await assert.rejects(() => start({ RETENTION_DAYS_FAX: '30' }), /RETENTION_DAYS_FAX is of no channel/);
    parley = await start({});
  });
});
