import { spawn } from 'node:child_process';
import type * as z from 'zod';
import { onEarlyEnd } from './clean-up.ts';

/** Runs a program in a fresh Node process and returns what it printed, read as JSON of `schema`. */
export function runProgram<Schema extends z.ZodType>(
  program: string,
  args: readonly string[],
  schema: Schema,
  environment: Record<string, string> = {},
): Promise<z.infer<Schema>> {
  const child = spawn(process.execPath, [program, ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, ...environment },
  });
  const cleaned = onEarlyEnd(() => child.kill('SIGKILL'));
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    output += text;
  });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, signal) => {
      cleaned();
      if (code !== 0) return reject(new Error(`${program} ended with ${signal ?? `code ${code}`}.`));
      const result = schema.safeParse(JSON.parse(output));
      if (result.success) resolve(result.data);
      else reject(result.error);
    });
  });
}
