import { setTimeout as wait } from 'node:timers/promises';
import { ExplainedError } from '../explained-error.ts';
import { type AzuritePorts, launchAzurite } from './launch-azurite.ts';

const host = '127.0.0.1';
/** The account that every Azurite has, with the key that its documentation prints: a name, not a secret. */
const account = 'devstoreaccount1';
const accountKey = 'Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==';

const restartsAllowed = { count: 5, withinMilliseconds: 60_000 };
const restartPauseMilliseconds = 200;

export interface AzuriteOptions {
  /** Holds all its data. Two never open one folder: the second waits until the first has ended. */
  folder: string;
  log: (line: string) => void;
  /** Called when Azurite ended too often to be started again. */
  onGiveUp?: (error: Error) => void;
}

export interface Azurite {
  /** Good for as long as it runs: a restart keeps the ports. */
  connectionString: string;
  /** Of the process that serves now, or of the last one. */
  readonly pid: number | undefined;
  /** Resolves when everything acknowledged is on disk and the process is gone. */
  stop(): Promise<void>;
}

/**
 * Starts Azurite (blob and queue) in a process of its own, and starts it again whenever that ends by itself.
 *
 * Azurite keeps its index in memory and saves it every 5 s and on a clean stop, so being killed together with the app
 * would cost acknowledged writes. Its process therefore leads a process group of its own, and ends cleanly when the
 * channel to this process closes, whatever closed it.
 */
export async function startAzurite({ folder, log, onGiveUp }: AzuriteOptions): Promise<Azurite> {
  let current = launchAzurite(folder, { blob: 0, queue: 0 }, log);
  const ports = await current.ready;
  let stopped = false;

  const supervise = async () => {
    const restarts: number[] = [];
    for (;;) {
      const ending = await current.ended;
      if (stopped) return;
      restarts.push(performance.now());
      if (isTooOften(restarts)) throw new ExplainedError(`${ending} Too often: it is not started again.`);
      log(`${ending} It is started again.`);
      await wait(restartPauseMilliseconds);
      if (stopped) return;
      current = launchAzurite(folder, ports, log);
      current.ready.catch((error: Error) => log(error.message));
    }
  };
  const supervised = supervise().catch((error: Error) => {
    log(error.message);
    onGiveUp?.(error);
  });

  return {
    connectionString: connectionString(ports),
    get pid() {
      return current.pid;
    },
    stop: () => {
      stopped = true;
      current.disconnect();
      return supervised;
    },
  };
}

function isTooOften(restarts: number[]): boolean {
  const earliest = performance.now() - restartsAllowed.withinMilliseconds;
  return restarts.filter((time) => time > earliest).length > restartsAllowed.count;
}

function connectionString(ports: AzuritePorts): string {
  return [
    'DefaultEndpointsProtocol=http',
    `AccountName=${account}`,
    `AccountKey=${accountKey}`,
    `BlobEndpoint=http://${host}:${ports.blob}/${account}`,
    `QueueEndpoint=http://${host}:${ports.queue}/${account}`,
  ].join(';');
}
