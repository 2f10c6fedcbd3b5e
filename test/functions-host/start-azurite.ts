import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** Azurite's well-known account. */
export const azuriteAccount = {
  name: 'devstoreaccount1',
  key: 'Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==',
};

/** Storage queues in a child process, empty and in memory. */
export interface AzuriteQueues {
  connectionString: string;
  queueEndpoint: string;
  stop(): Promise<void>;
}

/** Starts Azurite's queue service on a free port. */
export async function startAzuriteQueues(): Promise<AzuriteQueues> {
  const port = await findFreePort();
  const script = join(import.meta.dirname, '../../node_modules/azurite/dist/src/queue/main.js');
  const options = [
    '--silent',
    '--loose',
    '--skipApiVersionCheck',
    '--disableTelemetry',
    '--inMemoryPersistence',
  ];
  const child = spawn(process.execPath, [script, '--queuePort', String(port), ...options], {
    stdio: 'ignore',
  });
  process.once('exit', () => child.kill('SIGKILL'));
  const queueEndpoint = `http://127.0.0.1:${port}/${azuriteAccount.name}`;
  for (let tries = 0; !(await answers(queueEndpoint)); tries++) {
    if (child.exitCode !== null || tries > 300) throw new Error('Azurite did not start.');
    await sleep(100);
  }
  return {
    connectionString:
      `DefaultEndpointsProtocol=http;AccountName=${azuriteAccount.name};` +
      `AccountKey=${azuriteAccount.key};QueueEndpoint=${queueEndpoint};`,
    queueEndpoint,
    async stop() {
      const ended = once(child, 'exit');
      child.kill('SIGKILL');
      await ended;
    },
  };
}

/** A port that nothing listens on at the moment. */
export async function findFreePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  if (address === null || typeof address === 'string') throw new Error('There is no free port.');
  return address.port;
}

function answers(url: string): Promise<boolean> {
  return fetch(url).then(
    () => true,
    () => false,
  );
}
