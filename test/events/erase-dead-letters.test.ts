import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { HttpRequest } from '@azure/functions';
import fc from 'fast-check';
import * as z from 'zod';
import type { ErasureScope } from '../../src/shared/erasers/eraser.ts';
import { openDeadLetters } from '../../src/shared/events/dead-letters.ts';
import { createDeadLettersEraser } from '../../src/shared/events/erase-dead-letters.ts';
import { replayDeadLetters, serveDeadLetters } from '../../src/shared/events/serve-dead-letters.ts';
import type { Container } from '../../src/shared/storage/container.ts';
import { contentOf, expireAll, namesIn, sweepAll } from '../erasers/run-eraser.ts';
import { simpleMatcher } from '../erasers/simple-matcher.ts';
import { useAzurite } from '../support/azurite.ts';

const azurite = useAzurite();
const clock = () => new Date('2026-11-24T09:00:00Z');
const words = ['+15551230009', 'zebra quince', 'Żółć'];
const person: ErasureScope = {
  person: { identities: ['4:+15551230009'], matcher: simpleMatcher(...words) },
  conversations: [],
};
const conversations = (...ids: [channel: string, id: string][]): ErasureScope => ({
  conversations: ids.map(([channel, id]) => ({ channel, id, isWhole: true })),
});

function open(container = azurite.newContainer()) {
  return {
    container,
    letters: openDeadLetters(container, { clock }),
    eraser: createDeadLettersEraser(container, { pageSize: 3 }),
  };
}

const sms = { eventType: 'x', data: { from: '15551230009', to: '+18005550100', message: 'a zebra quince' } };
const mailOf = (text: string | Buffer) => ({
  contentType: 'message/rfc822',
  base64: Buffer.from(text).toString('base64'),
});

async function put(container: Container, name: string, text: string): Promise<void> {
  await container.write(name, text, { contentType: 'application/json' });
}

async function list(container: Container) {
  const request = new HttpRequest({ method: 'GET', url: 'http://localhost/api/dead-letters?limit=50' });
  const { jsonBody } = await serveDeadLetters(openDeadLetters(container, { clock }))(request);
  return z
    .object({ deadLetters: z.array(z.object({ name: z.string(), reason: z.string() })) })
    .parse(jsonBody);
}

describe('dead letters', () => {
  test('that name the person or have their words go, in an event, in a mail, in the reason, in a damaged one', async () => {
    const { container, letters, eraser } = open();
    await letters.put({ data: { text: 'zebra quince' } }, 'not understood');
    await letters.put({ data: { text: 'a calm day' } }, 'not understood');
    await letters.put({ data: { text: 'another day' } }, 'it is about zebra quince');
    await letters.put(mailOf('From: joe@example.com\r\n\r\nThe zebra quince is late.'), 'no mail');
    const calm = mailOf('From: ada@example.com\r\n\r\nThe hall is open.');
    await letters.put(calm, 'no mail');
    const polish = Buffer.concat([
      Buffer.from('Content-Type: text/plain; charset=iso-8859-2\r\n\r\n'),
      Buffer.from([0xaf, 0xf3, 0xb3, 0xe6]),
    ]);
    await letters.put(mailOf(polish), 'no mail');
    await letters.put({ base64: 'bm90aGluZw==', to: '+15551230009' }, 'no mail');
    await put(container, '2026-11-23/broken.json', '{"reason":"half","original":{"text":"zebra quin');
    await put(container, '2026-11-23/worse.json', '{"reason":"half of a zebra quince');
    await put(container, 'stray.txt', 'zebra quince');
    const { removed } = await sweepAll(eraser, person, { pieces: 1 });
    assert.equal(removed, 7);
    const left = [...(await contentOf(container)).values()].join('\n');
    for (const stays of ['a calm day', 'zebra quin', calm.base64]) assert.ok(left.includes(stays), stays);
    assert.equal((await namesIn(container)).length, 3);
    assert.equal((await sweepAll(eraser, person)).removed, 0);
  });

  test('of an erased conversation go by its id or its two ends, without a person', async () => {
    const { container, letters, eraser } = open();
    await letters.put(sms, 'not understood');
    await letters.put({ data: { threadId: '19:gone@thread.v2' } }, 'not understood');
    await letters.put({ data: { threadId: '19:gone@thread.v2x' } }, 'not understood');
    await letters.put({ data: { from: '15551230009', to: '+18005550111' } }, 'of another number of ours');
    await letters.put(mailOf('References: <root@a> <x@b>\r\n\r\nHi'), 'no mail');
    await letters.put(mailOf('References: <aroot@a>\r\n\r\nHi'), 'no mail');
    const scope = conversations(
      ['sms', '+18005550100:+15551230009'],
      ['chat', '19:gone@thread.v2'],
      ['email', 'root@a'],
    );
    assert.equal((await sweepAll(eraser, scope)).removed, 3);
    assert.equal((await namesIn(container)).length, 3);
    const partly = { conversations: [{ channel: 'chat', id: '19:gone@thread.v2x', isWhole: false }] };
    assert.equal((await sweepAll(eraser, partly)).removed, 0);
  });

  test('none there, no container, and a second sweep are nothing to do', async () => {
    const { eraser } = open();
    assert.deepEqual(await sweepAll(eraser, person), { removed: 0, calls: 1 });
    assert.equal((await expireAll(eraser, '2026-11-24T00:00:00.000Z')).removed, 0);
  });

  test('whatever they hold, the sweep ends, and takes exactly those with a trace', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.jsonValue(), fc.boolean()), { maxLength: 6 }),
        async (originals) => {
          const { container, letters, eraser } = open();
          for (const [value, isTheirs] of originals) {
            await letters.put(isTheirs ? { value, text: 'zebra quince' } : { value }, 'not understood');
          }
          const all = await contentOf(container);
          const theirs = [...all].filter(([, text]) => text.includes('zebra quince'));
          assert.equal((await sweepAll(eraser, person)).removed, theirs.length);
          assert.equal((await namesIn(container)).length, all.size - theirs.length);
        },
      ),
      { numRuns: 20 },
    );
  });

  test('expire by the day of the event, or when they came where that was before', async () => {
    const { container, eraser } = open();
    await put(container, '2026-10-30/a.json', '{}');
    await put(container, '2026-10-31/b.json', '{}');
    await put(container, '9999-12-31/c.json', '{}');
    await put(container, 'stray.json', '{}');
    assert.equal((await expireAll(eraser, '2026-10-31T12:00:00.000Z')).removed, 1);
    assert.equal((await expireAll(eraser, new Date(Date.now() + 3_600_000).toISOString())).removed, 3);
  });

  test('a damaged one is listed as such, and hinders neither the others nor their replay', async () => {
    const { container, letters } = open();
    await letters.put({ data: 'good' }, 'not understood');
    const damaged = ['', '{"half', '[]', '{"reason":1}', 'null', '\ud800'];
    for (const [index, text] of damaged.entries()) await put(container, `2026-11-20/${index}.json`, text);
    const { deadLetters } = await list(container);
    assert.equal(deadLetters.length, damaged.length + 1);
    assert.equal(deadLetters.filter(({ reason }) => reason.includes('damaged')).length, damaged.length);
    const seen: unknown[] = [];
    const replay = replayDeadLetters(letters, async (events) => {
      seen.push(...events);
      return { received: 1, stored: 1, deadLettered: 0, ignored: {} };
    });
    assert.deepEqual((await replay()).jsonBody, { replayed: 1, left: damaged.length });
    assert.deepEqual(seen, [{ data: 'good' }]);
    assert.equal((await namesIn(container)).length, damaged.length);
    assert.equal((await letters.get('2026-11-20/1'))?.original, '{"half');
  });
});
