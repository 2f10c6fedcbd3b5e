import { addUsage, noUsage, type Usage } from '../language/allowance.ts';
import type { SummaryJob, SummaryModel, SummaryResult } from '../summary-model.ts';
import { carryOutPlan, type WriteOptions } from './carry-out-plan.ts';
import { divide, packPlans, shareOf } from './pack-plans.ts';
import { type Plan, planWriting, type WritingOptions } from './plan-writing.ts';
import { meterOf } from './set-aside.ts';
import { writeTogether } from './write-together.ts';

/** Summarizes with a language model: see docs/decisions/0022. */
export function createWrittenModel(options: WritingOptions): SummaryModel {
  const { model } = options;
  /** Whoever estimates a job summarizes it next: counting its tokens is most of the work that is done here. */
  const planned = new WeakMap<SummaryJob, Plan>();
  const planOf = async (job: SummaryJob, signal?: AbortSignal): Promise<Plan> => {
    const plan = planned.get(job) ?? (await planWriting(job, options, signal));
    planned.set(job, plan);
    return plan;
  };
  return {
    method: 'model',
    name: model.nameFor('summary'),
    async estimate(jobs) {
      const plans: Plan[] = [];
      for (const job of jobs) plans.push(await planOf(job));
      const usages = new Map<Plan, Usage>(plans.map((plan) => [plan, plan.estimate]));
      for (const group of packPlans(plans, model.window)) {
        if (group.length === 1) continue;
        for (const [index, usage] of shareOf(group, model.window).entries()) {
          const plan = group[index];
          if (plan) usages.set(plan, usage);
        }
      }
      return plans.map((plan) => markBatch(usages.get(plan) ?? noUsage, plan, options));
    },
    async summarize(jobs, { allowance, signal }) {
      const results = new Map<number, SummaryResult>();
      const places = new Map<Plan, number>();
      for (const [place, job] of jobs.entries()) {
        try {
          places.set(await planOf(job, signal), place);
        } catch (error) {
          signal?.throwIfAborted();
          results.set(place, { error, usage: noUsage });
        }
      }
      const write = async (group: readonly Plan[]): Promise<void> => {
        const written = await writeGroup(group, { ...options, allowance, signal });
        for (const [index, plan] of group.entries()) {
          const result = written[index];
          const place = places.get(plan);
          if (result && place !== undefined) results.set(place, result);
        }
      };
      await Promise.all(packPlans([...places.keys()], model.window).map(write));
      return jobs.map((_, place) => results.get(place) ?? { error: new Error('no result'), usage: noUsage });
    },
  };
}

/** One result for each. What failed together is tried alone. */
async function writeGroup(group: readonly Plan[], options: WriteOptions): Promise<SummaryResult[]> {
  const [first] = group;
  if (first && group.length === 1) return [await writeAlone(first, options)];
  const meter = meterOf(options.allowance);
  try {
    const together = await writeTogether(group, { ...options, allowance: meter });
    const shares = divide(meter.used, group.length);
    return await Promise.all(
      group.map(async (plan, index): Promise<SummaryResult> => {
        const share = shares[index] ?? noUsage;
        const written = together[index];
        if (written) return { ...written, usage: share };
        const alone = await writeAlone(plan, options);
        return { ...alone, usage: addUsage(alone.usage, share) };
      }),
    );
  } catch (error) {
    options.signal?.throwIfAborted();
    return divide(meter.used, group.length).map((usage) => ({ error, usage }));
  }
}

async function writeAlone(plan: Plan, options: WriteOptions): Promise<SummaryResult> {
  const meter = meterOf(options.allowance);
  try {
    return { ...(await carryOutPlan(plan, { ...options, allowance: meter })), usage: meter.used };
  } catch (error) {
    options.signal?.throwIfAborted();
    return { error, usage: meter.used };
  }
}

/** What would go through a batch. */
function markBatch(usage: Usage, { way }: Plan, { secret }: WritingOptions): Usage {
  if (secret === undefined || way !== 'one') return usage;
  return { ...usage, batchInputTokens: usage.inputTokens, batchOutputTokens: usage.outputTokens };
}
