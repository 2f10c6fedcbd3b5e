import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { smallTalk, user } from '../support/chat-events.ts';
import { ask, newFolder, type Parley, post, startParley } from '../support/parley.ts';

const thread = '19:held/1@thread.v2';
let parley: Parley;
let removeFolder: () => Promise<void>;

before(async () => {
  const { folder, remove } = await newFolder();
  removeFolder = remove;
  parley = await startParley(folder, { ERASURE_SECRET: 'fake-secret-of-a-test-1' });
  await post(`${parley.url}/api/events`, smallTalk(thread, 2));
});

after(async () => {
  await parley.stop();
  await removeFolder();
});

const at = (path: string): string => `${parley.url}/api/holds${path}`;
const onThread = (): string => at(`/conversations/chat/${encodeURIComponent(thread)}`);
const put = (url: string, body: unknown) =>
  ask(url, { method: 'PUT', body: typeof body === 'string' ? body : JSON.stringify(body) });

describe('holds through the front door', () => {
  test('are put, shown, listed and lifted', async () => {
    assert.equal((await ask(onThread())).status, 404);
    const made = await put(onThread(), { reason: ' Case 7 ' });
    assert.equal(made.status, 201);
    const hold = JSON.parse(made.text);
    assert.deepEqual([hold.conversation, hold.reason], [{ channel: 'chat', id: thread }, 'Case 7']);
    assert.ok(Date.parse(hold.since) <= Date.now());
    const again = await put(onThread(), { reason: 'Case 8' });
    assert.deepEqual([again.status, again.json], [200, { ...hold, reason: 'Case 8' }]);
    assert.deepEqual((await ask(onThread())).json, again.json);
    assert.deepEqual((await ask(at(''))).json, { holds: [again.json] });
    assert.equal((await ask(onThread(), { method: 'DELETE' })).status, 204);
    assert.equal((await ask(onThread(), { method: 'DELETE' })).status, 404);
    assert.deepEqual((await ask(at(''))).json, { holds: [] });
  });

  test('of people are on somebody of the directory, found by their id', async () => {
    const found = await ask(`${parley.url}/api/people?name=Ada`);
    assert.equal(found.status, 200, found.text);
    const { id } = JSON.parse(found.text).people.find(({ identities }: { identities: string[] }) =>
      identities.includes(user('Ada')),
    );
    assert.match(id, /^p_/);
    const url = at(`/people/${id}`);
    assert.equal((await put(url, { reason: 'Case 7' })).status, 201);
    assert.equal(JSON.parse((await ask(url)).text).person, id);
    const other = `${parley.url}/api/people`;
    for (const taken of [
      await post(other, { name: 'Ada again', identities: [user('Ada')] }),
      await put(`${other}/${id}`, { identities: [] }),
    ]) {
      assert.equal(taken.status, 409, taken.text);
      assert.deepEqual(JSON.parse(taken.text).error.holds, [{ person: id }]);
    }
    assert.equal((await put(`${other}/${id}`, { name: 'Ada', identities: [user('Ada')] })).status, 200);
    assert.equal((await ask(url, { method: 'DELETE' })).status, 204);
  });

  test('on what is not there, without a reason, or with more than one, are refused with what is right', async () => {
    const bodies = [
      '',
      '{',
      '[]',
      {},
      { reason: '' },
      { reason: '  ' },
      { reason: 7 },
      { reason: 'x'.repeat(1_001) },
      { reason: 'x', until: 'y' },
    ];
    for (const body of bodies) {
      const { status, text } = await put(onThread(), body);
      assert.equal(status, 400, text);
      assert.match(text, /reason/);
    }
    for (const [path, status] of [
      ['/conversations/chat/19%3Anobody', 404],
      [`/people/p_${'x'.repeat(22)}`, 404],
      ['/people/joe', 400],
      ['/people/p_..%2F..%2Fx', 400],
      ['/conversations/CHAT/x', 400],
    ] as const) {
      assert.equal((await put(at(path), { reason: 'Case 7' })).status, status, path);
    }
    assert.deepEqual((await ask(at(''))).json, { holds: [] });
    for (const query of ['?limit=0', '?limit=201', '?cursor=x'])
      assert.equal((await ask(at(query))).status, 400, query);
  });
});
