import pMap from 'p-map';
import { groundsOf, type Support } from '../src/shared/grounding/grounds.ts';
import { addUsage, createAllowance, noUsage } from '../src/shared/models/language/allowance.ts';
import type { SummaryContent } from '../src/shared/models/summary-content.ts';
import type { SummaryModel, SummaryResult } from '../src/shared/models/summary-model.ts';
import type { Conversation } from '../src/shared/transcripts/conversation.ts';
import { averageRouge, type Rouge } from './count-rouge.ts';
import type { Candidate } from './open-configured-model.ts';
import type { Dialogue } from './parse-dialogues.ts';
import { bestRouge } from './rouge-table.ts';
import type { SummariesReport } from './summaries-report.ts';

interface Options extends Candidate {
  /** Dialogues at once, each by itself. */
  concurrency: number;
}

/** Summarizes each dialogue and tells how near it came to what people wrote, what it rests on and what it took. */
export async function measureSummaries(
  dialogues: readonly Dialogue[],
  { model, concurrency, costOf, sentencesWritten }: Options,
): Promise<SummariesReport> {
  const started = performance.now();
  const results = await pMap(dialogues, ({ conversation }) => summarize(conversation, model), {
    concurrency,
  });
  const seconds = (performance.now() - started) / 1_000;
  const each = dialogues.map((dialogue, index) => judge(dialogue, results[index]));
  const written = each.flatMap(({ supports }) => supports);
  const count = (support: Support): number => written.filter((one) => one === support).length;
  const sum = (pick: (one: Judgement) => number): number => each.reduce((total, one) => total + pick(one), 0);
  const usage = each.reduce((total, one) => addUsage(total, one.usage), noUsage);
  const rouges = each.flatMap(({ rouge }) => (rouge ? [rouge] : []));
  return {
    model: model.name,
    method: model.method,
    version: each.find(({ version }) => version !== null)?.version ?? null,
    dialogues: dialogues.length,
    rouge: averageRouge(rouges),
    leadRouge: averageRouge(dialogues.map(({ references, lead }) => bestRouge(references, lead))),
    sentences: {
      written: written.length,
      citedRightly: sum(({ citedRightly }) => citedRightly),
      supported: count('supported'),
      unsupported: count('unsupported'),
      foreign: count('foreign'),
      uncited: count('uncited'),
      marked: sum(({ marked }) => marked),
      dropped: sentencesWritten ? Math.max(0, sentencesWritten() - written.length) : null,
    },
    usage,
    dollars: costOf?.(usage) ?? null,
    failures: countFailures(each),
    seconds,
    each: each.map(({ id, rouge, usage, failure }) => ({ id, rouge, usage, failure })),
  };
}

async function summarize(conversation: Conversation, model: SummaryModel): Promise<SummaryResult> {
  const [result] = await model.summarize([{ conversation }], { allowance: createAllowance(Infinity) });
  return result ?? { error: new Error('the model answered nothing'), usage: noUsage };
}

interface Judgement extends Pick<SummariesReport['each'][number], 'id' | 'usage' | 'failure'> {
  rouge: Rouge | null;
  version: string | null;
  supports: Support[];
  citedRightly: number;
  marked: number;
}

function judge({ conversation, references }: Dialogue, result?: SummaryResult): Judgement {
  const nothing = { rouge: null, version: null, supports: [], citedRightly: 0, marked: 0 };
  const usage = result?.usage ?? noUsage;
  if (!result || 'error' in result) {
    return { ...nothing, id: conversation.id, usage, failure: codeOf(result?.error) };
  }
  const { summary } = result.content;
  const grounds = groundsOf(conversation);
  const ids = new Set(conversation.messages.map(({ id }) => id));
  return {
    id: conversation.id,
    usage,
    failure: null,
    rouge: bestRouge(references, textOf(result.content)),
    version: result.state?.version ?? null,
    supports: summary.map((sentence) => grounds.check(sentence)),
    citedRightly: summary.filter(({ cites }) => cites.length > 0 && cites.every((id) => ids.has(id))).length,
    marked: summary.filter(({ isUnsupported }) => isUnsupported).length,
  };
}

const textOf = ({ summary }: SummaryContent): string => summary.map(({ text }) => text).join(' ');

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string'
    ? error.code
    : 'summary_failed';
}

function countFailures(each: readonly Judgement[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { failure } of each) if (failure !== null) counts[failure] = (counts[failure] ?? 0) + 1;
  return counts;
}
