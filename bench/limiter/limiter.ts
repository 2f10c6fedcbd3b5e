import { parseArgs } from 'node:util';
import { loadSummarizationChain } from '@langchain/classic/chains';
import { countTokens } from 'gpt-tokenizer/encoding/o200k_base';
import pMap from 'p-map';
import { createAllowance } from '../../src/shared/models/language/allowance.ts';
import type { SummaryJob, SummaryModel } from '../../src/shared/models/summary-model.ts';
import type { Conversation } from '../../src/shared/transcripts/conversation.ts';
import { divide, summarize } from '../measure/sample.ts';
import { printRatio, printTable } from '../measure/table.ts';
import { linesOf, longConversation } from '../summarizing/conversation.ts';
import { type SummarizingEndpoint, startSummarizingEndpoint, type Traffic } from '../summarizing/endpoint.ts';
import { mapAndCollapse, mapReduce, openChatModel, splitText } from '../summarizing/langchain.ts';
import { openWrittenModel } from '../summarizing/open-written-model.ts';

const concurrency = 8;
const latencyMilliseconds = 300;
/** Eight at once would make 27 requests a second. */
const limit = { requestsPerSecond: 10, burst: 10 };
const aim = { atLeast: 2, unit: '×' } as const;

const conversations = 240;
const messagesEach = 12;
/** What one activity of a night hands to the model together. */
const jobsAtOnce = 20;

/** Of the long one. */
const messages = 5_000;
const window = { tokens: 3_000, outputTokens: 600 };

/** Wall time under a limit of requests, eight at once, against LangChain.js with its own retries. */
export async function benchmarkLimiter(args: string[]): Promise<void> {
  const { values } = parseArgs({ args, options: { rounds: { type: 'string', default: '1' } } });
  const endpoint = await startSummarizingEndpoint({ latencyMilliseconds, limit });
  const scene = { endpoint, rounds: Number(values.rounds) };
  try {
    await compareShort(scene);
    await compareLong(scene);
  } finally {
    await endpoint.close();
  }
}

interface Scene {
  endpoint: SummarizingEndpoint;
  rounds: number;
}

async function compareShort(scene: Scene): Promise<void> {
  const { endpoint } = scene;
  const all = Array.from({ length: conversations }, (_, number) => longConversation(messagesEach, number));
  const model = openWrittenModel(endpoint.environment);
  const rival = openChatModel({ baseUrl: endpoint.baseUrl, maxConcurrency: concurrency });
  const chain = loadSummarizationChain(rival, { type: 'stuff' });
  const inputs = await Promise.all(
    all.map(async (conversation) => ({ input_documents: await splitText(linesOf(conversation), 100_000) })),
  );
  const batch = async (): Promise<number> => {
    const answers = await chain.batch(inputs, { maxConcurrency: concurrency }, { returnExceptions: true });
    return answers.filter((answer) => answer instanceof Error).length;
  };
  const theirs = { 'LangChain.js stuff, each by itself': await measure(scene, batch) };
  const alone = await measure(scene, () => summarizeAll(model, all, {}));
  print(
    `${conversations} conversations of ${messagesEach} messages, none for the same readers`,
    alone,
    theirs,
  );
  const together = await measure(scene, () => summarizeAll(model, all, { readers: 'the same' }));
  print(
    `${conversations} conversations of ${messagesEach} messages, all for the same readers`,
    together,
    theirs,
  );
}

async function compareLong(scene: Scene): Promise<void> {
  const { endpoint } = scene;
  const conversation = longConversation(messages);
  const text = linesOf(conversation);
  const model = openWrittenModel({
    ...endpoint.environment,
    MODEL_CONTEXT_TOKENS: String(window.tokens),
    MODEL_OUTPUT_TOKENS: String(window.outputTokens),
  });
  const ours = await measure(scene, () => summarizeAll(model, [conversation], {}));
  const input = window.tokens - window.outputTokens;
  const same = Math.ceil(countTokens(text) / ours.traffic.pieces);
  const rival = openChatModel({ baseUrl: endpoint.baseUrl, maxConcurrency: concurrency });
  const run = async (chunk: number, chain: typeof mapReduce, most: number): Promise<Figures> => {
    const documents = await splitText(text, chunk);
    return measure(scene, () => failuresOf(chain(rival, documents, most)));
  };
  print(`one conversation of ${messages} messages, calls of ${window.tokens} tokens`, ours, {
    'LangChain.js map_reduce, the same pieces': await run(same, mapReduce, window.tokens),
    'LangChain.js map_reduce, the largest pieces': await run(input, mapReduce, window.tokens),
    'LangChain.js, the graph of its tutorial, the same pieces': await run(same, mapAndCollapse, input),
    'LangChain.js, the graph of its tutorial, the largest pieces': await run(input, mapAndCollapse, input),
  });
}

async function failuresOf(work: Promise<unknown>): Promise<number> {
  try {
    await work;
    return 0;
  } catch {
    return 1;
  }
}

/** As the activities of a night do, so that eight calls are under way. Returns how many failed. */
async function summarizeAll(
  model: SummaryModel,
  all: readonly Conversation[],
  { readers }: { readers?: string },
): Promise<number> {
  const jobs = all.map((conversation): SummaryJob => ({ conversation, ...(readers ? { readers } : {}) }));
  const groups = Array.from({ length: Math.ceil(jobs.length / jobsAtOnce) }, (_, group) =>
    jobs.slice(group * jobsAtOnce, (group + 1) * jobsAtOnce),
  );
  const allowance = createAllowance(Infinity);
  const results = await pMap(groups, (group) => model.summarize(group, { allowance }), { concurrency });
  return results.flat().filter((result) => 'error' in result).length;
}

interface Figures {
  /** Of each round. */
  seconds: number[];
  failed: number;
  /** Of the last round. */
  traffic: Traffic;
}

async function measure({ endpoint, rounds }: Scene, run: () => Promise<number>): Promise<Figures> {
  const figures: Figures = { seconds: [], failed: 0, traffic: endpoint.take() };
  for (let round = 0; round < rounds; round += 1) {
    endpoint.take();
    const started = performance.now();
    figures.failed += await run();
    figures.seconds.push((performance.now() - started) / 1_000);
    figures.traffic = endpoint.take();
  }
  return figures;
}

function print(name: string, ours: Figures, theirs: Readonly<Record<string, Figures>>): void {
  console.log(`\n  ${name}; ${limit.requestsPerSecond} requests a second, ${latencyMilliseconds} ms each`);
  printTable(
    ['', 's', 'least – most', 'of Parley’s', 'failed', 'calls', 'refused', 'at once'],
    Object.entries({ Parley: ours, ...theirs }).map(([side, { seconds, failed, traffic }]) => [
      side,
      summarize(seconds).median.toFixed(1),
      `${summarize(seconds).least.toFixed(1)} – ${summarize(seconds).most.toFixed(1)}`,
      `${divide(seconds, ours.seconds).median.toFixed(2)}×`,
      String(failed),
      String(traffic.calls),
      String(traffic.refused),
      String(traffic.atOnce),
    ]),
  );
  const [[rival, { seconds }] = ['', ours]] = Object.entries(theirs);
  printRatio(rival, divide(seconds, ours.seconds), aim);
}
