import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { announceEmulator } from '../acs/announce-emulator.ts';
import { type AcsEmulator, startAcsEmulator } from '../acs/start-emulator.ts';
import { checkPort } from '../check-port.ts';
import { ExplainedError } from '../explained-error.ts';
import { holdLock } from '../hold-lock.ts';
import type { AcsOptions } from './read-options.ts';

interface ServeOptions extends AcsOptions {
  /** Its state is `acs/acs.db` in it. */
  dataFolder: string;
  /** What was typed to start it, for messages that say how to start it otherwise. */
  command?: string;
  log: (line: string) => void;
}

/** Starts the emulator alone on its state, and lets the commands find it. Fails with a message for who started it. */
export async function serveAcs(options: ServeOptions): Promise<AcsEmulator> {
  const { port, dataFolder, limits, timeScale, command = 'npm run acs', log } = options;
  const folder = join(dataFolder, 'acs');
  const release = lock(folder, command);
  try {
    await checkPort(port, 'ACS_PORT', command);
    const dataFile = join(folder, 'acs.db');
    const emulator = await startAcsEmulator({ port, dataFile, limits, log, eventGrid: { timeScale } });
    const withdraw = announceEmulator(dataFolder, emulator.url);
    return {
      ...emulator,
      async stop() {
        withdraw();
        await emulator.stop();
        release();
      },
    };
  } catch (error) {
    release();
    throw error;
  }
}

function lock(folder: string, command: string): () => void {
  const release = lockIn(folder, command);
  if (release) return release;
  throw new ExplainedError(
    `Another ACS emulator runs with the state in ${folder}.\n` +
      `Stop that one first, or give this one a folder and a port of its own: PARLEY_DATA=.local-2 ACS_PORT=7081 ${command}`,
  );
}

function lockIn(folder: string, command: string): (() => void) | undefined {
  try {
    mkdirSync(folder, { recursive: true });
    return holdLock(join(folder, 'acs.lock'));
  } catch (error) {
    const cause = error instanceof Error ? error.message : String(error);
    throw new ExplainedError(
      `The state cannot be kept in ${folder}: ${cause}.\n` +
        `Give a folder that can be written to: PARLEY_DATA=.local-2 ${command}`,
    );
  }
}
