import assert from 'node:assert/strict';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { createDurableClient } from './durable-client.ts';
import { prepareApp } from './prepare-app.ts';
import { until } from './start-host.ts';
import { startHostProcess } from './start-host-process.ts';

/** An app whose host can be killed and started again over the same state. */
function prepareDurableApp(context: TestContext) {
  const app = prepareApp(context, { file: 'durable.cjs' });
  const notes = join(app.appFolder, 'notes');
  const read = () => (existsSync(notes) ? readFileSync(notes, 'utf8').split('\n').slice(0, -1) : []);
  return {
    read,
    open: (gate: string) => writeFileSync(`${notes}.${gate}`, ''),
    async start() {
      const host = await startHostProcess(
        { ...app, port: 0, storage: 'UseDevelopmentStorage=true' },
        { NOTES: notes },
      );
      context.after(() => host.end('SIGKILL'));
      return { client: createDurableClient(host.url), kill: () => host.end('SIGKILL') };
    },
  };
}

test('an orchestration killed in the middle of a fan-out carries on and repeats only what was in flight', async (context) => {
  const app = prepareDurableApp(context);
  const first = await app.start();
  const inputs = [{ name: 'a' }, { name: 'b' }, { name: 'c', gate: 'late' }, { name: 'd', gate: 'late' }];
  await first.client.start('fanOut', 'killed', { activity: 'effect', inputs });
  await until(app.read, (notes) =>
    ['end a', 'end b', 'begin c', 'begin d'].every((each) => notes.includes(each)),
  );
  const isRecorded = (history: string[]) => history.filter((each) => each === 'TaskCompleted').length === 2;
  await until(() => first.client.readHistory('killed'), isRecorded);
  await first.kill();

  app.open('late');
  const second = await app.start();
  assert.deepEqual((await second.client.ended('killed')).output, ['a', 'b', 'c', 'd']);
  const begun = app.read().filter((note) => note.startsWith('begin'));
  assert.deepEqual(begun.sort(), ['begin a', 'begin b', 'begin c', 'begin c', 'begin d', 'begin d']);
});

test('an orchestration killed while its sub-orchestration works ends with the result of that', async (context) => {
  const app = prepareDurableApp(context);
  const first = await app.start();
  await first.client.start('parentOfGated', 'parent');
  await until(app.read, (notes) => notes.includes('begin in the child'));
  await first.kill();

  app.open('child');
  const second = await app.start();
  assert.equal((await second.client.ended('parent')).output, 'in the child');
  assert.equal((await second.client.getStatus('parent-child')).runtimeStatus, 'Completed');
});

test('an orchestration killed while it waits for a timer or an event still gets both', async (context) => {
  const app = prepareDurableApp(context);
  const first = await app.start();
  await first.client.start('eventOrTimeout', 'timer', 1);
  await first.client.start('events', 'event');
  await first.client.waitFor('event', 'Running');
  await first.client.call('raiseEvent', 'event', 'first', 1);
  await first.kill();

  const second = await app.start();
  assert.equal((await second.client.ended('timer')).output, 'timeout');
  await second.client.call('raiseEvent', 'event', 'second', 2);
  assert.deepEqual((await second.client.ended('event')).output, [1, 2]);
});

test('what was acknowledged just before a kill is there after it', async (context) => {
  const app = prepareDurableApp(context);
  const first = await app.start();
  await Promise.all(['a', 'b', 'c'].map((id) => first.client.start('sequence', id)));
  await first.kill();

  const second = await app.start();
  for (const id of ['a', 'b', 'c']) assert.deepEqual((await second.client.ended(id)).output, [1, 2]);
});

test('an orchestration killed again and again ends, and each activity has begun once more per kill at most', async (context) => {
  const app = prepareDurableApp(context);
  const inputs = Array.from({ length: 60 }, (_, index) => ({ name: `n${index}` }));
  let host = await app.start();
  await host.client.start('fanOut', 'stubborn', { activity: 'effect', inputs });
  const kills = 4;
  for (let round = 1; round <= kills; round++) {
    await until(app.read, (notes) => notes.length >= round * 20);
    await host.kill();
    host = await app.start();
  }
  assert.deepEqual(
    (await host.client.ended('stubborn')).output,
    inputs.map(({ name }) => name),
  );
  const begun = app.read().filter((note) => note.startsWith('begin')).length;
  // Ten activities run at once, so no kill can make more than ten of them begin again.
  assert.ok(begun <= inputs.length + kills * 10, `${begun} began`);
});
