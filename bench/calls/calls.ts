import type { Document } from '@langchain/core/documents';
import { countTokens } from 'gpt-tokenizer/encoding/o200k_base';
import { createAllowance } from '../../src/shared/models/language/allowance.ts';
import { judge } from '../measure/aim.ts';
import { printTable } from '../measure/table.ts';
import { linesOf, longConversation } from '../summarizing/conversation.ts';
import { type SummarizingEndpoint, startSummarizingEndpoint, type Traffic } from '../summarizing/endpoint.ts';
import { mapAndCollapse, mapReduce, openChatModel, refine, splitText } from '../summarizing/langchain.ts';
import { openWrittenModel } from '../summarizing/open-written-model.ts';

const messages = 5_000;
const latencyMilliseconds = 20;
const maxConcurrency = 8;
const aim = { atLeast: 2.3, unit: '×' } as const;
/** What the tutorial of LangChain.js cuts into. */
const documentedChunk = 1_000;

/** Tokens of one call, input and output together, and the most of output. */
const limits = [
  { tokens: 3_000, outputTokens: 600 },
  { tokens: 100_000, outputTokens: 4_000 },
];

/** Calls for one long conversation, against the chains of LangChain.js that summarize, on the same endpoint. */
export async function benchmarkCalls(): Promise<void> {
  const endpoint = await startSummarizingEndpoint({ latencyMilliseconds });
  try {
    for (const limit of limits) await compare(endpoint, limit);
  } finally {
    await endpoint.close();
  }
}

async function compare(
  endpoint: SummarizingEndpoint,
  limit: { tokens: number; outputTokens: number },
): Promise<void> {
  const text = linesOf(longConversation(messages));
  console.log(
    `\n  ${messages} messages, ${countTokens(text)} tokens; limit of a call: ${limit.tokens} tokens`,
  );
  const ours = await measure(endpoint, () => summarizeByParley(endpoint, limit));
  const model = openChatModel({ baseUrl: endpoint.baseUrl, maxConcurrency });
  /** What a summary may have, and the words of the prompt. */
  const input = limit.tokens - limit.outputTokens;
  const pieces = ours.pieces > 1 ? Math.ceil(countTokens(text) / ours.pieces) : input;
  const rows: [string, Figures][] = [['Parley', ours]];
  const chunks = new Map([
    [`pieces of ${pieces} tokens, as Parley's`, pieces],
    [`pieces of ${documentedChunk}, as documented`, documentedChunk],
    [`pieces of ${input}, the largest`, input],
  ]);
  for (const [name, chunk] of chunks) {
    const documents = await splitText(text, chunk);
    const chains: Record<string, (some: Document[]) => Promise<string>> = {
      map_reduce: (some) => mapReduce(model, some, limit.tokens),
      refine: (some) => refine(model, some),
      'the graph of its tutorial': (some) => mapAndCollapse(model, some, input),
    };
    for (const [chain, run] of Object.entries(chains)) {
      rows.push([`LangChain.js ${chain}, ${name}`, await measure(endpoint, () => run(documents))]);
    }
  }
  printTable(
    ['', 'calls', 'of Parley’s', 'input tokens', 'output tokens', 'largest call', 's'],
    rows.map(([name, { traffic, seconds }]) => [
      name,
      String(traffic.calls),
      `${(traffic.calls / ours.traffic.calls).toFixed(2)}×`,
      String(traffic.inputTokens),
      String(traffic.outputTokens),
      String(traffic.mostTokens),
      seconds.toFixed(1),
    ]),
  );
  const median = (rows[1]?.[1].traffic.calls ?? 0) / ours.traffic.calls;
  console.log(
    `  map_reduce with the same pieces makes ${median.toFixed(2)}× the calls: ${judge(aim, { median })}`,
  );
}

interface Figures {
  traffic: Traffic;
  seconds: number;
  /** Calls that read messages, where somebody counts them. */
  pieces: number;
}

async function measure(endpoint: SummarizingEndpoint, run: () => Promise<unknown>): Promise<Figures> {
  endpoint.take();
  const started = performance.now();
  await run();
  const seconds = (performance.now() - started) / 1_000;
  const traffic = endpoint.take();
  return { traffic, seconds, pieces: traffic.pieces };
}

async function summarizeByParley(
  { environment }: SummarizingEndpoint,
  { tokens, outputTokens }: { tokens: number; outputTokens: number },
): Promise<void> {
  const model = openWrittenModel({
    ...environment,
    MODEL_CONTEXT_TOKENS: String(tokens),
    MODEL_OUTPUT_TOKENS: String(outputTokens),
  });
  const conversation = longConversation(messages);
  const [result] = await model.summarize([{ conversation }], { allowance: createAllowance(Infinity) });
  if (!result || 'error' in result) throw result?.error ?? new Error('Nothing was summarized.');
}
