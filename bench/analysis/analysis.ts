import pMap from 'p-map';
import type { AnalysisOutcome } from '../../src/shared/analysis/analyse-conversation.ts';
import type { AnalysisOrder } from '../../src/shared/analysis/analysis-order.ts';
import { createServices } from '../../src/shared/services.ts';
import { readSettings } from '../../src/shared/settings.ts';
import type { EventGridEvent } from '../../test/support/chat-events.ts';
import { timed } from '../measure/stopwatch.ts';
import { messageEvent } from '../setup/conversations.ts';
import { withAzurite } from '../setup/with-azurite.ts';

const conversations = 50;
const messagesEach = 100;
/** Messages that one batch of events brings to each of its conversations. */
const atOnce = 10;
const conversationsPerBatch = 10;
const batchesAtOnce = 3;
/** What the host carries out at once: host.json. */
const lanes = 16;

/** Stores bursts of messages and analyses them as they come; a fifth of the batches is delivered twice. */
export function benchmarkAnalysis(): Promise<void> {
  return withAzurite(async ({ connectionString }) => {
    const parley = createServices(readSettings({ AzureWebJobsStorage: connectionString }));
    const queue: AnalysisOrder[] = [];
    const outcomes: AnalysisOutcome[] = [];
    let isStored = false;

    const store = (events: readonly unknown[]) =>
      parley.accept(events, {
        orderAnalysis: (orders) => {
          const at = new Date().toISOString();
          queue.push(...orders.map((order) => ({ ...order, at })));
        },
      });
    const work = async (): Promise<void> => {
      while (!isStored || queue.length > 0) {
        const order = queue.shift();
        const signal = AbortSignal.timeout(60_000);
        if (order) outcomes.push(await parley.analyser.analyse(order, { signal }));
        else await new Promise((resolve) => setTimeout(resolve, 5));
      }
    };
    const run = async (): Promise<void> => {
      const working = Array.from({ length: lanes }, work);
      await pMap(deliveries(), store, { concurrency: batchesAtOnce });
      isStored = true;
      await Promise.all(working);
    };
    const [, milliseconds] = await timed(run);

    const { lines, messages } = await count(parley);
    const all = conversations * messagesEach;
    if (messages !== all || lines !== all) {
      throw new Error(`${messages} of ${all} messages have an analysis, of ${lines} that were written.`);
    }
    const sum = (pick: (outcome: AnalysisOutcome) => number) =>
      outcomes.reduce((total, outcome) => total + pick(outcome), 0);
    console.log(
      `  ${all} messages in ${(milliseconds / 1_000).toFixed(1)} s, stored and analysed, each once\n` +
        `  ${outcomes.length} orders: ${outcomes.filter(({ state }) => state === 'left').length} left to another, ` +
        `${sum(({ reads }) => reads)} transcript reads, ${sum(({ batches }) => batches)} batches`,
    );
  });
}

function deliveries(): EventGridEvent[][] {
  const batches: EventGridEvent[][] = [];
  for (let burst = 0; burst < messagesEach / atOnce; burst += 1) {
    for (let first = 0; first < conversations; first += conversationsPerBatch) {
      const batch = Array.from({ length: conversationsPerBatch }, (_, place) =>
        Array.from({ length: atOnce }, (_, index) => messageEvent(first + place, burst * atOnce + index)),
      ).flat();
      batches.push(batch);
      if (batches.length % 5 === 0) batches.push(batch);
    }
  }
  return batches;
}

/** Messages that have an analysis, and lines that hold one. */
async function count({ transcripts }: ReturnType<typeof createServices>) {
  let messages = 0;
  let lines = 0;
  for await (const { path } of transcripts.list()) {
    const transcript = await transcripts.read(path);
    messages += transcript?.conversation.messages.filter(({ analysis }) => analysis).length ?? 0;
    await transcripts.readEntries(path, ({ kind }) => {
      if (kind === 'analysis') lines += 1;
    });
  }
  return { messages, lines };
}
