import { connectBatches } from '../../src/shared/models/language/batch/connect-batches.ts';
import { openLanguageModel } from '../../src/shared/models/language/open-language-model.ts';
import { costOf } from '../../src/shared/models/language/prices.ts';
import { createWrittenModel } from '../../src/shared/models/written/written-model.ts';
import { readSettings } from '../../src/shared/settings.ts';
import type { Container } from '../../src/shared/storage/container.ts';
import { openBatchFiles } from '../../src/shared/summaries/batch-files.ts';
import { createBatchNight } from '../../src/shared/summaries/batch-night.ts';
import type { PassDependencies } from '../../src/shared/summaries/batch-pass.ts';
import { openDigests } from '../../src/shared/summaries/digest.ts';
import { createNight } from '../../src/shared/summaries/night.ts';
import { openNightFiles } from '../../src/shared/summaries/night-files.ts';
import { renderDigest } from '../../src/shared/summaries/render-digest.ts';
import { openSummaries } from '../../src/shared/summaries/store.ts';
import { openTranscripts } from '../../src/shared/transcripts/store.ts';
import {
  type BatchEndpointStandIn,
  type BatchLine,
  linesOf,
  startBatchEndpoint,
} from '../support/batch-endpoint.ts';
import { writeAnswer } from '../support/write-answer.ts';

export type Reply = { status_code: number; body: unknown } | undefined;

export const wellAnswered = (body: Record<string, unknown>): Exclude<Reply, undefined> => {
  const { instructions, input } = textsIn(body);
  return completion(writeAnswer({ body, instructions, input }));
};

export const completion = (content: string | null, more: Record<string, unknown> = {}) => ({
  status_code: 200,
  body: {
    choices: [{ message: { role: 'assistant', content, ...more }, finish_reason: 'stop' }],
    usage: { prompt_tokens: 500, completion_tokens: 100 },
  },
});

function textsIn({ messages }: Record<string, unknown>): { instructions: string; input: string } {
  const [system, user] = (Array.isArray(messages) ? messages : []).map(({ content }) => String(content));
  return { instructions: system ?? '', input: user ?? '' };
}

/** The order that a request speaks of. */
export const nameIn = (body: Record<string, unknown>): string =>
  /order called (\S+?)\./.exec(textsIn(body).input)?.[1] ?? 'none';

/** What was asked, whichever way: the deployment, and what is asked to be mended, left out. */
const asked = ({ messages }: Record<string, unknown>): string =>
  JSON.stringify(Array.isArray(messages) ? messages.slice(0, 2) : []);

/** An endpoint with batches and chat completions, and what went over it. */
export async function startBothWays({
  answer = ({ body }: BatchLine): Reply => wellAnswered(body),
  live = wellAnswered as (body: Record<string, unknown>) => Exclude<Reply, undefined>,
} = {}) {
  const uploaded = new Map<string, BatchLine>();
  const calls: Record<string, unknown>[] = [];
  const answered = new Set<string>();
  const endpoint: BatchEndpointStandIn = await startBatchEndpoint({
    answer(line) {
      uploaded.set(line.custom_id, line);
      const reply = answer(line);
      if (reply?.status_code === 200) answered.add(asked(line.body));
      return reply;
    },
    live(_, text, response) {
      const body = JSON.parse(text);
      calls.push(body);
      const reply = live(body);
      response.writeHead(reply.status_code, { 'content-type': 'application/json' });
      response.end(JSON.stringify(reply.body));
    },
  });
  return {
    endpoint,
    calls,
    uploaded,
    /** Live calls that had been answered in a batch; a third message asks to mend it. */
    askedTwice: () =>
      calls.filter(
        (body) => answered.has(asked(body)) && Array.isArray(body.messages) && body.messages.length === 2,
      ),
    settleAll(status?: Parameters<BatchEndpointStandIn['settle']>[1]) {
      for (const { id, status: now } of endpoint.batches.values())
        if (now === 'in_progress') endpoint.settle(id, status);
    },
    linesOf: (batch: string) =>
      linesOf(endpoint.files.get(endpoint.batches.get(batch)?.input_file_id ?? '')?.text ?? ''),
  };
}

export type Blobs = Record<'transcripts' | 'summaries' | 'runs' | 'digests', Container>;

interface Options {
  blobs: Blobs;
  baseUrl: string;
  clock?: () => Date;
  environment?: Record<string, string>;
}

/** A night with batches as the app puts it together. */
export function openBatchNight({ blobs, baseUrl, clock = () => new Date(), environment = {} }: Options) {
  const settings = readSettings({
    OPENAI_BASE_URL: baseUrl,
    OPENAI_API_KEY: 'fake',
    OPENAI_MODEL: 'stand-in',
    OPENAI_MODEL_BATCH: 'stand-in-batch',
    SUMMARY_MODE: 'batch',
    MODEL_OUTPUT_TOKENS: '1000',
    MODEL_PRICES: '{"stand-in":{"input":2,"output":8},"stand-in-batch":{"input":1,"output":4}}',
    ...environment,
  });
  const { endpoint, deployments, prices } = settings.model;
  const languageModel = openLanguageModel(settings.model);
  if (!languageModel || !endpoint) throw new Error('The settings name no model.');
  const createModel: PassDependencies['createModel'] = (model, repeat) =>
    createWrittenModel({ model, timeZone: settings.timeZone, ...repeat });
  const model = createModel(languageModel, { clock });
  const files = openNightFiles(blobs.runs);
  const batchFiles = openBatchFiles(blobs.runs);
  const batches = connectBatches(endpoint);
  const batchNight = createBatchNight({ files, batchFiles, batches, clock });
  const transcripts = openTranscripts(blobs.transcripts, { segmentBytes: 64 * 1024 ** 2 });
  const summaries = openSummaries(blobs.summaries);
  const digests = openDigests(blobs.digests, renderDigest);
  const night = createNight({
    transcripts,
    summaries,
    summaryBlobs: blobs.summaries,
    files,
    digests,
    model,
    batch: { batchFiles, languageModel, createModel },
    batches: batchNight,
    costOf: (usage) => costOf(usage, model.name, prices, deployments.batch),
    clock,
  });
  return { night: { ...night, batches: batchNight }, summaries, digests, transcripts, batches, settings };
}
