import { ParleyError } from '../../errors.ts';
import type { Allowance } from '../language/allowance.ts';
import { sumOf } from './cut-stretches.ts';
import { type Material, makeRequest } from './make-request.ts';
import type { Note } from './notes.ts';
import { type LeftOut, type Plan, stretchesOf, type WritingOptions } from './plan-writing.ts';
import { complete, readAnswer, type Written } from './read-answer.ts';
import { setAside } from './set-aside.ts';
import { condense, takeAllNotes } from './take-notes.ts';
import type { Stretch } from './write-lines.ts';

export type WriteOptions = WritingOptions & { allowance: Allowance; signal?: AbortSignal };

/** Below so many messages, a conversation that the model will not read is not cut. */
const fewestToCut = 8;

/** Writes one summary, by the calls that were planned. */
export async function carryOutPlan(plan: Plan, options: WriteOptions): Promise<Written> {
  if (plan.way === 'none') return { content: plan.stands.content, state: plan.stands.state };
  if (plan.way === 'notes') return writeFromNotes(plan, plan.stretches, plan.notes, options);
  try {
    return await writeFrom(plan.material, plan.leftOut, plan, options);
  } catch (error) {
    const { kind, stretch } = plan.material;
    const isLong = stretch.to - stretch.from >= fewestToCut;
    if (kind !== 'messages' || !isLong || !isRefusal(error)) throw error;
    // One message may be what it will not read: the others are not lost for it.
    const most = Math.ceil(sumOf(plan.writing.costs, stretch) / 4);
    const parts = stretchesOf(stretch, plan.writing, Math.min(most, plan.sizes.room.take));
    return writeFromNotes(plan, parts, [], options);
  }
}

const isRefusal = (error: unknown): boolean =>
  error instanceof ParleyError && /^model_(?:refused|filtered|input_too_large)$/.test(error.code);

/** All tokens are put aside first: half of a summary is none. */
async function writeFromNotes(
  plan: Plan,
  stretches: readonly Stretch[],
  kept: readonly Note[],
  options: WriteOptions,
): Promise<Written> {
  const { inputTokens, outputTokens } = plan.estimate;
  const aside = setAside(options.allowance, inputTokens + outputTokens);
  if (!aside) {
    throw new ParleyError('budget_spent', 'The tokens that are left do not suffice for this conversation.');
  }
  const task = { ...options, writing: plan.writing, sizes: plan.sizes, allowance: aside.allowance };
  try {
    const { notes, leftOut } = await takeAllNotes(stretches, task);
    const end = plan.writing.conversation.messages.length;
    const material: Material = {
      kind: 'notes',
      notes: await condense([...kept, ...notes], task),
      stretch: { from: end, to: end },
    };
    return await writeFrom(material, [...plan.leftOut, ...leftOut], plan, task);
  } finally {
    aside.settle();
  }
}

/** One call, and another where nothing of its answer can be kept. */
async function writeFrom(
  material: Material,
  leftOut: LeftOut,
  plan: Plan,
  options: WriteOptions,
): Promise<Written> {
  for (let tries = 0; tries < 2; tries += 1) {
    // What is asked again has to be asked otherwise.
    const isOnly = plan.way === 'one' && material === plan.material && tries === 0;
    const { call, proof } = makeRequest(material, plan.writing, options.model.window, { isOnly });
    const { value: answer } = await options.model.call(call, options);
    const answered = { answer, material, proof, plan };
    const checked = readAnswer(answered);
    if (checked) return complete(checked, answered, { ...options, leftOut });
  }
  throw new ParleyError(
    'model_answer_invalid',
    'The model wrote, twice, a summary of which no sentence rests on the conversation.',
  );
}
