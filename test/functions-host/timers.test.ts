import assert from 'node:assert/strict';
import { DatabaseSync } from 'node:sqlite';
import { type TestContext, test } from 'node:test';
import { z } from 'zod';
import { parseTimeSpan } from '../../local/functions-host/read-settings.ts';
import { type PreparedApp, prepareApp } from './prepare-app.ts';
import { startHost, until } from './start-host.ts';

const source = `
const { app } = require('@azure/functions');
const seen = [];
const timer = (name, options) => app.timer(name, { ...options, handler: (info) => { seen.push({ name, ...info }); if (name === 'fails') throw new Error(); } });
timer('yearly', { schedule: '0 0 0 1 1 *' });
timer('atStart', { schedule: '0 0 0 1 1 *', runOnStartup: true });
timer('every', { schedule: '00:00:01' });
timer('fails', { schedule: '* * * * * *' });
app.http('seen', { methods: ['GET'], handler: () => ({ jsonBody: seen }) });
`;

const runs = z.array(
  z.object({
    name: z.string(),
    isPastDue: z.boolean(),
    scheduleStatus: z.object({ last: z.string(), next: z.string() }).nullable(),
  }),
);

async function startTimerApp(context: TestContext, app: PreparedApp) {
  const host = await startHost(context, app);
  const read = async (name: string) => {
    const all = runs.parse(await (await fetch(`${host.url}/api/seen`)).json());
    return all.filter((run) => run.name === name);
  };
  return { host, read };
}

test('a timer with runOnStartup runs once at the start and tells its next time', async (context) => {
  const { read } = await startTimerApp(context, prepareApp(context, { source }));
  const [run] = await until(
    () => read('atStart'),
    ({ length }) => length > 0,
  );
  const next = `${new Date().getUTCFullYear() + 1}-01-01T00:00:00+00:00`;
  assert.deepEqual(run, {
    name: 'atStart',
    isPastDue: false,
    scheduleStatus: { last: '0001-01-01T00:00:00+00:00', next },
  });
  assert.deepEqual(await read('yearly'), []);
});

test('a time span and a schedule of seconds run again and again, even after a failure', async (context) => {
  const { read } = await startTimerApp(context, prepareApp(context, { source }));
  const every = await until(
    () => read('every'),
    ({ length }) => length >= 2,
  );
  assert.equal(every[0]?.scheduleStatus, null);
  await until(
    () => read('fails'),
    ({ length }) => length >= 2,
  );
});

test('a run that was missed while the host was down is made up for at the next start, once', async (context) => {
  const app = prepareApp(context, { source });
  const first = await startTimerApp(context, app);
  await until(
    () => first.read('atStart'),
    ({ length }) => length > 0,
  );
  await first.host.stop();
  const database = new DatabaseSync(`${app.dataFolder}/functions-host.sqlite`);
  database.exec(`UPDATE timers SET next = '2020-01-01T00:00:00+00:00' WHERE name = 'yearly'`);
  database.close();

  const second = await startTimerApp(context, app);
  const [run] = await until(
    () => second.read('yearly'),
    ({ length }) => length > 0,
  );
  assert.equal(run?.isPastDue, true);
  await second.host.stop();
  const third = await startTimerApp(context, app);
  await until(
    () => third.read('atStart'),
    ({ length }) => length > 0,
  );
  assert.deepEqual(await third.read('yearly'), []);
});

test('a timer can be run by hand', async (context) => {
  const { host, read } = await startTimerApp(context, prepareApp(context, { source }));
  const headers = { 'content-type': 'application/json' };
  const response = await fetch(`${host.url}/admin/functions/yearly`, {
    method: 'POST',
    headers,
    body: '{"input":""}',
  });
  assert.equal(response.status, 202);
  await until(
    () => read('yearly'),
    ({ length }) => length === 1,
  );
});

test('time spans are read as .NET reads them', () => {
  const read = ['00:00:01', '1.02:03:04', '00:00:00.5000000', 'daily'].map(parseTimeSpan);
  assert.deepEqual(read, [1000, 93_784_000, 500, undefined]);
});
