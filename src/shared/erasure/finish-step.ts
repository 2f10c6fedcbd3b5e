import type { Directory } from '../people/directory.ts';
import { conversationPath } from '../transcripts/conversation-path.ts';
import type { ErasureFiles } from './erasure-files.ts';
import type { ErasureState } from './erasure-state.ts';
import type { Step } from './run-erasure.ts';
import { tellRemains } from './tell-remains.ts';

interface Dependencies {
  files: ErasureFiles;
  directory: Pick<Directory, 'remove'>;
  clock: () => Date;
}

/** Under which name there is one erasure of a person or a conversation at a time. */
export function subjectOf({ person, conversation }: Pick<ErasureState, 'person' | 'conversation'>): string {
  if (person !== undefined) return `people/${person}`;
  const { channel = '', id = '' } = conversation ?? {};
  return `conversations/${conversationPath({ channel, id })}`;
}

/** Makes the last step: what is left is a receipt that tells nobody whom it is about. */
export function createFinishStep({ files, directory, clock }: Dependencies): Step {
  return async function finish(state) {
    const { held } = state.conversations;
    if (state.person !== undefined && held === 0) await directory.remove(state.person);
    const { erased, redacted } = await files.touched(state.id, state.batches);
    await files.removeAll(state.id);
    await files.release(subjectOf(state), state.id);
    const { position: _, open: __, settle: ___, conversation, ...left } = state;
    const told = { ...left, conversations: { erased, redacted, held } };
    return {
      ...told,
      ...(conversation ? { conversation: { channel: conversation.channel } } : {}),
      remains: tellRemains(told),
      state: 'completed',
      endedAt: clock().toISOString(),
    };
  };
}
