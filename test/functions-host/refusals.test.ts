import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { type TestContext, test } from 'node:test';
import { startFunctionsHost } from '../../local/functions-host/host.ts';
import { prepareApp } from './prepare-app.ts';
import { startHostProcess } from './start-host-process.ts';

async function refuses(
  context: TestContext,
  statements: string,
  reason: RegExp,
  hostJson = {},
): Promise<void> {
  const source = `const { app, input, output } = require('@azure/functions');\nconst handler = () => {};\n${statements}`;
  const app = prepareApp(context, { source }, hostJson);
  await assert.rejects(
    startFunctionsHost({ ...app, port: 0, storage: 'UseDevelopmentStorage=true', log: () => {} }),
    reason,
  );
}

test('a trigger that the host lacks is refused by its function and name', (context) =>
  refuses(
    context,
    `app.storageBlob('blobs', { path: 'a/{name}', connection: 'c', handler });`,
    /function "blobs" uses the trigger "blobTrigger".*It has: httpTrigger/,
  ));

test('an input that the host lacks is refused', (context) =>
  refuses(
    context,
    `app.http('reads', { extraInputs: [input.storageBlob({ path: 'a/b', connection: 'c' })], handler });`,
    /function "reads" uses the input "blob".*It has: durableClient/,
  ));

test('an output that the host lacks is refused', (context) =>
  refuses(
    context,
    `app.http('writes', { extraOutputs: [output.table({ tableName: 't', connection: 'c' })], handler });`,
    /function "writes" uses the output "table"/,
  ));

test('retry options on a function are refused', (context) =>
  refuses(
    context,
    `app.timer('again', { schedule: '0 0 0 1 1 *', retry: { strategy: 'fixedDelay', maxRetryCount: 2, delayInterval: 1 }, handler });`,
    /function "again" uses the option "retry"/,
  ));

test('a route constraint that the host lacks is refused', (context) =>
  refuses(context, `app.http('odd', { route: 'a/{b:file}', handler });`, /constraint "file"/));

test('a schedule that cannot be read is refused', (context) =>
  refuses(
    context,
    `app.timer('odd', { schedule: 'daily', handler });`,
    /schedule "daily" of the function "odd"/,
  ));

test('a setting that is missing is named', (context) =>
  refuses(
    context,
    `app.timer('late', { schedule: '%NO_SUCH_SETTING%', handler });`,
    /"late" needs the setting NO_SUCH_SETTING/,
  ));

test('a queue connection that is missing is named', (context) =>
  refuses(
    context,
    `app.storageQueue('mails', { queueName: 'q', connection: 'NO_SUCH_ACCOUNT', handler });`,
    /"mails" needs the setting NO_SUCH_ACCOUNT with a connection string/,
  ));

test('a bad value in host.json is named', (context) =>
  refuses(context, '', /host\.json cannot be used:[\s\S]*batchSize/, {
    extensions: { queues: { batchSize: 99 } },
  }));

test('an app that is not built says so', async (context) => {
  const app = prepareApp(context, { source: '' });
  writeFileSync(`${app.appFolder}/package.json`, JSON.stringify({ main: 'dist/app.cjs' }));
  const start = startFunctionsHost({ ...app, port: 0, storage: '', log: () => {} });
  await assert.rejects(start, /No file matches "main": "dist\/app\.cjs".*Is the app built/);
});

// In a process of its own, because the library keeps this setting.
test('streams of HTTP bodies are refused', async (context) => {
  const source = `
    const { app } = require('@azure/functions');
    app.setup({ enableHttpStream: true });
    app.http('streams', { handler: () => {} });
  `;
  const options = { ...prepareApp(context, { source }), port: 0, storage: '' };
  await assert.rejects(
    startHostProcess(options),
    /enableHttpStream: true \}\), which the local host does not have/,
  );
});
