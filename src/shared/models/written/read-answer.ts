import { plainText } from '../../grounding/plain-text.ts';
import { extractSummary } from '../offline/offline-model.ts';
import type { SummaryContent } from '../summary-content.ts';
import type { SummaryAnswer, UpdateAnswer } from './answer-form.ts';
import { type CheckedAnswer, checkAnswer } from './check-answer.ts';
import { coverAll } from './covered.ts';
import type { Material } from './make-request.ts';
import { inOrder, type Note, notesOfSummary, proveNotes } from './notes.ts';
import type { LeftOut, Plan, WritingOptions } from './plan-writing.ts';
import type { Proof } from './proof.ts';
import type { WritingState } from './writing-state.ts';
import { writingVersion } from './writing-version.ts';

/** A summary, and what the next one goes on from. */
export interface Written {
  content: SummaryContent;
  state?: WritingState;
}

/** An answer, what it was made from, and what it is proven with. */
export interface Answered {
  answer: SummaryAnswer | UpdateAnswer;
  material: Material;
  proof: Proof;
  plan: Pick<Plan, 'job' | 'writing' | 'stands'>;
}

/** What is left of an answer once all of it is proven; undefined where that is no summary. */
export function readAnswer({ answer, material, proof, plan }: Answered): CheckedAnswer | undefined {
  const { job, writing } = plan;
  return checkAnswer(answer, {
    conversation: writing.conversation,
    proof,
    earlier: {
      items: job.earlier?.content.actionItems ?? [],
      ...(material.kind === 'earlier' ? { newFrom: material.stretch.from } : {}),
    },
    languages: writing.languages,
  });
}

/** The summary as it is stored. Where no headline of the model may be kept, it is that of an extract. */
export async function complete(
  checked: CheckedAnswer,
  answered: Answered,
  { leftOut, signal, ...options }: WritingOptions & { leftOut: LeftOut; signal?: AbortSignal },
): Promise<Written> {
  const { conversation } = answered.plan.writing;
  const headline = checked.headline ?? plainText((await extractSummary(conversation, { signal })).headline);
  const content = { ...checked, headline, ...(leftOut.length > 0 ? { leftOut } : {}) };
  return { content, state: await stateAfter(content, answered, options) };
}

async function stateAfter(
  content: SummaryContent,
  { answer, material, proof, plan: { job, writing, stands } }: Answered,
  options: WritingOptions,
): Promise<WritingState> {
  const fresh = 'newNotes' in answer ? proveNotes({ notes: answer.newNotes }, proof) : [];
  const before = (): readonly Note[] => {
    if (material.kind === 'messages') return notesOfSummary(content, writing.placeOf);
    return material.kind === 'notes' ? material.notes : (stands?.state.notes ?? []);
  };
  const isWhole = material.kind !== 'earlier' || !stands;
  return {
    version: writingVersion(options),
    covered: await coverAll(job.conversation),
    wholeAt: isWhole ? options.clock().toISOString() : stands.state.wholeAt,
    notes: inOrder([...before(), ...fresh]),
  };
}
