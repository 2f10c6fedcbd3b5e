import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdir } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import * as z from 'zod';
import { onEarlyEnd } from '../setup/clean-up.ts';

const program = fileURLToPath(new URL('serve-counted-azurite.ts', import.meta.url));
/** The account and key that every Azurite has and its documentation prints. */
const account = 'devstoreaccount1';
const accountKey = 'Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==';

const ports = z.object({ blobPort: z.int(), queuePort: z.int() });
const counted = z.object({ counts: z.record(z.string(), z.int()) });

/** What the process of the counting Azurite tells. */
export type CountedReport = z.infer<typeof ports> | z.infer<typeof counted>;

/** How often each operation was asked for. */
export type Counts = Readonly<Record<string, number>>;

export interface CountedAzurite {
  connectionString: string;
  /** All requests since it started. */
  readCounts(): Promise<Counts>;
  stop(): Promise<void>;
}

/** Starts an Azurite, in a process of its own, that counts the requests that it gets. */
export async function startCountedAzurite(folder: string): Promise<CountedAzurite> {
  await mkdir(folder, { recursive: true });
  const child = fork(program, [folder], { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
  const cleaned = onEarlyEnd(() => child.kill('SIGKILL'));
  const ended = once(child, 'exit').then(cleaned);
  const next = async (): Promise<unknown> => {
    const [message] = await Promise.race([
      once(child, 'message'),
      ended.then(() => Promise.reject(new Error('Azurite ended.'))),
    ]);
    return message;
  };
  const { blobPort, queuePort } = ports.parse(await next());
  return {
    connectionString: [
      'DefaultEndpointsProtocol=http',
      `AccountName=${account}`,
      `AccountKey=${accountKey}`,
      `BlobEndpoint=http://127.0.0.1:${blobPort}/${account}`,
      `QueueEndpoint=http://127.0.0.1:${queuePort}/${account}`,
    ].join(';'),
    async readCounts() {
      const answer = next();
      child.send('counts');
      return counted.parse(await answer).counts;
    },
    async stop() {
      if (child.connected) child.disconnect();
      await ended;
    },
  };
}

/** What was asked for between two readings, most frequent first. */
export function subtractCounts(later: Counts, earlier: Counts): Counts {
  const differences = Object.entries(later).map(([name, count]): [string, number] => [
    name,
    count - (earlier[name] ?? 0),
  ]);
  return Object.fromEntries(differences.filter(([, count]) => count > 0).sort(([, a], [, b]) => b - a));
}
