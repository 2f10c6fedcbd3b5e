import type { Conversation } from '../transcripts/conversation.ts';
import type { Allowance, Usage } from './language/allowance.ts';
import type { SummaryContent } from './summary-content.ts';
import type { WritingState } from './written/writing-state.ts';

/** A conversation to be summarized; it has messages. */
export interface SummaryJob {
  conversation: Conversation;
  /** The summary that there is, to go on from. Its text is a model's, about what strangers wrote: never trusted. */
  earlier?: { content: SummaryContent; state: WritingState };
  /** Who may read all of it, as one string: only jobs with the same may share a call. Absent: none may. */
  readers?: string;
}

/** What became of a job, and what its calls used. */
export type SummaryResult = { usage: Usage } & (
  | { content: SummaryContent; state?: WritingState }
  | { error: unknown }
);

/** The port behind which every way of summarizing stands: offline extraction, and language models. */
export interface SummaryModel {
  /** `extract` quotes the conversation; `model` writes about it. */
  readonly method: 'extract' | 'model';
  /** Which model, for people: `offline`, or the name of a deployment. */
  readonly name: string;
  /** What `summarize` would use of each job's calls, without making any: input as it would be, output at its highest. */
  estimate(jobs: readonly SummaryJob[]): Promise<Usage[]>;
  /**
   * One result for each job, in their order. A job that fails is its result and costs no other one; one for which the
   * allowance has not enough left fails with `budget_spent`. Throws only when `signal` ends it.
   */
  summarize(
    jobs: readonly SummaryJob[],
    options: { allowance: Allowance; signal?: AbortSignal },
  ): Promise<SummaryResult[]>;
}
