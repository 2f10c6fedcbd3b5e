import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { FunctionsHostOptions } from '../../local/functions-host/host.ts';

/** A host in a child process. */
export interface HostProcess {
  port: number;
  url: string;
  /** What the host has logged so far. */
  lines: () => string[];
  /** Ends it on the spot (SIGKILL), or in order (SIGTERM). */
  end(signal: 'SIGKILL' | 'SIGTERM'): Promise<void>;
}

/** Starts a host in a child process; rejects with what it printed when it does not come up. */
export async function startHostProcess(
  options: Omit<FunctionsHostOptions, 'log'>,
  env: Record<string, string> = {},
): Promise<HostProcess> {
  const script = join(import.meta.dirname, 'host-process.ts');
  const child = fork(script, [JSON.stringify(options)], { env: { ...process.env, ...env }, stdio: 'pipe' });
  let printed = '';
  child.stdout?.on('data', (data) => {
    printed += String(data);
  });
  child.stderr?.on('data', (data) => {
    printed += String(data);
  });
  const port = await waitForPort(child).catch(() => {
    throw new Error(`The host did not start:\n${printed}`);
  });
  return {
    port,
    url: `http://127.0.0.1:${port}`,
    lines: () => printed.split('\n'),
    async end(signal) {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const ended = once(child, 'exit');
      child.kill(signal);
      await ended;
    },
  };
}

function waitForPort(child: ChildProcess): Promise<number> {
  return new Promise((resolve, reject) => {
    child.once('exit', reject);
    child.once('message', (message) => {
      if (typeof message === 'object' && 'port' in message && typeof message.port === 'number')
        resolve(message.port);
      else reject(new Error('The host said something unexpected.'));
    });
  });
}
