import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { request as httpRequest } from 'node:http';
import { connect } from 'node:net';
import { networkInterfaces, tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { z } from 'zod';
import { startFunctionsHost } from '../../local/functions-host/host.ts';
import { prepareApp } from './prepare-app.ts';
import { startHost, until } from './start-host.ts';

const told = z.object({
  name: z.string(),
  params: z.record(z.string(), z.string()),
  query: z.record(z.string(), z.string()),
  body: z.string(),
});
const keys = { master: 'm', functionDefault: 'f', eventgrid: 'e', durabletask: 'd' };

async function startHttpApp(context: TestContext, options: { keys?: typeof keys; hostJson?: object } = {}) {
  const host = await startHost(context, {
    ...prepareApp(context, { file: 'http.cjs' }, options.hostJson),
    keys: options.keys,
  });
  const get = (path: string, init?: RequestInit) => fetch(host.url + path, init);
  return { host, get, tell: async (path: string) => told.parse(await (await get(path)).json()) };
}

test('the most specific route wins, whatever its case', async (context) => {
  const { tell } = await startHttpApp(context);
  assert.equal((await tell('/api/items/first')).name, 'literal');
  assert.equal((await tell('/API/Items/42')).name, 'number');
  assert.deepEqual((await tell('/api/items/Ab%20c')).params, { id: 'Ab c' });
  assert.equal((await tell('/api/items/99999999999')).name, 'free');
});

test('optional, default, catch-all and mixed parameters are read, and an encoded slash stays encoded', async (context) => {
  const { tell } = await startHttpApp(context);
  assert.deepEqual((await tell('/api/optional')).params, {});
  assert.deepEqual((await tell('/api/fallback')).params, { name: 'bob' });
  assert.deepEqual((await tell('/api/rest/a/b%2Fc')).params, { path: 'a/b%2Fc' });
  assert.deepEqual((await tell('/api/mixed/x-y.txt')).params, { a: 'x', b: 'y' });
});

test('repeated query names join by a comma', async (context) => {
  const { tell } = await startHttpApp(context);
  assert.deepEqual((await tell('/api/items/1?a=1&b=x+y&a=2')).query, { a: '1,2', b: 'x y' });
});

test('an unknown route and a method that is not listed are 404 without a body', async (context) => {
  const { get } = await startHttpApp(context);
  for (const [path, method] of [
    ['/api/nothing', 'GET'],
    ['/api/items/1', 'POST'],
    ['/items/1', 'GET'],
    ['/api//items/1', 'GET'],
  ] as const) {
    const response = await get(path, { method });
    assert.deepEqual([response.status, await response.text()], [404, ''], `${method} ${path}`);
  }
});

test('an error and an answer that is none are 500, nothing is 204', async (context) => {
  const { get } = await startHttpApp(context);
  assert.deepEqual(
    [(await get('/api/answer/thrown')).status, await (await get('/api/answer/thrown')).text()],
    [500, ''],
  );
  assert.equal((await get('/api/answer/text')).status, 500);
  assert.equal((await get('/api/answer/nothing')).status, 204);
});

test('cookies are set one by one', async (context) => {
  const { get } = await startHttpApp(context);
  const response = await get('/api/answer/cookies');
  assert.deepEqual(response.headers.getSetCookie(), ['a=1; path=/', 'b=2; path=/; httponly']);
});

test('keys are asked for when they are given, and only then', async (context) => {
  const open = await startHttpApp(context);
  assert.equal((await open.get('/api/secret')).status, 200);
  assert.equal((await open.get('/admin/host/status')).status, 200);

  const { get } = await startHttpApp(context, { keys });
  assert.equal((await get('/api/items/1')).status, 200);
  assert.equal((await get('/api/secret')).status, 401);
  assert.equal((await get('/api/secret?code=f')).status, 200);
  assert.equal((await get('/api/secret', { headers: { 'x-functions-key': 'm' } })).status, 200);
  assert.equal((await get('/api/secret?code=e')).status, 401);
  assert.equal((await get('/api/admins?code=f')).status, 401);
  assert.equal((await get('/api/admins?code=m')).status, 200);
  assert.equal((await get('/admin/host/status')).status, 401);
  assert.equal((await get('/runtime/webhooks/durabletask/instances')).status, 401);
  assert.equal((await get('/runtime/webhooks/durabletask/instances?code=d')).status, 200);
  assert.equal((await get('/runtime/webhooks/durabletask/instances?code=f')).status, 403);
});

test('host.json sets the prefix of the routes', async (context) => {
  const { tell } = await startHttpApp(context, { hostJson: { extensions: { http: { routePrefix: '' } } } });
  assert.equal((await tell('/items/first')).name, 'literal');
});

test('a preInvocation hook may replace the handler', async (context) => {
  const { get } = await startHttpApp(context);
  assert.equal(await (await get('/api/unnamed')).text(), 'from the hook');
});

test('a body in chunks arrives empty, as on Azure, and the log says so', async (context) => {
  const { host } = await startHttpApp(context);
  const answer = await new Promise<string>((resolve, reject) => {
    const sent = httpRequest(`${host.url}/api/items/first`, { method: 'POST' }, async (response) => {
      const chunks: string[] = [];
      for await (const chunk of response) chunks.push(String(chunk));
      resolve(chunks.join(''));
    });
    sent.on('error', reject);
    sent.write('in ');
    sent.end('chunks');
  });
  assert.equal(told.parse(JSON.parse(answer)).body, '');
  assert.ok(host.lines.some((line) => /in chunks; Azure Functions drops such a body/.test(line)));
});

test('a request under way when the host stops is answered', async (context) => {
  const { host, get } = await startHttpApp(context);
  const folder = mkdtempSync(join(tmpdir(), 'parley-gate-'));
  context.after(() => rmSync(folder, { recursive: true }));
  process.env.GATE = join(folder, 'gate');
  const slow = get('/api/slow');
  await until(() => existsSync(`${process.env.GATE}.started`), Boolean);
  const stopped = host.stop();
  writeFileSync(`${process.env.GATE}.open`, '');
  assert.equal(await (await slow).text(), 'done');
  await stopped;
  await assert.rejects(get('/api/items/1'));
});

test('a taken port says what to do', async (context) => {
  const { host } = await startHttpApp(context);
  const { appFolder, dataFolder } = prepareApp(context, { file: 'http.cjs' });
  const second = startFunctionsHost({ appFolder, dataFolder, port: host.port, storage: '', log: () => {} });
  await assert.rejects(second, new RegExp(`Port ${host.port} is taken.*choose another port`));
});

test('only 127.0.0.1 is listened on', async (context) => {
  const { host } = await startHttpApp(context);
  const addresses = Object.values(networkInterfaces()).flatMap((list) => list ?? []);
  const others = addresses.map(({ address }) => address).filter((address) => address !== '127.0.0.1');
  for (const other of others) {
    const connects = await new Promise<boolean>((resolve) => {
      const socket = connect(host.port, other);
      socket.on('connect', () => resolve(true)).on('error', () => resolve(false));
      socket.setTimeout(2000, () => resolve(false));
      context.after(() => socket.destroy());
    });
    assert.equal(connects, false, other);
  }
});
