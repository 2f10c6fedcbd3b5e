import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { appFolder } from '../../local/stack.ts';
import { onEarlyEnd } from './clean-up.ts';

export interface RunningParley {
  url: string;
  /** Of the process with the host and the app; of npm where that was the command. */
  pid: number;
  /** As Ctrl-C does; resolves when all has ended. */
  stop(): Promise<void>;
}

interface Options {
  /** Of all its data. */
  folder: string;
  /** `npm start` as a person types it, or the program itself. */
  command: 'npm start' | 'node';
  environment?: Record<string, string>;
}

const programs = {
  'npm start': ['npm', 'start'],
  node: [process.execPath, 'local/start.ts'],
} as const;

/** Of its log, to be shown when it does not start. */
const linesKept = 20;

/** Starts Parley on a free port, in a process group of its own, and resolves when it says that it is running. */
export async function startParley({ folder, command, environment = {} }: Options): Promise<RunningParley> {
  const [program, argument] = programs[command];
  const { AzureWebJobsStorage: _, ...inherited } = process.env;
  const child = spawn(program, [argument], {
    cwd: appFolder,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
    // Messages that are analysed meanwhile would be measured, too.
    env: { ...inherited, PORT: '0', PARLEY_DATA: folder, ANALYSIS: 'off', ...environment },
  });
  const { pid } = child;
  if (pid === undefined) throw new Error(`${program} could not be started.`);
  const cleaned = onEarlyEnd(() => process.kill(-pid, 'SIGKILL'));
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
  ended.then(cleaned);

  const lastLines: string[] = [];
  const url = await new Promise<string>((resolve, reject) => {
    for (const stream of [child.stdout, child.stderr]) {
      createInterface({ input: stream }).on('line', (line) => {
        lastLines.push(line);
        if (lastLines.length > linesKept) lastLines.shift();
        const [, address] = /^Parley is running at (\S+)$/.exec(line) ?? [];
        if (address) resolve(address);
      });
    }
    ended.then(() => reject(new Error(`Parley ended before it was ready:\n${lastLines.join('\n')}`)));
  });
  return {
    url,
    pid,
    async stop() {
      if (child.exitCode === null && child.signalCode === null) process.kill(-pid, 'SIGINT');
      await ended;
    },
  };
}
