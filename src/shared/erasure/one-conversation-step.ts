import { addAll, type EraseConversation } from './erase-conversation.ts';
import type { ErasureFiles } from './erasure-files.ts';
import { readHolds } from './held-back.ts';
import { identitiesOfAll } from './parts-of.ts';
import type { Step } from './run-erasure.ts';
import type { TouchDependencies } from './touch-batch.ts';

interface Dependencies extends Pick<TouchDependencies, 'transcripts' | 'holds' | 'directory'> {
  files: ErasureFiles;
  eraseConversation: EraseConversation;
}

/** Makes the step that removes the one conversation that an erasure is about, unless a hold came since it began. */
export function createOneConversationStep(dependencies: Dependencies): Step {
  const { files, transcripts, eraseConversation } = dependencies;
  return async function eraseOne(state, { signal }) {
    const batch = await files.readBatch(state.id, 0);
    const [planned] = batch?.conversations ?? [];
    if (!planned) return { ...state, step: 'finish' };
    const { parts } = planned;
    const isHeld = await readHolds(dependencies, { signal });
    if (await isHeld(parts, () => identitiesOfAll(parts, transcripts, { signal }))) {
      return { ...state, conversations: { ...state.conversations, held: 1 }, step: 'finish' };
    }
    const removed = await eraseConversation(parts, { signal });
    return { ...state, removed: addAll(state.removed, removed), batches: 1, step: 'stores' };
  };
}
