import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ExplainedError } from '../explained-error.ts';
import { azuriteReport } from './azurite-report.ts';

const program = fileURLToPath(new URL('serve-azurite.ts', import.meta.url));

export interface AzuritePorts {
  blob: number;
  queue: number;
}

export interface AzuriteProcess {
  pid: number | undefined;
  /** Resolves when it serves; rejects with the reason when it ends before that. */
  ready: Promise<AzuritePorts>;
  /** Resolves to how it ended, as a sentence, when the process is gone. */
  ended: Promise<string>;
  /** Asks it to end cleanly. */
  disconnect(): void;
}

/** Runs one Azurite process on the data in `folder`, with ports 0 for any free ones. */
export function launchAzurite(
  folder: string,
  ports: AzuritePorts,
  log: (line: string) => void,
): AzuriteProcess {
  mkdirSync(folder, { recursive: true });
  const logFile = join(folder, 'azurite.log');
  const output = openSync(logFile, 'a');
  const child = spawn(process.execPath, [program, folder, String(ports.blob), String(ports.queue)], {
    // A session of its own: neither Ctrl-C nor the end of the parent's process group reaches it.
    detached: true,
    // Not the parent's own streams, which break with the parent.
    stdio: ['ignore', output, output, 'ipc'],
    // Other accounts than the well-known one would lock the app out.
    env: { ...process.env, AZURITE_ACCOUNTS: undefined },
  });
  closeSync(output);

  const ended = new Promise<string>((resolve) => {
    child.once('exit', (code, signal) =>
      resolve(`Azurite ended (${signal ?? `code ${code}`}), see ${logFile}.`),
    );
    child.once('error', (error) => resolve(`Azurite could not be started: ${error.message}.`));
  });
  return {
    pid: child.pid,
    ready: untilReady(child, ended, log),
    ended,
    disconnect: () => {
      if (child.connected) child.disconnect();
    },
  };
}

function untilReady(
  child: ChildProcess,
  ended: Promise<string>,
  log: (line: string) => void,
): Promise<AzuritePorts> {
  return new Promise((resolve, reject) => {
    child.on('message', (message) => {
      const report = azuriteReport.parse(message);
      if (report.state === 'waiting') log('Waiting for the last Azurite of this folder to save its data.');
      if (report.state === 'failed')
        reject(new ExplainedError(`Azurite could not be started: ${report.reason}`));
      if (report.state === 'ready') resolve({ blob: report.blobPort, queue: report.queuePort });
    });
    ended.then((ending) => reject(new ExplainedError(ending)));
  });
}
