import { ParleyError } from '../../errors.ts';
import type { WriteOptions } from './carry-out-plan.ts';
import { makePackRequest } from './make-pack-request.ts';
import type { Plan } from './plan-writing.ts';
import { complete, readAnswer, type Written } from './read-answer.ts';
import { isAboutInput } from './take-notes.ts';

/**
 * One call about several conversations: what may be kept of the part of each, in order. Undefined where nothing may, or the
 * model will not answer, or there are too few tokens for all: then each is to be written about alone.
 */
export async function writeTogether(
  plans: readonly Plan[],
  options: WriteOptions,
): Promise<(Written | undefined)[]> {
  const { call, proofs } = makePackRequest(plans, options.model.window);
  try {
    const { value } = await options.model.call(call, options);
    return await Promise.all(
      plans.map(async (plan, index) => {
        const answer = value.summaries.find(({ conversation }) => conversation === index + 1);
        const proof = proofs[index];
        if (!answer || !proof) return undefined;
        const stretch = { from: 0, to: plan.writing.conversation.messages.length };
        const answered = { answer, material: { kind: 'messages' as const, stretch }, proof, plan };
        const checked = readAnswer(answered);
        return checked && complete(checked, answered, { ...options, leftOut: [] });
      }),
    );
  } catch (error) {
    const isSpent = error instanceof ParleyError && error.code === 'budget_spent';
    if (!isSpent && !isAboutInput(error)) throw error;
    return plans.map(() => undefined);
  }
}
