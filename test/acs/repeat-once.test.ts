import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { test } from 'node:test';
import { AcsError, type AcsRequest, type Caller } from '../../local/acs/exchange.ts';
import { repeatOnce } from '../../local/acs/http/repeat-once.ts';
import { openState } from '../../local/acs/state.ts';

const now = new Date();
const state = openState(':memory:');
const effects = state.collection<string>('effects');
let fails = false;
const handle = repeatOnce({ state }, ({ body }) => {
  const id = String(effects.count() + 1);
  effects.put(id, body.toString());
  if (fails) throw new AcsError(503, 'ServiceUnavailable', 'Try again.');
  return { status: 202, json: { id } };
});

function request(
  headers: Record<string, string>,
  { body = 'x', caller = { kind: 'key' } }: { body?: string; caller?: Caller } = {},
): AcsRequest {
  const origin = 'https://acs-emulator.communication.azure.com';
  return {
    method: 'POST',
    url: new URL('/things', origin),
    params: {},
    headers,
    body: Buffer.from(body),
    json: () => undefined,
    caller,
    origin,
  };
}

const minutesAgo = (count: number) => new Date(now.getTime() - count * 60_000).toUTCString();
const headers = (id: string = randomUUID(), firstSent = minutesAgo(0)) => ({
  'repeatability-request-id': id,
  'repeatability-first-sent': firstSent,
});
const rejected = (status: number) => (error: unknown) => {
  assert.ok(error instanceof AcsError);
  assert.equal(error.status, status);
  assert.equal(error.headers['repeatability-result'], 'rejected');
  return true;
};

test('a repeated request gets the stored answer and has no second effect', () => {
  const before = effects.count();
  const id = randomUUID();
  const first = handle(request(headers(id)));
  const second = handle(request(headers(id.toUpperCase(), minutesAgo(4))));
  assert.deepEqual(second, first);
  assert.equal(first.headers?.['repeatability-result'], 'accepted');
  assert.equal(effects.count(), before + 1);
});

test('the same id with another body is rejected, and is another request for another caller', () => {
  const id = randomUUID();
  handle(request(headers(id)));
  assert.throws(() => handle(request(headers(id), { body: 'y' })), rejected(400));
  const before = effects.count();
  handle(request(headers(id), { body: 'y', caller: { kind: 'user', id: '8:acs:ana', scopes: [] } }));
  assert.equal(effects.count(), before + 1);
});

test('headers that are no GUID or no date are rejected, and so is what was first sent too long ago', () => {
  const before = effects.count();
  const bad: [Record<string, string>, number][] = [
    [headers('42'), 400],
    [headers(randomUUID(), now.toISOString()), 400],
    [headers(randomUUID(), 'Mon, 99 Nov 2026 08:00:00 GMT'), 400],
    [{ 'repeatability-request-id': randomUUID() }, 400],
    [{ 'repeatability-first-sent': minutesAgo(0) }, 400],
    [headers(randomUUID(), minutesAgo(6)), 412],
    [headers(randomUUID(), minutesAgo(-6)), 412],
  ];
  for (const [each, status] of bad) assert.throws(() => handle(request(each)), rejected(status));
  assert.equal(effects.count(), before);
});

test('a request that failed leaves nothing and may be repeated', () => {
  const before = effects.count();
  const again = request(headers());
  fails = true;
  assert.throws(() => handle(again), { status: 503 });
  fails = false;
  assert.equal(effects.count(), before);
  assert.equal(handle(again).status, 202);
  assert.equal(effects.count(), before + 1);
});

test('without the headers each request counts', () => {
  const before = effects.count();
  handle(request({}));
  handle(request({}));
  assert.equal(effects.count(), before + 2);
});
