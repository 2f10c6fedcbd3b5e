import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { prepareApp } from './prepare-app.ts';
import { startHost } from './start-host.ts';

/** Writes an app of the given files; `main` is what its package.json says. */
function prepareFiles(context: TestContext, main: string, files: Record<string, string>, type = 'commonjs') {
  const app = prepareApp(context, { source: '' });
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(join(app.appFolder, name, '..'), { recursive: true });
    writeFileSync(join(app.appFolder, name), text);
  }
  writeFileSync(join(app.appFolder, 'package.json'), JSON.stringify({ main, type }));
  return app;
}

const commonJs = (name: string) =>
  `require('@azure/functions').app.http('${name}', { handler: () => ({ body: '${name}' }) });`;

test('an app of several files is loaded when its main is a glob', async (context) => {
  const files = {
    'src/one.js': commonJs('one'),
    'src/two.js': commonJs('two'),
    'other/three.js': commonJs('three'),
  };
  const host = await startHost(context, prepareFiles(context, 'src/*.js', files));
  assert.equal(await (await fetch(`${host.url}/api/one`)).text(), 'one');
  assert.equal(await (await fetch(`${host.url}/api/two`)).text(), 'two');
  assert.equal((await fetch(`${host.url}/api/three`)).status, 404);
});

test('an ES module and TypeScript are loaded as they are', async (context) => {
  const body = (type: string) => `
    import { app } from '@azure/functions';
    const name${type} = await Promise.resolve('module');
    app.http('module', { handler: () => ({ body: name }) });`;
  for (const [file, type] of [
    ['app.mjs', ''],
    ['app.ts', ': string'],
  ] as const) {
    const app = prepareFiles(context, file, { [file]: body(type) }, 'module');
    const host = await startHost(context, app);
    assert.equal(await (await fetch(`${host.url}/api/module`)).text(), 'module', file);
    await host.stop();
  }
});

test('the values of local.settings.json become settings, and what is set already stays', async (context) => {
  process.env.ALREADY_SET = 'stays';
  const handler = `() => ({ jsonBody: [process.env.ALREADY_SET, process.env.FROM_FILE, process.env.WEBSITE_HOSTNAME] })`;
  const app = prepareFiles(context, 'app.js', {
    'app.js': `require('@azure/functions').app.http('settings', { handler: ${handler} });`,
    'local.settings.json': JSON.stringify({ Values: { ALREADY_SET: 'no', FROM_FILE: 'yes' } }),
  });
  const host = await startHost(context, app);
  const settings = await (await fetch(`${host.url}/api/settings`)).json();
  assert.deepEqual(settings, ['stays', 'yes', `localhost:${host.port}`]);
});

test('an app can be started again in the same process', async (context) => {
  const app = prepareFiles(context, 'app.js', { 'app.js': commonJs('again') });
  for (const _ of [1, 2]) {
    const host = await startHost(context, app);
    assert.equal(await (await fetch(`${host.url}/api/again`)).text(), 'again');
    await host.stop();
  }
});

test('hooks run when the app starts and when it ends', async (context) => {
  const source = `
    const { app } = require('@azure/functions');
    app.hook.appStart(() => { process.env.HOOKS = 'started'; });
    app.hook.appTerminate(() => { process.env.HOOKS += ', ended'; });
    app.http('any', { handler: () => ({}) });`;
  const host = await startHost(context, prepareApp(context, { source }));
  assert.equal(process.env.HOOKS, 'started');
  await host.stop();
  assert.equal(process.env.HOOKS, 'started, ended');
});
