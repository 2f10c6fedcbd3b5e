import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import * as z from 'zod';
import { conversationPath } from '../../src/shared/transcripts/conversation-path.ts';
import { judge } from '../measure/aim.ts';
import { summarize } from '../measure/sample.ts';
import { printFigures } from '../measure/table.ts';
import { takeTurns } from '../measure/take-turns.ts';
import { withBuildFolder } from '../setup/build-folder.ts';
import { runProgram } from '../setup/run-program.ts';
import { withAzurite } from '../setup/with-azurite.ts';
import { bundleProgram } from './bundle-program.ts';
import { longConversation, writeConversation } from './write-conversation.ts';

const program = fileURLToPath(new URL('read-conversation.ts', import.meta.url));
const reading = z.object({
  milliseconds: z.number(),
  messages: z.int(),
  segments: z.int(),
  bytes: z.int(),
  residentBefore: z.number(),
  residentPeak: z.number(),
  languageParts: z.literal(0, 'a language part was loaded'),
});
type Reading = z.infer<typeof reading>;
const mebibyte = 1024 ** 2;

/** Writes one long conversation, then reads and folds it in processes of their own. */
export async function benchmarkFold(args: string[]): Promise<void> {
  const { values } = parseArgs({ args, options: { messages: { type: 'string', default: '100000' } } });
  const messages = Number(values.messages);
  const readings = await withBuildFolder(async (folder) => {
    const bundle = await bundleProgram(program, folder);
    return withAzurite(async ({ container, connectionString }) => {
      await writeConversation(container('transcripts'), messages);
      return readRepeatedly(bundle, connectionString, messages);
    });
  });

  const peaks = readings.map(({ residentPeak }) => residentPeak / mebibyte);
  printFigures('', {
    'peak resident memory, MB': peaks,
    'before reading, MB': readings.map(({ residentBefore }) => residentBefore / mebibyte),
    'read and folded, ms': readings.map(({ milliseconds }) => milliseconds),
  });
  const { segments = 0, bytes = 0 } = readings[0] ?? {};
  const size = (bytes / mebibyte).toFixed(0);
  console.log(
    `  ${messages} messages in ${segments} segments of ${size} MB together; no language part was loaded`,
  );
  console.log(`  peak resident memory, ${judge({ atMost: 300, unit: ' MB' }, summarize(peaks))}`);
}

async function readRepeatedly(
  bundle: string,
  connectionString: string,
  messages: number,
): Promise<Reading[]> {
  const readings: Reading[] = [];
  const read = async (): Promise<number> => {
    const result = await runProgram(bundle, [connectionString, conversationPath(longConversation)], reading);
    if (result.messages !== messages)
      throw new Error(`${result.messages} of ${messages} messages were read.`);
    return readings.push(result);
  };
  await takeTurns({ read });
  // The first is the one that warms up.
  return readings.slice(1);
}
