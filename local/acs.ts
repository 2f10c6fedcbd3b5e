// npm run acs: the ACS emulator on this machine, until Ctrl-C; with arguments, a person at the one that runs.
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { askEmulator } from './acs-cli/ask-emulator.ts';
import { endQuietly } from './acs-cli/end-quietly.ts';
import { readAcsOptions } from './acs-cli/read-options.ts';
import { readCommand, runCommand } from './acs-cli/run-command.ts';
import { usage } from './acs-cli/usage.ts';
import { ExplainedError } from './explained-error.ts';
import { runUntilEnded } from './run-until-ended.ts';

const dataFolder = process.env.PARLEY_DATA || join(fileURLToPath(new URL('..', import.meta.url)), '.local');
const log = (line: string) => console.log(line);

const args = process.argv.slice(2);
if (args.length === 0) await runUntilEnded(serve);
else await command().catch(explain);

async function serve() {
  // The commands need none of it, and answer sooner without.
  const { serveAcs } = await import('./acs-cli/serve-acs.ts');
  const emulator = await serveAcs({ ...readAcsOptions(process.env), dataFolder, log });
  log(`ACS emulator at ${emulator.url}`);
  log(`Connection string: ${emulator.connectionString}`);
  log('To get its events: npm run acs -- subscribe http://localhost:7071/api/events');
  log('To write to it:    npm run acs -- whatsapp +15551230001 "Where is my order?"');
  return emulator;
}

async function command(): Promise<void> {
  endQuietly();
  const typed = readCommand(args);
  if (typed.name === 'help') return log(usage);
  await runCommand(typed, askEmulator(process.env, dataFolder));
}

function explain(error: unknown): void {
  console.error(error instanceof ExplainedError ? error.message : error);
  process.exitCode = 1;
}
