import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { ErasureScope } from '../../src/shared/erasers/eraser.ts';
import { acceptSend } from '../../src/shared/sends/accept-send.ts';
import { createOutboxEraser } from '../../src/shared/sends/erase.ts';
import { openOutbox } from '../../src/shared/sends/outbox.ts';
import { resumeSends } from '../../src/shared/sends/resume-sends.ts';
import type { Send } from '../../src/shared/sends/send.ts';
import type { Container } from '../../src/shared/storage/container.ts';
import { assertNone, expireAll, namesIn, sweepAll } from '../erasers/run-eraser.ts';
import { simpleMatcher } from '../erasers/simple-matcher.ts';
import { useAcs } from '../support/acs.ts';
import { useAzurite } from '../support/azurite.ts';
import { openMortalStorage } from '../support/mortal-storage.ts';
import { stages } from './each-channel.ts';
import { befall, makeParts, newBlobs, openMarkers } from './make-parts.ts';

const azurite = useAzurite();
const acs = useAcs();
const number = '+15551230009';
const words = [number, 'zebra quince'];
const person: ErasureScope = {
  person: { identities: [`4:${number}`], matcher: simpleMatcher(...words) },
  conversations: [],
};

function send(sendId: string, more: Partial<Send>): Send {
  return {
    sendId,
    channel: 'chat',
    conversation: '19:crowd@thread.v2',
    bodyHash: 'hash',
    state: 'intended',
    createdAt: '2026-11-24T09:00:00.000Z',
    tries: 1,
    outgoing: { content: { text: 'The hall is open.' }, sentBy: 'clerk' },
    ...more,
  };
}

const text = (content: string): Pick<Send, 'outgoing'> => ({
  outgoing: { content: { text: content }, sentBy: 'clerk' },
});

async function fill(container: Container): Promise<void> {
  const outbox = openOutbox(container, { clock: () => new Date('2026-11-24T09:00:00Z') });
  const sms = `+18005550100:${number}`;
  await outbox.put(send('their-number', { channel: 'sms', conversation: sms }));
  await outbox.put(send('their-words', text('As you said: a zebra quince.')));
  await outbox.put(
    send('to-begin', {
      conversation: undefined,
      channel: 'sms',
      outgoing: {
        ...text('Hello').outgoing,
        content: { text: 'Hello' },
        sentBy: 'clerk',
        opening: { to: [number] },
      },
    }),
  );
  await outbox.put(send('of-the-crowd', {}));
  await outbox.put(
    send('long-done', { state: 'recorded', outgoing: undefined, channel: 'sms', conversation: sms }),
  );
  await outbox.put(send('of-others', { conversation: '19:gone@thread.v2' }));
}

describe('the outbox', () => {
  test('forgets what is to them or has their words, done or not, with its markers, and keeps the rest', async () => {
    const container = azurite.newContainer();
    await fill(container);
    const { removed } = await sweepAll(createOutboxEraser(container, { pageSize: 2 }), person, { pieces: 1 });
    assert.equal(removed, 4);
    assert.deepEqual(await namesIn(container), [
      'open/of-others',
      'open/of-the-crowd',
      'sends/of-others.json',
      'sends/of-the-crowd.json',
    ]);
    await assertNone(container, words);
    assert.deepEqual(await sweepAll(createOutboxEraser(container), person), { removed: 0, calls: 1 });
  });

  test('forgets what is of a conversation that went whole, and nothing of one of which a part stays', async () => {
    const container = azurite.newContainer();
    await fill(container);
    const scope: ErasureScope = {
      conversations: [
        { channel: 'chat', id: '19:gone@thread.v2', isWhole: true },
        { channel: 'chat', id: '19:crowd@thread.v2', isWhole: false },
      ],
    };
    assert.equal((await sweepAll(createOutboxEraser(container), scope)).removed, 1);
    assert.equal((await namesIn(container)).filter((name) => name.includes('of-others')).length, 0);
  });

  test('none there, no container, and damaged sends do not stop it', async () => {
    const container = azurite.newContainer();
    const eraser = createOutboxEraser(container);
    assert.deepEqual(await sweepAll(eraser, person), { removed: 0, calls: 1 });
    await container.write('sends/broken.json', '{"half": "zebra quince', { contentType: 'application/json' });
    await container.write('sends/other.json', '{"half', { contentType: 'application/json' });
    assert.equal((await sweepAll(eraser, person)).removed, 1);
    assert.deepEqual(await namesIn(container), ['sends/other.json']);
  });

  test('killed at any request and swept again, leaves no send without its marker', async () => {
    for (let at = 1; at <= 14; at += 1) {
      const container = azurite.newContainer();
      await fill(container);
      const storage = openMortalStorage(azurite.connectionString(), {
        at,
        when: at % 2 ? 'before' : 'after',
      });
      const mortal = createOutboxEraser(storage.open(container.client.containerName));
      await Promise.race([sweepAll(mortal, person), storage.reaper.death]);
      const names = await namesIn(container);
      for (const id of ['their-number', 'their-words', 'to-begin', 'of-the-crowd']) {
        const isMarked = names.includes(`open/${id}`);
        assert.ok(isMarked || !names.includes(`sends/${id}.json`), `${id} after a kill at ${at}`);
      }
      await sweepAll(createOutboxEraser(container), person);
      await assertNone(container, words);
    }
  });

  test('expires what has come to its end, and nothing that is still to be sent', async () => {
    const container = azurite.newContainer();
    await fill(container);
    const eraser = createOutboxEraser(container);
    assert.equal((await expireAll(eraser, '2026-11-24T09:00:00.000Z')).removed, 0);
    assert.equal((await expireAll(eraser, '2026-11-25T00:00:00.000Z')).removed, 1);
    assert.ok(!(await namesIn(container)).includes('sends/long-done.json'));
  });
});

describe('a send that is erased while somebody is at it', () => {
  /** Erases right before the step of a send that has this number; returns what was erased, and how many steps there were. */
  async function eraseBefore(step: number): Promise<{ steps: number; erased?: string }> {
    const blobs = newBlobs(azurite.newContainer);
    const time = { now: Date.now() };
    const eraser = createOutboxEraser(blobs.outbox);
    let steps = 0;
    let erased: string | undefined;
    let isOn = false;
    const parts = makeParts({
      emulator: acs.emulator(),
      blobs,
      clock: () => new Date(time.now),
      around: async (work) => {
        if (!isOn) return work();
        steps += 1;
        if (steps === step) {
          for (const name of await namesIn(blobs.outbox)) {
            if (name.startsWith('sends/')) erased = (await blobs.outbox.read(name))?.text;
          }
          await sweepAll(eraser, {
            conversations: [{ channel: 'sms', id: request.conversation ?? '', isWhole: true }],
          });
        }
        return work();
      },
    });
    assert.ok(stages.sms);
    const { countSent, ...stage } = await stages.sms(parts, acs.emulator());
    const request = { ...stage, key: 'one', caller: 'test' };
    isOn = true;
    await acceptSend(request, parts).catch(() => {});
    isOn = false;
    time.now += 3_600_000;
    await resumeSends(parts);
    assert.ok((await countSent()) <= 1);
    if (erased !== undefined) {
      assert.deepEqual(await namesIn(blobs.outbox), [], `before step ${step}`);
      const { messages } = await parts.read({ channel: 'sms', id: request.conversation ?? '' });
      const isTold = messages.some(({ sentBy }) => sentBy !== undefined);
      const wasSent = /"state":"(?:sent|recorded)"/.test(erased);
      assert.ok(
        !isTold || wasSent,
        `before step ${step} it was not known to be sent, and is told all the same`,
      );
    }
    return { steps, ...(erased === undefined ? {} : { erased }) };
  }

  test('is not brought back by anybody, and told in its conversation only if it was known to be sent', async () => {
    const { steps } = await eraseBefore(0);
    assert.ok(steps >= 8, `${steps} steps`);
    const states = new Set<string | undefined>();
    for (let step = 1; step <= steps; step += 1) {
      const { erased } = await eraseBefore(step);
      states.add(/"state":"(\w+)"/.exec(erased ?? '')?.[1]);
    }
    assert.deepEqual([...states].sort(), ['intended', 'recorded', 'sent', undefined]);
  });

  test('and that waits for its next try is never tried again', async () => {
    const blobs = newBlobs(azurite.newContainer);
    const time = { now: Date.now() };
    const emulator = acs.emulator();
    const parts = makeParts({ emulator, blobs, clock: () => new Date(time.now) });
    assert.ok(stages.sms);
    const { countSent, ...stage } = await stages.sms(parts, emulator);
    await befall(emulator, { method: 'POST', path: '/sms', answer: { status: 503 } });
    const pending = await acceptSend({ ...stage, key: 'one', caller: 'test' }, parts);
    assert.equal(pending.state, 'intended');
    await sweepAll(createOutboxEraser(blobs.outbox), {
      conversations: [{ channel: 'sms', id: stage.conversation ?? '', isWhole: true }],
    });
    time.now += 3_600_000;
    assert.equal((await resumeSends(parts)).taken, 0);
    assert.equal(await countSent(), 0);
    assert.deepEqual(await openMarkers(blobs), []);
  });
});
