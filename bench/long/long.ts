import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import * as z from 'zod';
import { printTable } from '../measure/table.ts';
import { runProgram } from '../setup/run-program.ts';
import { startSummarizingEndpoint } from '../summarizing/endpoint.ts';

const program = fileURLToPath(new URL('summarize-long.ts', import.meta.url));
const latencyMilliseconds = 500;
const told = z.object({
  seconds: z.number(),
  /** MB, at most so far, with the conversation in memory. */
  residentBefore: z.number(),
  resident: z.number(),
  sentences: z.int(),
  /** Of what is kept for the next time. */
  stateBytes: z.int(),
});

/** One very long conversation through a language model, in a process of its own: calls, tokens, time and memory. */
export async function benchmarkLong(args: string[]): Promise<void> {
  const { values } = parseArgs({ args, options: { messages: { type: 'string', default: '100000' } } });
  const endpoint = await startSummarizingEndpoint({ latencyMilliseconds });
  try {
    const figures = await runProgram(program, [values.messages], told, endpoint.environment);
    const { calls, inputTokens, outputTokens, mostTokens } = endpoint.take();
    printTable(
      ['', ''],
      [
        ['messages', values.messages],
        ['calls', String(calls)],
        ['tokens of input', String(inputTokens)],
        ['tokens of output', String(outputTokens)],
        ['tokens of the largest call', String(mostTokens)],
        ['wall time', `${figures.seconds.toFixed(1)} s`],
        ['resident memory with the conversation', `${figures.residentBefore.toFixed(0)} MB`],
        ['resident memory, most', `${figures.resident.toFixed(0)} MB`],
        ['sentences', String(figures.sentences)],
        ['kept for the next time', `${(figures.stateBytes / 1_024).toFixed(0)} KB`],
      ],
    );
  } finally {
    await endpoint.close();
  }
}
