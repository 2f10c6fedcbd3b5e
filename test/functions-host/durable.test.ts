import assert from 'node:assert/strict';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { z } from 'zod';
import { createDurableClient } from './durable-client.ts';
import { prepareApp } from './prepare-app.ts';
import { startHost, until } from './start-host.ts';

const instances = z.array(z.object({ instanceId: z.string() }).transform(({ instanceId }) => instanceId));
const started = z.object({ id: z.string() });

async function startDurableApp(context: TestContext, durableTask = {}) {
  const app = prepareApp(context, { file: 'durable.cjs' }, { extensions: { durableTask } });
  const notes = join(app.appFolder, 'notes');
  process.env.NOTES = notes;
  const host = await startHost(context, app);
  return { ...app, host, notes, client: createDurableClient(host.url) };
}

test('a sequence of activities ends with their results', async (context) => {
  const { client } = await startDurableApp(context);
  assert.equal(await client.start('sequence', 'one'), 'one');
  const { runtimeStatus, output } = await client.ended('one');
  assert.deepEqual({ runtimeStatus, output }, { runtimeStatus: 'Completed', output: [1, 2] });
});

test('a fan-out of a thousand activities keeps their order and the limit of host.json', async (context) => {
  const { client } = await startDurableApp(context, { maxConcurrentActivityFunctions: 4 });
  const inputs = Array.from({ length: 1000 }, (_, index) => index);
  await client.start('fanOut', 'wide', { activity: 'echo', inputs });
  await client.start('fanOut', 'crowd', { activity: 'crowd', inputs: inputs.slice(0, 40) });
  assert.deepEqual((await client.ended('wide')).output, inputs);
  const most = Math.max(
    ...String((await client.ended('crowd')).output)
      .split(',')
      .map(Number),
  );
  assert.equal(most, 4);
});

test('an activity is tried again as often as its retry options say', async (context) => {
  const { client } = await startDurableApp(context);
  await client.start('retry', 'mended', { key: 'x', failures: 2, tries: 3 });
  await client.start('retry', 'hopeless', { key: 'y', failures: 9, tries: 3 });
  assert.equal((await client.ended('mended')).output, 3);
  const hopeless = await client.ended('hopeless');
  assert.equal(hopeless.runtimeStatus, 'Failed');
  assert.match(String(hopeless.output), /attempt 3 of y/);
});

test('retries beside other tasks keep every result with its own task', async (context) => {
  const { client } = await startDurableApp(context);
  await client.start('retriesBesideOthers', 'mixed');
  assert.deepEqual((await client.ended('mixed')).output, [3, 3, 3, 1, 2, 3, 'last']);
});

test('sub-orchestrations return their results, and their failures can be caught', async (context) => {
  const { client } = await startDurableApp(context);
  await client.start('parent', 'parent');
  assert.deepEqual((await client.ended('parent')).output, { caught: true, sums: [30] });
});

test('a durable timer does not fire before its time', async (context) => {
  const { client } = await startDurableApp(context);
  await client.start('timer', 'timer', { milliseconds: 50 });
  assert.ok(Number((await client.ended('timer')).output) >= 50);
  await client.start('timer', 'past', { milliseconds: -1000 });
  assert.equal((await client.ended('past')).runtimeStatus, 'Completed');
});

test('the first of an event and a timer wins', async (context) => {
  const { client } = await startDurableApp(context);
  await client.start('eventOrTimeout', 'timed out', 20);
  assert.equal((await client.ended('timed out')).output, 'timeout');
  await client.start('eventOrTimeout', 'told', 3_600_000);
  await client.waitFor('told', 'Running');
  await client.call('raiseEvent', 'told', 'go', { by: 'test' });
  assert.deepEqual((await client.ended('told')).output, { by: 'test' });
});

test('an event waits for the orchestrator that does not wait for it yet', async (context) => {
  const { client } = await startDurableApp(context);
  await client.start('events', 'events');
  await client.call('raiseEvent', 'events', 'first', 1);
  assert.equal((await client.waitFor('events', 'Running')).customStatus, 'waiting');
  await client.call('raiseEvent', 'events', 'second', 2);
  assert.deepEqual((await client.ended('events')).output, [1, 2]);
});

test('continueAsNew begins again with the new input and a new history', async (context) => {
  const { client, notes } = await startDurableApp(context);
  await client.start('rounds', 'rounds', { round: 1 });
  const { input, output } = await client.ended('rounds');
  assert.deepEqual({ input, output }, { input: { round: 3 }, output: 3 });
  assert.equal(readFileSync(notes, 'utf8').match(/begin round/g)?.length, 3);
});

test('a terminated orchestration says why, and stays ended', async (context) => {
  const { client } = await startDurableApp(context);
  await client.start('events', 'ended');
  await client.waitFor('ended', 'Running');
  await client.call('terminate', 'ended', 'no longer needed');
  const { runtimeStatus, output } = await client.ended('ended');
  assert.deepEqual({ runtimeStatus, output }, { runtimeStatus: 'Terminated', output: 'no longer needed' });
  await client.call('raiseEvent', 'ended', 'second', 1);
  assert.equal((await client.getStatus('ended')).runtimeStatus, 'Terminated');
});

test('a suspended orchestration takes nothing in until it is resumed', async (context) => {
  const { client } = await startDurableApp(context);
  await client.start('events', 'held');
  await client.waitFor('held', 'Running');
  await client.call('suspend', 'held', 'hold');
  await client.call('raiseEvent', 'held', 'second', 2);
  await client.call('raiseEvent', 'held', 'first', 1);
  assert.equal((await client.getStatus('held')).runtimeStatus, 'Suspended');
  await client.call('resume', 'held', 'go on');
  assert.deepEqual((await client.ended('held')).output, [1, 2]);
});

test('an id is refused while its orchestration runs and free again afterwards', async (context) => {
  const { client } = await startDurableApp(context);
  await client.start('events', 'twice');
  await assert.rejects(client.start('sequence', 'twice'), /409/);
  await client.call('terminate', 'twice', 'make way');
  await client.start('sequence', 'twice');
  assert.deepEqual((await client.ended('twice')).output, [1, 2]);
});

test('orchestrations can be listed page by page, restarted and purged', async (context) => {
  const { client, host } = await startDurableApp(context);
  for (const id of ['a1', 'a2', 'b1']) await client.start('sequence', id);
  for (const id of ['a1', 'a2', 'b1']) await client.ended(id);
  const api = `${host.url}/runtime/webhooks/durabletask/instances`;
  const first = await fetch(`${api}?top=2`);
  const token = first.headers.get('x-ms-continuation-token') ?? '';
  const second = await fetch(`${api}?top=2`, { headers: { 'x-ms-continuation-token': token } });
  const ids = [...instances.parse(await first.json()), ...instances.parse(await second.json())];
  assert.deepEqual(ids, ['a1', 'a2', 'b1']);
  const ofPrefix = await fetch(`${api}?instanceIdPrefix=a`);
  assert.deepEqual(instances.parse(await ofPrefix.json()), ['a1', 'a2']);

  const restarted = await fetch(`${api}/a1/restart`, { method: 'POST' });
  const { id } = started.parse(await restarted.json());
  assert.deepEqual((await client.ended(id)).output, [1, 2]);

  assert.equal((await fetch(`${api}/a1`, { method: 'DELETE' })).status, 200);
  assert.equal((await fetch(`${api}/a1`)).status, 404);
  const purged = await fetch(`${api}?createdTimeFrom=2000-01-01T00:00:00Z`, { method: 'DELETE' });
  assert.deepEqual(await purged.json(), { instancesDeleted: 3 });
});

test('Task.any in a loop fails loudly instead of running activities twice', async (context) => {
  const { client } = await startDurableApp(context);
  await client.start('anyInLoop', 'loop');
  const { runtimeStatus, output } = await client.ended('loop');
  assert.equal(runtimeStatus, 'Failed');
  assert.match(String(output), /given to another Task\.any.*issues\/574/);
});

test('an orchestrator that does other things in a replay fails', async (context) => {
  const { client, notes } = await startDurableApp(context);
  await client.start('undecided', 'undecided');
  await client.waitFor('undecided', 'Running');
  writeFileSync(`${notes}.changed`, '');
  await client.call('raiseEvent', 'undecided', 'go', 1);
  assert.match(
    String((await client.ended('undecided')).output),
    /Non-Deterministic workflow detected: task 0 was activity 'echo'/,
  );
});

test('an unknown activity or orchestrator fails the orchestration, whatever that catches', async (context) => {
  const { client } = await startDurableApp(context);
  await client.start('unknownActivity', 'activity');
  await client.start('nobody', 'orchestrator');
  assert.match(String((await client.ended('activity')).output), /there is no activity function 'nobody'/);
  assert.match(String((await client.ended('orchestrator')).output), /'nobody' doesn't exist/);
});

test('callHttp, entities and rewind are refused by name', async (context) => {
  const { client, host } = await startDurableApp(context);
  await client.start('callsHttp', 'http');
  await client.start('signals', 'entity');
  assert.match(String((await client.ended('http')).output), /does not have callHttp/);
  assert.match(String((await client.ended('entity')).output), /does not have signalEntity/);
  await assert.rejects(client.call('rewind', 'http', 'again'), /does not have rewind/);
  await assert.rejects(
    client.call('readEntityState', { name: 'counter', key: 'a' }),
    /does not have durable entities/,
  );
  assert.ok(host.lines.some((line) => /no durable entities.*counter/.test(line)));
});

test('the log has a line for each invocation and no text that went through it', async (context) => {
  const { client, host } = await startDurableApp(context);
  await client.start('fanOut', 'quiet', { activity: 'echo', inputs: ['something private'] });
  await client.start('retry', 'failing', { key: 'private', failures: 9, tries: 1 });
  await client.ended('quiet');
  await client.ended('failing');
  assert.ok(host.lines.some((line) => /^echo \(activity\) ok \d+ ms$/.test(line)));
  assert.ok(
    host.lines.some((line) => /^flaky \(activity\) failed \d+ ms Error at app\.cjs:\d+:\d+$/.test(line)),
  );
  assert.doesNotMatch(host.lines.join('\n'), /private/);
});

test('stopping waits for the activity that runs, and what is left goes on after the next start', async (context) => {
  const { client, host, appFolder, dataFolder, notes } = await startDurableApp(context);
  await client.start('fanOut', 'halved', { activity: 'effect', inputs: [{ name: 'a', gate: 'open' }] });
  await until(() => existsSync(notes), Boolean);
  const stopped = host.stop();
  writeFileSync(`${notes}.open`, '');
  await stopped;
  assert.match(readFileSync(notes, 'utf8'), /end a/);

  const next = await startHost(context, { appFolder, dataFolder });
  assert.deepEqual((await createDurableClient(next.url).ended('halved')).output, ['a']);
  assert.equal(readFileSync(notes, 'utf8'), 'begin a\nend a\n');
});
