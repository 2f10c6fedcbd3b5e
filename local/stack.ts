import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { AcsOptions } from './acs-cli/read-options.ts';
import { startAzurite } from './azurite/start-azurite.ts';
import { buildIfStale } from './build-if-stale.ts';
import { checkPort } from './check-port.ts';
import { erasureSettings } from './erasure-settings.ts';
import { ExplainedError } from './explained-error.ts';
import { holdLock } from './hold-lock.ts';
import { startOwnAcs } from './start-own-acs.ts';

/** Where the app, its sources and its build lie. */
export const appFolder = fileURLToPath(new URL('..', import.meta.url));

export interface StackOptions {
  /** Of the app on localhost; 0 takes any free one. */
  port: number;
  /** Holds all state; what is in it is found again. */
  dataFolder: string;
  log: (line: string) => void;
  /** Starts an ACS emulator of its own; without it the settings name a resource, or none. */
  acs?: AcsOptions;
  /** Connection string of the storage to use; without one an Azurite of its own is started. */
  storage?: string;
  /** Settings for the app. It runs in this process, so they become part of `process.env`. */
  environment?: Record<string, string>;
  /** Called when a part ended for good while it ran; the stack is then to be stopped. */
  onFailure?: (error: Error) => void;
}

export interface Stack {
  url: string;
  /** Address of the ACS emulator, where one was started. */
  acsUrl?: string;
  /** Of the storage that the app uses. */
  connectionString: string;
  /** The process of the Azurite that serves now; undefined with other storage. */
  readonly azuritePid: number | undefined;
  /** Stops the app, then its storage, and resolves when both are gone. */
  stop(): Promise<void>;
}

/**
 * Starts everything that Parley is made of on one machine: storage, then the Functions host with the app.
 * Fails with a message for the person who started it when the folder or the port is in use.
 */
export async function startStack(options: StackOptions): Promise<Stack> {
  const { port, log, environment = {} } = options;
  const dataFolder = resolve(options.dataFolder);
  const started: (() => unknown)[] = [lockFolder(dataFolder)];
  const stop = async () => {
    for (let last = started.pop(); last; last = started.pop()) await last();
  };

  try {
    await checkPort(port);
    await buildIfStale(appFolder, log);

    const azurite =
      options.storage === undefined
        ? await startAzurite({ folder: join(dataFolder, 'azurite'), log, onGiveUp: options.onFailure })
        : undefined;
    if (azurite) started.push(azurite.stop);
    const connectionString = azurite?.connectionString ?? options.storage ?? '';

    const acs = options.acs && (await startOwnAcs({ ...options.acs, dataFolder, log }));
    if (acs) started.push(acs.stop);

    Object.assign(process.env, acs?.environment, erasureSettings(connectionString), environment, {
      AzureWebJobsStorage: connectionString,
    });
    const { startFunctionsHost } = await import('./functions-host/host.ts');
    const host = await startFunctionsHost({
      appFolder,
      port,
      dataFolder: join(dataFolder, 'functions-host'),
      storage: connectionString,
      log,
    });
    started.push(host.stop);
    const url = `http://localhost:${host.port}`;
    await acs?.deliverTo(url);

    return {
      url,
      acsUrl: acs?.url,
      connectionString,
      get azuritePid() {
        return azurite?.pid;
      },
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

function lockIn(dataFolder: string): (() => void) | undefined {
  try {
    mkdirSync(dataFolder, { recursive: true });
    return holdLock(join(dataFolder, 'parley.lock'));
  } catch (error) {
    const cause = error instanceof Error ? error.message : String(error);
    throw new ExplainedError(
      `The data cannot be kept in ${dataFolder}: ${cause}.\n` +
        'Give a folder that can be written to: PARLEY_DATA=.local-2 npm start. If parley.lock in it is damaged, delete that file.',
    );
  }
}

function lockFolder(dataFolder: string): () => void {
  const release = lockIn(dataFolder);
  if (release) return release;
  throw new ExplainedError(
    `Another Parley runs with the data in ${dataFolder}.\n` +
      'Stop that one first, or give this one a folder and a port of its own: PARLEY_DATA=.local-2 PORT=7072 npm start',
  );
}
