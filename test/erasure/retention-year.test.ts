import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { createServices } from '../../src/shared/services.ts';
import { readSettings } from '../../src/shared/settings.ts';
import { createBlobService } from '../../src/shared/storage/blob-service.ts';
import { mail } from '../channels/email/mails.ts';
import { useAzurite } from '../support/azurite.ts';
import { carryOutNight } from '../support/carry-out-night.ts';
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

const azurite = useAzurite();
const day = 24 * 3_600_000;
const start = Date.parse('2026-01-01T03:00:00Z');

const joe = [smsWith('+15551230001'), mailWith('joe')];
const held = chatWith('held');
const all = [
  chatWith('ada'),
  held,
  ...joe,
  smsWith('+15551230002'),
  whatsappWith('US.13491208655302741918'),
  mailWith('grace'),
];

/** The app in one process, whose clock the test moves. */
function open() {
  const time = { days: 0 };
  const clock = () => new Date(start + time.days * day);
  const settings = readSettings({
    AzureWebJobsStorage: azurite.connectionString(),
    RETENTION_DAYS: '90',
    RETENTION_DAYS_EMAIL: '30',
    EMAIL_TRUSTED_AUTH_HEADER: 'Authentication-Results',
    ANALYSIS: 'off',
  });
  const services = createServices(settings, { clock });
  const { night, retention } = services;

  const runNight = () => carryOutNight(night, clock().toISOString().slice(0, 10));

  async function sweep(): Promise<void> {
    const { state } = await retention.start({
      startNew: async () => '',
      getStatus: async () => {
        throw new Error('404');
      },
    });
    for (let steps = 0; steps < 100; steps += 1) if ((await retention.step({ id: state.id })).isDone) return;
    assert.fail('the sweep never ends');
  }

  async function write(one: Correspondence): Promise<void> {
    const at = clock();
    if (one.channel === 'email') {
      const taken = await services.takeMail(rawMail(one, at, time.days === 0));
      assert.ok('conversation' in taken, JSON.stringify(taken));
    } else {
      const { stored } = await services.accept([eventOf(one, at)]);
      assert.equal(stored, 1);
    }
  }

  /** On which days messages were sent that are there; undefined where the conversation is gone. */
  async function daysOf(one: Correspondence): Promise<number[] | undefined> {
    const found = await services.readTogether(one);
    return found?.conversation.messages.map(({ at }) => Math.round((Date.parse(at) - start) / day));
  }

  return { ...services, time, runNight, sweep, write, daysOf };
}

/** Everything in storage, by container. */
async function contentOf(): Promise<Map<string, string>> {
  const found = new Map<string, string>();
  const service = createBlobService({ connectionString: azurite.connectionString() }, { maxTries: 2 });
  for await (const { name } of service.listContainers()) {
    const container = service.getContainerClient(name);
    const texts: string[] = [];
    for await (const blob of container.listBlobsFlat({ includeMetadata: true })) {
      texts.push(blob.name, JSON.stringify(blob.metadata));
      texts.push((await container.getBlobClient(blob.name).downloadToBuffer()).toString('utf8'));
    }
    found.set(name, texts.join('\n'));
  }
  return found;
}

describe('retention, night after night', () => {
  test('through a year exactly the messages of the last days are there, and all of what is on hold', async () => {
    const { time, directory, holds, runNight, sweep, write, daysOf, digests } = open();
    const person = await directory.ensure(joe[0]?.identity ?? '');
    await directory.change(person.id, () => ({ ...person, identities: joe.map(({ identity }) => identity) }));
    await holds.put({ conversation: held }, 'a law suit');
    const written: number[] = [];
    for (; time.days <= 364; time.days += 14) {
      // A hold that comes later keeps what is there by then.
      if (time.days === 182) await holds.put({ person: person.id }, 'another');
      for (const one of all) await write(one);
      written.push(time.days);
      await runNight();
      await sweep();
      for (const one of all) {
        const most = one.channel === 'email' ? 30 : 90;
        const isJoes = joe.includes(one) && time.days >= 182;
        const from = one === held ? 0 : (isJoes ? 168 : time.days) - most;
        assert.deepEqual(
          await daysOf(one),
          written.filter((days) => days >= from),
          `${one.id}, day ${time.days}`,
        );
      }
    }
    const nights = await Promise.all([266, 280, 364].map((days) => digests.get(dateOf(days))));
    assert.deepEqual(
      nights.map((night) => night !== undefined),
      [false, true, true],
    );

    await holds.lift({ conversation: held });
    await holds.lift({ person: person.id });
    await sweep();
    for (const one of all) {
      const from = 364 + 14 - (one.channel === 'email' ? 30 : 90);
      assert.deepEqual(
        await daysOf(one),
        written.filter((days) => days >= from),
        one.id,
      );
    }

    time.days += 100;
    await sweep();
    await runNight();
    for (const [name, content] of await contentOf()) {
      for (const one of all) {
        const words = wordsOf(one, new Date(0)).split(' on ')[0] ?? '';
        assert.ok(!content.includes(words), `${name} still has ${words}`);
        // The directory keeps who is who: an operator said so.
        const isKnown = name === 'people' && joe.includes(one);
        assert.ok(isKnown || !content.includes(one.identity), `${name} still has ${one.identity}`);
      }
    }
  });

  test('a mail thread that began as two goes part by part, and is found until the last part has gone', async () => {
    const { time, takeMail, together, sweep, daysOf } = open();
    const first: Correspondence = { channel: 'email', id: 'a1@customer.example', identity: '' };
    const second: Correspondence = { channel: 'email', id: 'b1@customer.example', identity: '' };
    const take = async (id: string, references: string[]) => {
      const at = new Date(start + time.days * day);
      const headers = {
        'Message-ID': `<${id}@customer.example>`,
        Date: at.toUTCString(),
        'Authentication-Results': 'mx.shop.example; dmarc=pass header.from=customer.example',
        ...(references.length === 0
          ? {}
          : { References: references.map((ref) => `<${ref}@customer.example>`).join(' ') }),
      };
      assert.ok('conversation' in (await takeMail(mail({ headers, body: `Words of ${id}` }))));
    };
    time.days = 1_000;
    await take('a1', []);
    time.days = 1_020;
    await take('b1', []);
    await take('c1', ['a1', 'b1']);
    assert.deepEqual(await daysOf(second), [1_000, 1_020, 1_020]);
    time.days = 1_031;
    await sweep();
    assert.deepEqual(await daysOf(first), [1_020, 1_020]);
    assert.deepEqual(await daysOf(second), [1_020, 1_020]);
    time.days = 1_040;
    await take('d1', ['b1']);
    assert.deepEqual(await daysOf(first), [1_020, 1_020, 1_040]);
    time.days = 1_080;
    await sweep();
    assert.equal(await daysOf(first), undefined);
    const { 'mail-threads': threads = '', transcripts = '' } = Object.fromEntries(await contentOf());
    assert.doesNotMatch(threads, /[abcd]1@customer/);
    assert.doesNotMatch(transcripts, /[abcd]1@customer|Words of/);
    assert.deepEqual(await together(first, {}), [first.id]);
  });
});

function dateOf(days: number): string {
  return new Date(start + days * day).toISOString().slice(0, 10);
}
