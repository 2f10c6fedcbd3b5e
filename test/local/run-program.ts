import { spawn } from 'node:child_process';
import type { TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';

const repository = fileURLToPath(new URL('../..', import.meta.url));

export interface Program {
  /** All it wrote so far, to both streams. */
  output(): string;
  /** Resolves when its output has `text`; rejects when it ends without. */
  says(text: string): Promise<void>;
  /** Resolves to its exit code, or to the signal that ended it, when everything that writes its output is gone. */
  ended: Promise<number | NodeJS.Signals>;
  /** Sends a signal to its own process only. */
  signal(signal: NodeJS.Signals): void;
  /** Sends a signal to it and all in its process group, as a terminal does. */
  signalGroup(signal: NodeJS.Signals): void;
}

/** Runs a command in the repository, in a process group of its own, which the end of the test kills. */
export function runProgram(
  test: TestContext,
  [command, ...args]: [string, ...string[]],
  environment: NodeJS.ProcessEnv = {},
): Program {
  const child = spawn(command, args, {
    cwd: repository,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
    // Not the mark of a test's child, which would make its output a report.
    env: { ...process.env, NODE_TEST_CONTEXT: undefined, AzureWebJobsStorage: undefined, ...environment },
  });
  const { pid } = child;
  if (pid === undefined) throw new Error(`${command} did not start.`);

  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text;
      child.emit('output');
    });
  }
  let running = true;
  const ended = new Promise<number | NodeJS.Signals>((resolve) => {
    child.once('close', (code, signal) => {
      running = false;
      resolve(signal ?? code ?? 0);
    });
  });
  test.after(async () => {
    if (running) process.kill(-pid, 'SIGKILL');
    await ended;
  });

  return {
    output: () => output,
    ended,
    signal: (signal) => process.kill(pid, signal),
    signalGroup: (signal) => process.kill(-pid, signal),
    says: (text) =>
      new Promise((resolve, reject) => {
        const look = () => output.includes(text) && resolve();
        child.on('output', look);
        look();
        ended.then(() => reject(new Error(`${command} ended without saying "${text}". It said:\n${output}`)));
      }),
  };
}

/** Runs a TypeScript program of the repository. */
export function runScript(
  test: TestContext,
  path: string,
  { args = [], environment = {} }: { args?: string[]; environment?: NodeJS.ProcessEnv } = {},
): Program {
  return runProgram(test, [process.execPath, path, ...args], environment);
}
