import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { acceptSend, type SendRequest } from '../../src/shared/sends/accept-send.ts';
import { resumeSends } from '../../src/shared/sends/resume-sends.ts';
import { sendIdOf } from '../../src/shared/sends/send-id.ts';
import { useAcs } from '../support/acs.ts';
import { useAzurite } from '../support/azurite.ts';
import { stages } from './each-channel.ts';
import { makeParts, newBlobs, openMarkers } from './make-parts.ts';

const azurite = useAzurite();
const acs = useAcs();
const day = 24 * 3_600_000;

/** An SMS that can be sent, an outbox of its own, and a clock that can be moved. */
async function begin() {
  const emulator = acs.emulator();
  const blobs = newBlobs(azurite.newContainer);
  const time = { now: Date.now() };
  const parts = makeParts({ emulator, blobs, clock: () => new Date(time.now) });
  assert.ok(stages.sms);
  const { countSent, ...stage } = await stages.sms(parts, emulator);
  const request: SendRequest = { ...stage, key: 'order-7', caller: 'test' };
  return { blobs, time, parts, countSent, request };
}

const code = (expected: string) => (error: Error) => 'code' in error && error.code === expected;

describe('an Idempotency-Key', () => {
  test('makes 16 requests at once one send', async () => {
    const { parts, countSent, request, blobs, time } = await begin();
    const outcomes = await Promise.allSettled(Array.from({ length: 16 }, () => acceptSend(request, parts)));
    const ids = outcomes.flatMap((each) => (each.status === 'fulfilled' ? [each.value.messageId] : []));
    const refused = outcomes.flatMap((each) => (each.status === 'rejected' ? [each.reason.code] : []));
    assert.ok(ids.length >= 1);
    assert.deepEqual(new Set(refused.concat('in_progress')), new Set(['in_progress']));
    const send = await acceptSend(request, parts);
    assert.equal(send.state, 'recorded');
    assert.deepEqual(new Set(ids.filter((id) => id !== undefined)), new Set([send.messageId]));
    assert.equal(await countSent(), 1);
    const { messages } = await parts.read({ channel: 'sms', id: send.conversation ?? '' });
    assert.equal(messages.filter(({ sentBy }) => sentBy).length, 1);
    // A loser may leave a marker; the timer takes it off.
    time.now += day;
    assert.equal((await resumeSends(parts)).taken, 0);
    assert.deepEqual(await openMarkers(blobs), []);
  });

  test('belongs to one body: another is refused, however the members are ordered', async () => {
    const { parts, countSent, request } = await begin();
    await acceptSend(request, parts);
    const { sentBy } = request.outgoing;
    const same = { ...request, outgoing: { sentBy, content: request.outgoing.content } };
    assert.equal((await acceptSend(same, parts)).state, 'recorded');
    const other = { ...request, outgoing: { sentBy, content: { text: 'Something else' } } };
    await assert.rejects(acceptSend(other, parts), code('key_reused'));
    assert.equal(await countSent(), 1);
  });

  test('belongs to one caller and one conversation', async () => {
    const { parts, countSent, request } = await begin();
    const first = await acceptSend(request, parts);
    const second = await acceptSend({ ...request, caller: 'another' }, parts);
    assert.notEqual(first.messageId, second.messageId);
    assert.equal(await countSent(), 2);
    assert.notEqual(sendIdOf('a', 'sms', 'b', 'c'), sendIdOf('a', 'sms', 'bc', ''));
    assert.match(sendIdOf('a'), /^[\da-f]{8}-[\da-f]{4}-8[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/);
  });

  test('without one, every request is a send of its own', async () => {
    const { parts, countSent, request } = await begin();
    await acceptSend({ ...request, key: undefined }, parts);
    await acceptSend({ ...request, key: undefined }, parts);
    assert.equal(await countSent(), 2);
  });

  test('waits while somebody is at it, and goes on when their time is over', async () => {
    const { parts, countSent, request, time, blobs } = await begin();
    const { key: _, caller, outgoing, ...rest } = request;
    const sendId = sendIdOf(caller, rest.channel, rest.conversation ?? '', 'order-7');
    const { bodyHash } = await acceptSend(request, parts);
    await blobs.outbox.remove(`sends/${sendId}.json`);
    const createdAt = new Date(time.now).toISOString();
    await parts.outbox.create({
      ...{ ...rest, sendId, bodyHash, outgoing, createdAt },
      ...{ state: 'intended', tries: 1 },
    });
    await assert.rejects(acceptSend(request, parts), code('in_progress'));
    time.now += 2 * 60_000;
    assert.equal((await acceptSend(request, parts)).state, 'recorded');
    assert.equal(await countSent(), 1);
  });

  test('is forgotten after seven days, and not before', async () => {
    const { parts, countSent, request, time } = await begin();
    await acceptSend(request, parts);
    time.now += 7 * day - 60_000;
    assert.equal(await parts.outbox.sweep(), 0);
    await acceptSend(request, parts);
    assert.equal(await countSent(), 1);
    time.now += 2 * 60_000;
    const other = { ...request, outgoing: { content: { text: 'A week later' }, sentBy: 'clerk' } };
    const again = await acceptSend(other, parts);
    assert.deepEqual([again.state, again.createdAt], ['recorded', new Date(time.now).toISOString()]);
    time.now += 8 * day;
    assert.equal(await parts.outbox.sweep(), 1);
    assert.equal(
      await parts.outbox.read(sendIdOf('test', 'sms', request.conversation ?? '', 'order-7')),
      undefined,
    );
  });

  test('of a request that is refused before anything is written down can be used again', async () => {
    const { parts, countSent, request, blobs } = await begin();
    const unknown = { ...request, conversation: '+18005550100:+15550000000' };
    await assert.rejects(acceptSend(unknown, parts), code('not_found'));
    const wrong = { ...request, outgoing: { ...request.outgoing, content: { html: '<p>Hello</p>' } } };
    await assert.rejects(acceptSend(wrong, parts), code('bad_request'));
    await assert.rejects(acceptSend({ ...request, channel: 'fax' }, parts), code('not_found'));
    assert.deepEqual(await openMarkers(blobs), []);
    await acceptSend(request, parts);
    assert.equal(await countSent(), 1);
  });

  test('and what was sent with it holds no text once it is recorded', async () => {
    const { parts, request, blobs } = await begin();
    const { sendId } = await acceptSend(request, parts);
    const blob = await blobs.outbox.read(`sends/${sendId}.json`);
    assert.doesNotMatch(blob?.text ?? 'on its way', /on its way/);
  });
});
