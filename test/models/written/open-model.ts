import type { TestContext } from 'node:test';
import { createAllowance, type Usage } from '../../../src/shared/models/language/allowance.ts';
import { openLanguageModel } from '../../../src/shared/models/language/open-language-model.ts';
import type { SummaryContent } from '../../../src/shared/models/summary-content.ts';
import type { SummaryJob, SummaryModel, SummaryResult } from '../../../src/shared/models/summary-model.ts';
import type { WritingOptions } from '../../../src/shared/models/written/plan-writing.ts';
import type { WritingState } from '../../../src/shared/models/written/writing-state.ts';
import { createWrittenModel } from '../../../src/shared/models/written/written-model.ts';
import { readSettings } from '../../../src/shared/settings.ts';
import { type ModelReply, type ModelRequest, startModelEndpoint } from '../../support/model-endpoint.ts';

interface Setup extends Partial<Omit<WritingOptions, 'model'>> {
  reply: (request: ModelRequest, count: number) => ModelReply;
  /** Tokens of input and output, and of output. */
  window?: [tokens: number, outputTokens: number];
}

/** The written model before an endpoint that answers what a test says; closed when the test ends. */
export async function openModel(test: TestContext, { reply, window, ...options }: Setup) {
  const endpoint = await startModelEndpoint(reply);
  test.after(() => endpoint.close());
  const [tokens, outputTokens] = window ?? [128_000, 4_000];
  const settings = readSettings({
    AzureWebJobsStorage: 'UseDevelopmentStorage=true',
    ...endpoint.environment,
    MODEL_CONTEXT_TOKENS: String(tokens),
    MODEL_OUTPUT_TOKENS: String(outputTokens),
  });
  const languageModel = openLanguageModel(settings.model);
  if (!languageModel) throw new Error('the settings name no model');
  const model = createWrittenModel({
    model: languageModel,
    timeZone: 'Europe/Berlin',
    clock: () => new Date('2026-03-20T02:00:00Z'),
    ...options,
  });
  return { model, languageModel, requests: endpoint.requests };
}

export const summarize = async (
  model: SummaryModel,
  jobs: readonly SummaryJob[],
  tokens = Number.POSITIVE_INFINITY,
): Promise<SummaryResult[]> => model.summarize(jobs, { allowance: createAllowance(tokens) });

/** The result of one job that is to be written. */
export async function write(
  model: SummaryModel,
  job: SummaryJob,
): Promise<{ content: SummaryContent; state: WritingState; usage: Usage }> {
  const [result] = await summarize(model, [job]);
  if (!result || 'error' in result) throw result?.error;
  if (!result.state) throw new Error('a written summary keeps a state');
  return { content: result.content, state: result.state, usage: result.usage };
}
