import assert from 'node:assert/strict';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { startAzurite } from '../../local/azurite/start-azurite.ts';
import { holdLock } from '../../local/hold-lock.ts';
import { runProgram, runScript } from './run-program.ts';
import { temporaryFolder } from './temporary-folder.ts';

const running = /^Parley is running at http:\/\/localhost:\d+$/gm;

test('npm start says once where it runs, and answers there', async (t) => {
  const program = start(t, await temporaryFolder(t));
  await program.says('Parley is running at');
  const lines = program.output().match(running) ?? [];
  assert.equal(lines.length, 1, program.output());
  const url = lines[0]?.split(' ').at(-1);
  assert((await fetch(`${url}/no/such/page`)).status > 0);
});

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  test(`${signal} stops it cleanly and leaves no process behind`, async (t) => {
    const folder = await temporaryFolder(t);
    const program = start(t, folder);
    await program.says('Parley is running at');
    program.signalGroup(signal);
    assert.equal(await program.ended, 0, program.output());
    assertNothingLeft(folder);
  });
}

test('a Ctrl-C that comes twice, as npm makes it, is one', async (t) => {
  const program = start(t, await temporaryFolder(t));
  await program.says('Parley is running at');
  program.signalGroup('SIGINT');
  program.signalGroup('SIGINT');
  assert.equal(await program.ended, 0, program.output());
});

test('a signal to npm alone stops it cleanly too', async (t) => {
  const folder = await temporaryFolder(t);
  const npm = runProgram(t, ['npm', 'start'], { PARLEY_DATA: folder, PORT: '0' });
  await npm.says('Parley is running at');
  npm.signal('SIGTERM');
  await npm.ended;
  assertNothingLeft(folder);
});

test('a second one on the same folder is refused and told what to set', async (t) => {
  const folder = await temporaryFolder(t);
  await start(t, folder).says('Parley is running at');
  const second = start(t, folder);
  assert.equal(await second.ended, 1);
  assert.match(second.output(), /Another Parley runs/);
  assert(second.output().includes(folder), 'names the folder');
  assert.match(second.output(), /PARLEY_DATA=\S+ PORT=\d+ npm start/);
});

test('after SIGKILL of the whole process group it starts again on the same folder', async (t) => {
  const folder = await temporaryFolder(t);
  const first = start(t, folder);
  await first.says('Parley is running at');
  first.signalGroup('SIGKILL');
  await first.ended;
  await start(t, folder).says('Parley is running at');
});

test('a taken port is told with what to do, before anything is started', async (t) => {
  const folder = await temporaryFolder(t);
  const other = createServer().listen(0, '127.0.0.1');
  t.after(() => other.close());
  await once(other, 'listening');
  const address = other.address();
  assert(address !== null && typeof address === 'object');

  const program = start(t, folder, { PORT: String(address.port) });
  assert.equal(await program.ended, 1);
  assert.match(program.output(), new RegExp(`Port ${address.port} is taken .*\n.*PORT=\\d+ npm start`));
  assert(!existsSync(join(folder, 'azurite')));
});

for (const port of ['web', '70000', '-1', '80.5', '']) {
  test(`PORT="${port}" is told to be no port`, async (t) => {
    const program = start(t, await temporaryFolder(t), { PORT: port });
    assert.equal(await program.ended, 1);
    assert(program.output().includes(`PORT is "${port}", which is no port.`), program.output());
  });
}

test('storage that the environment names is used, and no Azurite is started', async (t) => {
  const azurite = await startAzurite({ folder: await temporaryFolder(t), log: () => {} });
  t.after(() => azurite.stop());
  const folder = await temporaryFolder(t);
  const program = start(t, folder, { AzureWebJobsStorage: azurite.connectionString });
  await program.says('Parley is running at');
  assert(!existsSync(join(folder, 'azurite')));
});

function start(t: TestContext, dataFolder: string, environment: NodeJS.ProcessEnv = {}) {
  return runScript(t, 'local/start.ts', {
    environment: { PARLEY_DATA: dataFolder, PORT: '0', ...environment },
  });
}

/** Each process holds a lock for as long as it lives. */
function assertNothingLeft(dataFolder: string): void {
  assert(holdLock(join(dataFolder, 'parley.lock')), 'the app is gone');
  assert(holdLock(join(dataFolder, 'azurite', 'azurite.lock')), 'Azurite is gone');
}
