import { ParleyError } from '../errors.ts';
import { type Allowance, addUsage, noUsage, type Usage } from '../models/language/allowance.ts';
import type { SummaryJob, SummaryModel, SummaryResult } from '../models/summary-model.ts';

/**
 * With fewer tokens left than this, one conversation at a time: what an endpoint uses beyond what was put aside for a call
 * is then known before the next one.
 */
export const fewTokens = 50_000;

export interface Within {
  allowance: Allowance;
  signal?: AbortSignal;
  /** Whether there is no time to begin another conversation; never, where it is absent. */
  isLate?: () => boolean;
}

/** What became of a job: a result, or that there was no time, or not tokens enough, of which it needs `tokens` at most. */
export type Written = { usage: Usage } & (
  | Exclude<SummaryResult, { error: unknown }>
  | { error: unknown }
  | { isLate: true }
  | { isPostponed: true; tokens?: number }
);

/**
 * Hands jobs to a model, together where it may be and as far as tokens and time go. What others did not use of what was put
 * aside for them goes to those that had to wait. Throws only when `signal` ends it.
 */
export async function summarizeWithin(
  jobs: readonly SummaryJob[],
  model: SummaryModel,
  { allowance, signal, isLate = () => false }: Within,
): Promise<Written[]> {
  const isCapped = allowance.left !== Infinity;
  const isTight = allowance.left < fewTokens;
  const needs = isCapped ? await estimateEach(jobs, model, isTight) : [];
  const written = jobs.map((): Written => ({ usage: noUsage, isLate: true }));
  const refused: number[] = [];
  let open = jobs.map((_, place) => place);
  for (let round = 0; open.length > 0 && (round === 0 || !isLate()); round += 1) {
    const chosen = isCapped ? affordable(open, needs, allowance.left) : open;
    if (chosen.length === 0) break;
    const results = await callModel(
      chosen.map((place) => jobs[place] as SummaryJob),
      model,
      { allowance: chosen.length > 1 ? timely(allowance, isLate) : allowance, signal },
    );
    for (const [turn, place] of chosen.entries()) {
      const result = results[turn] ?? { usage: noUsage, error: new Error('the model answered nothing') };
      const usage = addUsage(written[place]?.usage ?? noUsage, result.usage);
      written[place] = isBudgetSpent(result) ? { usage, isLate: true } : { ...result, usage };
    }
    const settled = chosen.filter((_, turn) => !isBudgetSpent(results[turn]));
    // Where none of them had enough, others that need less may.
    if (settled.length === 0) refused.push(...chosen);
    const closed = new Set(settled.length === 0 ? chosen : settled);
    open = open.filter((place) => !closed.has(place));
  }
  // Only who had the time and not the tokens waits for another night.
  if (isLate()) return written;
  for (const place of [...open, ...refused]) {
    const tokens = needs[place];
    written[place] = {
      usage: written[place]?.usage ?? noUsage,
      isPostponed: true,
      ...(tokens === undefined ? {} : { tokens }),
    };
  }
  return written;
}

/** Of those open, in their order, as many as may be begun at once; one alone where little is left. */
function affordable(open: readonly number[], needs: readonly (number | undefined)[], left: number): number[] {
  let rest = left;
  const chosen = open.filter((place) => {
    const need = needs[place] ?? 1;
    if (need > rest) return false;
    rest -= need;
    return true;
  });
  return left < fewTokens ? chosen.slice(0, 1) : chosen;
}

/** Undefined for what cannot be told; whoever reserves finds out. */
async function estimateEach(
  jobs: readonly SummaryJob[],
  model: SummaryModel,
  isAlone: boolean,
): Promise<(number | undefined)[]> {
  const estimate = async (some: readonly SummaryJob[]): Promise<(number | undefined)[]> => {
    try {
      const estimates = await model.estimate(some);
      return estimates.map(({ inputTokens, outputTokens }) => inputTokens + outputTokens);
    } catch {
      return some.map(() => undefined);
    }
  };
  if (!isAlone) return estimate(jobs);
  const needs: (number | undefined)[] = [];
  for (const job of jobs) needs.push(...(await estimate([job])));
  return needs;
}

async function callModel(
  jobs: readonly SummaryJob[],
  model: SummaryModel,
  options: { allowance: Allowance; signal?: AbortSignal },
): Promise<SummaryResult[]> {
  try {
    return await model.summarize(jobs, options);
  } catch (error) {
    options.signal?.throwIfAborted();
    return jobs.map(() => ({ usage: noUsage, error }));
  }
}

/** The same allowance, of which nothing is to be had when it is late. */
function timely(allowance: Allowance, isLate: () => boolean): Allowance {
  return {
    get left() {
      return allowance.left;
    },
    get used() {
      return allowance.used;
    },
    get settlement() {
      return isLate() ? undefined : allowance.settlement;
    },
    reserve: (tokens) => (isLate() ? undefined : allowance.reserve(tokens)),
  };
}

function isBudgetSpent(result: SummaryResult | undefined): boolean {
  return (
    result !== undefined &&
    'error' in result &&
    result.error instanceof ParleyError &&
    result.error.code === 'budget_spent'
  );
}
