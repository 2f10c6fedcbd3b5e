import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { azuriteAccount, findFreePort, startAzuriteQueues } from '../functions-host/start-azurite.ts';
import { startHostProcess } from '../functions-host/start-host-process.ts';
import { type Recording, readRecording } from './compare-recordings.ts';

const root = resolve(import.meta.dirname, '../..');

/** Where the conformance kit stands when it is there: beside the repository. */
export const kitFolder = resolve(root, '../shared/host-contract');

const keys = {
  master: 'bWFzdGVyLWtleS1vZi10aGUtdGVzdA',
  functionDefault: 'ZnVuY3Rpb24ta2V5LW9mLXRoZS10ZXN0',
  eventgrid: 'ZXZlbnRncmlkLWtleS1vZi10aGUtdGVzdA',
  durabletask: 'ZHVyYWJsZXRhc2sta2V5LW9mLXRoZS10ZXN0',
};

// Each runs beside the other; the kit orders its cases only within one run.
const parts = [
  '^(http|timer|eventgrid|webhooks|admin|queue)\\.',
  '^durable\\.(?!entity|http\\.entity|call-http)',
];

/** Runs the kit's cases against this host and returns what it recorded. */
export async function runKit(): Promise<Recording> {
  const folder = mkdtempSync(join(tmpdir(), 'parley-conformance-'));
  const app = join(folder, 'app');
  cpSync(join(kitFolder, 'app'), app, { recursive: true });
  symlinkSync(join(root, 'node_modules'), join(app, 'node_modules'));
  writeFileSync(
    join(folder, 'record.mjs'),
    selectByPattern(readFileSync(join(kitFolder, 'record.mjs'), 'utf8')),
  );

  const azurite = await startAzuriteQueues();
  const storage = azurite.connectionString;
  const port = await findFreePort();
  // The kit was recorded under a name that is not "localhost", so that the host's links say https.
  const env = { WEBSITE_HOSTNAME: `127.0.0.1:${port}`, AzureWebJobsStorage: storage, TZ: 'UTC' };
  const host = await startHostProcess(
    { appFolder: app, port, dataFolder: join(folder, 'data'), storage, keys },
    env,
  );
  const account = {
    queueEndpoint: azurite.queueEndpoint,
    account: azuriteAccount.name,
    key: azuriteAccount.key,
  };
  writeFileSync(join(folder, 'keys.json'), JSON.stringify({ ...keys, storage: account }));
  try {
    const recordings = await Promise.all(parts.map((pattern) => record(folder, host.url, pattern)));
    if (process.env.KEEP_HOST_LOG) writeFileSync(process.env.KEEP_HOST_LOG, host.lines().join('\n'));
    return new Map(recordings.flatMap((recording) => [...recording]));
  } finally {
    await host.end('SIGTERM');
    await azurite.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

// The kit selects by prefix; a pattern leaves out what is known to be missing and would only be waited for.
function selectByPattern(script: string): string {
  const selection = '!only || t.name.startsWith(only)';
  if (script.split(selection).length !== 2)
    throw new Error('record.mjs selects its cases in another way than expected.');
  return script.replace(selection, 'new RegExp(only).test(t.name)');
}

async function record(folder: string, url: string, pattern: string): Promise<Recording> {
  const output = join(folder, `recorded-${parts.indexOf(pattern)}.json`);
  const arguments_ = [join(folder, 'record.mjs'), url, join(folder, 'keys.json'), output, pattern];
  const child = spawn(process.execPath, arguments_, { stdio: 'inherit' });
  const [code] = await once(child, 'exit');
  if (code !== 0) throw new Error(`record.mjs ended with ${code}.`);
  return readRecording(output);
}
