import pMap from 'p-map';
import { createServices } from '../../src/shared/services.ts';
import { readSettings } from '../../src/shared/settings.ts';
import { carryOutNight } from '../../test/support/carry-out-night.ts';
import { judge } from '../measure/aim.ts';
import { printTable } from '../measure/table.ts';
import { withAzurite } from '../setup/with-azurite.ts';
import { longConversation } from '../summarizing/conversation.ts';
import { type SummarizingEndpoint, startSummarizingEndpoint, type Traffic } from '../summarizing/endpoint.ts';
import { toEntries } from './to-entries.ts';

const conversations = 400;
const messagesEach = 100;
/** 5 %. */
const changedEvery = 20;
const newMessages = 5;
const concurrency = 16;
const aim = { atLeast: 15, unit: '×' } as const;

type Parley = ReturnType<typeof createServices>;

/** Calls and tokens of the night after a few conversations changed, against summarizing all of them again. */
export async function benchmarkSecondNight(): Promise<void> {
  const endpoint = await startSummarizingEndpoint();
  try {
    const ours = await withAzurite(async ({ connectionString }) => {
      const parley = open(connectionString, endpoint);
      await write(parley, everyone, { from: 0, to: messagesEach });
      await runNight(parley, '2026-11-23', conversations);
      await write(parley, changed, { from: messagesEach, to: messagesEach + newMessages });
      endpoint.take();
      await runNight(parley, '2026-11-24', changed.length);
      return endpoint.take();
    });
    const full = await withAzurite(async ({ connectionString }) => {
      const parley = open(connectionString, endpoint);
      await write(parley, everyone, { from: 0, to: messagesEach });
      await write(parley, changed, { from: messagesEach, to: messagesEach + newMessages });
      endpoint.take();
      await runNight(parley, '2026-11-24', conversations);
      return endpoint.take();
    });
    print(ours, full);
  } finally {
    await endpoint.close();
  }
}

const everyone = Array.from({ length: conversations }, (_, number) => number);
const changed = everyone.filter((number) => number % changedEvery === 0);

function open(connectionString: string, { environment }: SummarizingEndpoint): Parley {
  return createServices(readSettings({ ...environment, AzureWebJobsStorage: connectionString }));
}

async function write(
  { transcripts }: Parley,
  numbers: readonly number[],
  { from, to }: { from: number; to: number },
): Promise<void> {
  const append = (number: number) => {
    const conversation = longConversation(to, number);
    return transcripts.append(conversation, toEntries(conversation).slice(from));
  };
  await pMap(numbers, append, { concurrency });
}

async function runNight({ night }: Parley, date: string, found: number): Promise<void> {
  const run = await carryOutNight(night, date);
  if (run.found !== found) throw new Error(`The night found ${run.found} conversations instead of ${found}.`);
}

function print(ours: Traffic, full: Traffic): void {
  const tokensOf = ({ inputTokens, outputTokens }: Traffic): number => inputTokens + outputTokens;
  const row = (name: string, { calls, inputTokens, outputTokens }: Traffic) => [
    name,
    ...[calls, inputTokens, outputTokens].map(String),
  ];
  printTable(
    ['', 'calls', 'input tokens', 'output tokens'],
    [
      row(`second night, ${changed.length} of ${conversations} changed`, ours),
      row('all of them again', full),
    ],
  );
  for (const [what, median] of [
    ['calls', full.calls / ours.calls],
    ['tokens', tokensOf(full) / tokensOf(ours)],
  ] as const) {
    console.log(`  ${median.toFixed(1)}× fewer ${what}, ${judge(aim, { median })}`);
  }
}
