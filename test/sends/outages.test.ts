import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { RestError } from '@azure/storage-blob';
import { firstSent } from '../../src/shared/channels/first-sent.ts';
import { acceptSend } from '../../src/shared/sends/accept-send.ts';
import { resumeSends } from '../../src/shared/sends/resume-sends.ts';
import { useAcs } from '../support/acs.ts';
import { useAzurite } from '../support/azurite.ts';
import { stages } from './each-channel.ts';
import { befall, inbound, makeParts, newBlobs, openMarkers } from './make-parts.ts';

const azurite = useAzurite();
const acs = useAcs();
const minute = 60_000;

async function begin(name: string) {
  const emulator = acs.emulator();
  const blobs = newBlobs(azurite.newContainer);
  const time = { now: Date.now() };
  const clock = () => new Date(time.now);
  const parts = makeParts({ emulator, blobs, clock });
  const setStage = stages[name];
  assert.ok(setStage, name);
  const { countSent, ...stage } = await setStage(parts, emulator);
  return {
    emulator,
    blobs,
    time,
    clock,
    parts,
    countSent,
    request: { ...stage, key: 'one', caller: 'test' },
  };
}

/** What each channel asks of the provider to send. */
const sendPaths: Record<string, string> = {
  sms: '/sms',
  whatsapp: '/messages/notifications:send',
  chat: '/chat/threads/*/messages',
  email: '/emails:send',
  'a new chat': '/chat/threads',
};

describe('where the provider fails', () => {
  for (const [name, path] of Object.entries(sendPaths)) {
    test(`${name}: what happened although its answer was lost happens once`, async () => {
      const { emulator, time, parts, countSent, request, blobs } = await begin(name);
      await befall(emulator, { method: 'POST', path, happens: true, answer: 'break' });
      const pending = await acceptSend(request, parts);
      assert.deepEqual(
        [pending.state, pending.messageId, pending.problem?.code],
        ['intended', undefined, 'provider_unavailable'],
      );
      assert.equal(parts.faults.length, 1);
      time.now += 2 * minute;
      assert.deepEqual(await resumeSends(parts), { taken: 1, recorded: 1, failed: 0, left: 0 });
      assert.equal(await countSent(), 1);
      assert.equal((await acceptSend(request, parts)).state, 'recorded');
      assert.deepEqual(await openMarkers(blobs), []);
    });
  }

  test('a 500 puts the send off, and the next request with its key or the timer makes it', async () => {
    const { emulator, time, parts, countSent, request } = await begin('sms');
    await befall(emulator, { path: '/sms', times: 2, answer: { status: 500 } });
    const { state, problem } = await acceptSend(request, parts);
    assert.deepEqual([state, problem?.code], ['intended', 'provider_unavailable']);
    assert.deepEqual(await resumeSends(parts), { taken: 0, recorded: 0, failed: 0, left: 0 });
    time.now += 2 * minute;
    assert.deepEqual(await resumeSends(parts), { taken: 1, recorded: 0, failed: 0, left: 1 });
    time.now += 3 * minute;
    const send = await acceptSend(request, parts);
    assert.deepEqual([send.state, send.tries], ['recorded', 3]);
    assert.equal(await countSent(), 1);
  });

  test('Retry-After is heeded by the timer and by repeated requests', async () => {
    const { emulator, time, parts, countSent, request } = await begin('whatsapp');
    const path = '/messages/notifications:send';
    await befall(emulator, { path, answer: { status: 429, retryAfterSeconds: 900 } });
    await acceptSend(request, parts);
    time.now += 14 * minute;
    assert.equal((await resumeSends(parts)).taken, 0);
    const waiting = await acceptSend(request, parts);
    assert.deepEqual([waiting.state, waiting.tries], ['intended', 1]);
    assert.equal(await countSent(), 0);
  });

  test('a refusal for good fails the send, with the provider’s words, and stays the answer', async () => {
    const { emulator, parts, countSent, request, blobs } = await begin('email');
    await befall(emulator, { path: '/emails:send', answer: { status: 400 } });
    for (const _ of [1, 2]) {
      await assert.rejects(acceptSend(request, parts), {
        code: 'provider_refused',
        details: {
          provider: { status: 400, code: 'RequestedFault', message: 'The emulator was asked to fail here.' },
        },
      });
    }
    assert.equal(await countSent(), 0);
    assert.deepEqual(await openMarkers(blobs), []);
    assert.deepEqual(parts.faults, []);
  });

  test('a send that waits outlasts a key that was changed; a first try is told of it', async () => {
    const { emulator, time, parts, countSent, request } = await begin('sms');
    await befall(emulator, { path: '/sms', answer: { status: 503 } });
    assert.equal((await acceptSend(request, parts)).state, 'intended');
    await befall(emulator, { path: '/sms', answer: { status: 401 } });
    time.now += 2 * minute;
    assert.deepEqual(await resumeSends(parts), { taken: 1, recorded: 0, failed: 0, left: 1 });
    time.now += 3 * minute;
    assert.deepEqual(await resumeSends(parts), { taken: 1, recorded: 1, failed: 0, left: 0 });
    assert.equal(await countSent(), 1);
    await befall(emulator, { path: '/sms', answer: { status: 401 } });
    await assert.rejects(acceptSend({ ...request, key: 'two' }, parts), { code: 'provider_refused' });
  });

  test('after a day of trying the send fails and says so', async () => {
    const { emulator, time, parts, countSent, request, blobs } = await begin('chat');
    await befall(emulator, { path: '/chat/threads/*/messages', times: 1, answer: { status: 503 } });
    await acceptSend(request, parts);
    time.now += 25 * 60 * minute;
    assert.deepEqual(await resumeSends(parts), { taken: 1, recorded: 0, failed: 1, left: 0 });
    await assert.rejects(acceptSend(request, parts), /24 hours: given up/);
    assert.equal(await countSent(), 0);
    assert.deepEqual(await openMarkers(blobs), []);
  });

  test('who opts out while a send waits does not get it', async () => {
    const { emulator, time, clock, parts, countSent, request } = await begin('sms');
    await befall(emulator, { path: '/sms', answer: { status: 503 } });
    await acceptSend(request, parts);
    const [, theirs = ''] = request.conversation?.split(':') ?? [];
    const at = clock().toISOString();
    const common = { conversation: request.conversation ?? '', version: '9', at };
    const sender = { id: `4:${theirs}` };
    await parts.say({ channel: 'sms', id: common.conversation }, [
      { kind: 'message', id: 'message:stop', ...common, messageId: 'stop', sender, text: 'Stop.' },
    ]);
    time.now += 2 * minute;
    assert.equal((await resumeSends(parts)).failed, 1);
    await assert.rejects(acceptSend(request, parts), { code: 'opted_out' });
    assert.equal(await countSent(), 0);
  });
});

describe('what changes between two tries', () => {
  test('a mail whose answer was lost is the same mail again, whatever was written meanwhile', async () => {
    const { emulator, time, clock, parts, countSent, request } = await begin('email');
    await befall(emulator, { path: '/emails:send', happens: true, answer: 'break' });
    await acceptSend(request, parts);
    const key = { channel: 'email', id: request.conversation ?? '' };
    const [first] = (await parts.read(key)).messages;
    const later = inbound(key, first?.sender.id ?? '', 'And this?', clock(), { subject: 'Something else' });
    await parts.say(key, [later]);
    time.now += 2 * minute;
    assert.equal((await resumeSends(parts)).recorded, 1);
    assert.equal(await countSent(), 1);
  });

  test('a new mail whose answer was lost keeps its sender when EMAIL_FROM changes', async () => {
    const { emulator, blobs, time, clock, parts, countSent, request } = await begin('a new email');
    await befall(emulator, { path: '/emails:send', happens: true, answer: 'break' });
    await acceptSend(request, parts);
    time.now += 2 * minute;
    const environment = { EMAIL_FROM: 'news@parley.example' };
    const later = makeParts({ emulator, blobs, clock, environment });
    assert.equal((await resumeSends(later)).recorded, 1);
    assert.equal(await countSent(), 1);
  });
});

describe('when a request says that it was first sent', () => {
  const attempt = (minutes: number) => {
    const firstTriedAt = new Date('2026-11-24T08:00:00Z');
    const triedAt = new Date(firstTriedAt.getTime() + minutes * minute);
    const { signal } = new AbortController();
    return { id: 'x', firstTriedAt, triedAt, isRepeated: minutes > 0, signal };
  };

  test('is the first try while providers remember it for sure, and then the last', () => {
    for (const minutes of [0, 1, 3]) assert.deepEqual(firstSent(attempt(minutes)), attempt(0).firstTriedAt);
    for (const minutes of [5, 600]) assert.deepEqual(firstSent(attempt(minutes)), attempt(minutes).triedAt);
  });
});

describe('where storage fails', () => {
  test('a message that is sent but not in its transcript counts as sent, and is recorded later', async () => {
    const { time, parts, countSent, request } = await begin('sms');
    const broken = { append: () => Promise.reject(new RestError('no', { statusCode: 503 })) };
    const send = await acceptSend(request, { ...parts, transcripts: broken });
    assert.equal(send.state, 'sent');
    assert.ok(send.messageId);
    const key = { channel: 'sms', id: request.conversation ?? '' };
    assert.equal((await parts.read(key)).messages.length, 1);
    time.now += 2 * minute;
    assert.equal((await resumeSends(parts)).recorded, 1);
    assert.equal((await parts.read(key)).messages.length, 2);
    assert.equal(await countSent(), 1);
  });

  test('an outbox that fails after the send answers pending, and the send stays one', async () => {
    const { time, parts, countSent, request } = await begin('whatsapp');
    const update = () => Promise.reject(new RestError('no', { statusCode: 503 }));
    const outbox = { ...parts.outbox, update };
    const send = await acceptSend(request, { ...parts, outbox });
    assert.equal(send.state, 'intended');
    assert.equal(await countSent(), 1);
    time.now += 2 * minute;
    assert.equal((await resumeSends(parts)).recorded, 1);
    assert.equal(await countSent(), 1);
  });

  test('one send that cannot go on holds up no other', async () => {
    const { emulator, time, parts, request, blobs } = await begin('sms');
    await befall(emulator, { path: '/sms', answer: { status: 503 } });
    await acceptSend(request, parts);
    await blobs.outbox.write('sends/broken.json', '{', { contentType: 'application/json' });
    await blobs.outbox.write('open/broken', '', { contentType: 'text/plain', metadata: { due: '' } });
    time.now += 2 * minute;
    parts.faults.length = 0;
    assert.equal((await resumeSends(parts)).recorded, 1);
    assert.equal(parts.faults.length, 1);
  });
});
