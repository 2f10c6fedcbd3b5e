// npm run demo: sample conversations in, a night of summaries out. "npm run demo -- --keep" leaves it running.
import { appendFileSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect, parseArgs } from 'node:util';
import * as steps from './demo/steps.ts';
import { heading, line, timed } from './demo/tell.ts';
import { ExplainedError } from './explained-error.ts';
import { runUntilEnded } from './run-until-ended.ts';
import { startStack } from './stack.ts';

const patienceMilliseconds = 50_000;
const logLinesShown = 15;

const { keep } = parseArgs({ options: { keep: { type: 'boolean', default: false } } }).values;
const dataFolder = await mkdtemp(join(tmpdir(), 'parley-demo-'));
const logFile = join(dataFolder, 'demo.log');
const log = (text: string) => appendFileSync(logFile, `${text}\n`);

log(`npm run demo at ${new Date().toISOString()}`);
await runUntilEnded(async ({ end, fail }) => {
  try {
    const [demo, duration] = await timed(() => runDemo(fail));
    if (keep) {
      steps.tryNext(demo, dataFolder);
      return demo.stack;
    }
    end();
    return {
      stop: async () => {
        await demo.stack.stop();
        await rm(dataFolder, { recursive: true });
        heading(
          `That was Parley, in ${duration}. "npm run demo -- --keep" leaves it running, "npm start" starts it empty.`,
        );
      },
    };
  } catch (error) {
    throw new ExplainedError(explain(error));
  }
});

async function runDemo(fail: (error: Error) => void): Promise<steps.Demo> {
  const signal = AbortSignal.timeout(patienceMilliseconds);
  heading('1. Start Parley: storage (Azurite), the ACS emulator and the app, in a local Functions host');
  const [stack, duration] = await timed(() =>
    startStack({ port: 0, acs: { port: 0 }, dataFolder, log, onFailure: fail }),
  );
  line(`Ready at ${stack.url} in ${duration}, with all its data in ${dataFolder}`);

  const demo = { stack, signal };
  try {
    await steps.postExamples(demo);
    await steps.serveBikeShop(demo);
    const night = await steps.summarizeNight(demo);
    await steps.showDigest(demo, night);
    await steps.showSummaries(demo);
    await steps.askForOne(demo);
    await steps.showWhereTheyLie(demo);
    return demo;
  } catch (error) {
    await stack.stop();
    throw error;
  }
}

function explain(error: unknown): string {
  const lastLines = readFileSync(logFile, 'utf8').trimEnd().split('\n').slice(-logLinesShown);
  return [
    `The demo failed: ${reasonOf(error)}`,
    '',
    `The last lines of its log, ${logFile}:`,
    ...lastLines,
  ].join('\n');
}

function reasonOf(error: unknown): string {
  if (error instanceof ExplainedError) return error.message;
  if (error instanceof Error && error.name === 'TimeoutError')
    return `not done after ${patienceMilliseconds} ms.`;
  return inspect(error);
}
