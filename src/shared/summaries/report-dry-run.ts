import { OrchestrationRuntimeStatus } from 'durable-functions';
import { isRunning, type Status } from '../durable/instances.ts';
import { ParleyError } from '../errors.ts';
import type { Usage } from '../models/language/allowance.ts';
import { type DryRunState, dryRunState, newDryRun } from './orchestrate-dry-run.ts';

/** What stands behind a date in the name of its dry run. */
export const dryRunSuffix = '-dry-run';

/** What `GET /api/summaries/runs/{night}-dry-run` answers: what the night would take at most. */
interface DryRunReport
  extends Pick<DryRunState, 'conversations' | 'calls' | 'inputTokens' | 'outputTokens' | 'failed'> {
  night: string;
  dryRun: true;
  state: 'running' | 'completed' | 'failed';
  /** Conversations that a night would look at, those among them that need no call included. */
  found: number;
  /** US dollars, where the price of the model is known. */
  cost?: number;
  /** Tokens that a run may spend, where there is a limit: what is beyond it is postponed. */
  tokensPerRun?: number;
  reason?: string;
}

interface Options {
  budget?: number;
  costOf?: (usage: Usage) => number | undefined;
}

/** Throws `not_found` where there was none. */
export function reportDryRun(
  night: string,
  status: Status | undefined,
  { budget, costOf }: Options,
): DryRunReport {
  if (!status) {
    throw new ParleyError(
      'not_found',
      `There was no dry run for ${night}. POST /api/summaries/runs with "dryRun": true starts one.`,
    );
  }
  const told = [status.output, status.customStatus, status.input].map(
    (value) => dryRunState.safeParse(value).data,
  );
  const state = told.find((value) => value !== undefined) ?? newDryRun(night);
  const { run, conversations, calls, inputTokens, outputTokens, failed } = state;
  const { batchInputTokens, batchOutputTokens } = state;
  const usage = { calls, inputTokens, outputTokens, batchInputTokens, batchOutputTokens };
  const cost = calls > 0 ? costOf?.(usage) : undefined;
  const hasCompleted = status.runtimeStatus === OrchestrationRuntimeStatus.Completed;
  const hasFailed = !hasCompleted && !isRunning(status);
  return {
    night,
    dryRun: true,
    state: hasCompleted ? 'completed' : hasFailed ? 'failed' : 'running',
    found: run?.found ?? 0,
    conversations,
    calls,
    inputTokens,
    outputTokens,
    failed,
    ...(cost === undefined ? {} : { cost }),
    ...(budget === undefined ? {} : { tokensPerRun: budget }),
    ...(hasFailed ? { reason: String(status.output).slice(0, 500) } : {}),
  };
}
