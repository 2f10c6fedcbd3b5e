import { partsOfUsage, type Usage } from '../language/allowance.ts';
import type { LanguageModel } from '../language/language-model.ts';
import { summaryOutput } from './make-request.ts';
import type { Plan } from './plan-writing.ts';

/** Conversations of one call have so many tokens together: more costs quality, fewer costs instructions. */
const mostTokens = 3_000;
/** One that has more of them is written about alone. */
const mostOfOne = 1_500;
/** What the answer about a short conversation may take. */
const answerTokens = 400;
const mostTogether = 12;

/**
 * Which jobs share a call: short ones that are made from messages alone and that the same people may read. Each is in
 * exactly one group.
 */
export function packPlans(plans: readonly Plan[], window: LanguageModel['window']): Plan[][] {
  const most = Math.min(mostTogether, Math.floor(packOutput(window) / answerTokens));
  const groups: Plan[][] = [];
  const open = new Map<string, { group: Plan[]; tokens: number }>();
  for (const plan of plans) {
    const { readers } = plan.job;
    if (readers === undefined || !mayShare(plan)) {
      groups.push([plan]);
      continue;
    }
    const tokens = dataOf(plan);
    const pack = open.get(readers);
    const limit = Math.min(mostTokens, plan.sizes.room.messages + summaryOutput(window) - packOutput(window));
    if (pack && pack.group.length < most && pack.tokens + tokens <= limit) {
      pack.group.push(plan);
      pack.tokens += tokens;
    } else {
      const group = [plan];
      groups.push(group);
      open.set(readers, { group, tokens });
    }
  }
  return groups;
}

const mayShare = (plan: Plan): boolean =>
  plan.way === 'one' &&
  plan.material.kind === 'messages' &&
  plan.leftOut.length === 0 &&
  dataOf(plan) <= mostOfOne;

/** Tokens of its messages and people. */
const dataOf = ({ estimate, sizes }: Plan): number =>
  estimate.inputTokens - sizes.fixed.messages + headTokens;
/** Topic, people and the line between two conversations; they are in what is fixed where there is one. */
const headTokens = 60;

/** The most that the answer about several may have. */
export const packOutput = ({ tokens, outputTokens }: LanguageModel['window']): number =>
  Math.min(outputTokens, Math.floor(tokens / 2));

/** What each job of a shared call uses at most; the first counts the call. */
export function shareOf(plans: readonly Plan[], window: LanguageModel['window']): Usage[] {
  const fixed = plans[0]?.sizes.fixed.messages ?? 0;
  return plans.map((plan, index) => ({
    calls: index === 0 ? 1 : 0,
    inputTokens: dataOf(plan) + Math.ceil(fixed / plans.length),
    outputTokens: Math.ceil(packOutput(window) / plans.length),
  }));
}

/** A use of several, in equal parts. */
export function divide(usage: Usage, parts: number): Usage[] {
  const part = (whole: number, index: number): number =>
    Math.floor(whole / parts) + (index < whole % parts ? 1 : 0);
  return Array.from({ length: parts }, (_, index) => {
    const { calls, inputTokens, outputTokens } = usage;
    const share: Usage = {
      calls: part(calls, index),
      inputTokens: part(inputTokens, index),
      outputTokens: part(outputTokens, index),
    };
    for (const name of partsOfUsage) {
      const tokens = part(usage[name] ?? 0, index);
      if (tokens > 0) share[name] = tokens;
    }
    return share;
  });
}
