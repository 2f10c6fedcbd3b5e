import { createMatcher } from '../erasers/matcher.ts';
import { inBatches } from '../in-batches.ts';
import type { TranscriptStore } from '../transcripts/store.ts';
import type { ErasureFiles } from './erasure-files.ts';
import type { ErasureState } from './erasure-state.ts';
import type { Erased } from './look-through.ts';
import { type PlanDependencies, planBatch } from './plan-batch.ts';
import type { Step, StepContext } from './run-erasure.ts';
import { settleThen } from './settle.ts';
import { type TouchDependencies, touchBatch } from './touch-batch.ts';

interface Dependencies extends PlanDependencies, TouchDependencies {
  files: ErasureFiles;
  transcripts: Pick<TranscriptStore, 'list' | 'readEntries'>;
  settleSeconds: number;
  clock: () => Date;
}

const batchSize = 64;
/** What is read again after a crash. */
const saveMilliseconds = 5_000;
/** Somebody keeps writing about them: that it is not done is told. */
const mostPasses = 5;

/**
 * Makes the step that takes somebody out of all transcripts: pass after pass, until one finds nothing. A batch is written
 * down before any conversation in it is touched, because other stores are swept by that, and because a half-erased one
 * would be judged otherwise.
 */
export function createConversationsStep(dependencies: Dependencies): Step {
  const { files, transcripts, clock } = dependencies;

  return async function eraseFromConversations(begun, context) {
    const erased = await openErased(begun);
    let state = await carryOut(begun, erased, context);
    let savedAt = clock().getTime();
    for await (const batch of inBatches(transcripts.list({ after: state.position }), batchSize)) {
      const position = batch.at(-1)?.position;
      const { conversations, held } = await planBatch(batch, erased, dependencies, context);
      state = { ...state, conversations: { ...state.conversations, held: state.conversations.held + held } };
      if (conversations.length === 0) state = { ...state, position };
      else {
        await files.writeBatch(state.id, state.batches, { conversations, position });
        state = await carryOut(state, erased, context);
      }
      if (context.isTimeUp()) return state;
      if (clock().getTime() - savedAt < saveMilliseconds) continue;
      await context.save(state);
      savedAt = clock().getTime();
    }
    return endPass(state);
  };

  /** Does what the last batch says that was written down, where that was not done yet. */
  async function carryOut(state: ErasureState, erased: Erased, context: StepContext): Promise<ErasureState> {
    const batch = await files.readBatch(state.id, state.batches);
    if (!batch) return state;
    const touched = await touchBatch(batch, state, erased, dependencies, context);
    if (touched.batch.conversations.length < batch.conversations.length) {
      await files.writeBatch(state.id, state.batches, touched.batch);
    }
    const done = { ...touched.state, batches: state.batches + 1, position: batch.position };
    await context.save(done);
    return done;
  }

  function endPass({ position: _, ...state }: ErasureState): ErasureState {
    const pass = state.pass + 1;
    if (state.found === 0) return { ...state, step: 'stores', pass: 0 };
    if (pass === mostPasses) return { ...state, step: 'stores', pass: 0, isUnsettled: true };
    // What was buried in this pass, every process knows before the next one looks whether it came back.
    const conversations = { ...state.conversations, held: 0 };
    return settleThen('conversations', { ...state, pass, found: 0, conversations }, dependencies);
  }

  async function openErased({ id }: ErasureState): Promise<Erased> {
    const traces = await files.readTraces(id);
    return {
      identities: new Set(traces.identities),
      matcher: createMatcher(traces),
      conversations: new Set((await files.readFound(id)).conversations),
    };
  }
}
