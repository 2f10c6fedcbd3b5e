import type { ProviderErasure } from '../channels/eraser-at-provider.ts';
import { conversationPath } from '../transcripts/conversation-path.ts';
import type { ConversationKey, TranscriptEntry } from '../transcripts/entry.ts';
import type { TranscriptStore } from '../transcripts/store.ts';
import type { ErasureFiles } from './erasure-files.ts';
import type { ErasureState } from './erasure-state.ts';
import { type HeldDependencies, readHolds } from './held-back.ts';
import { identitiesOfAll } from './parts-of.ts';

export interface PlanDependencies extends HeldDependencies {
  files: ErasureFiles;
  transcripts: Pick<TranscriptStore, 'list' | 'readEntries'>;
}

/**
 * What is to go at the provider of a channel: of a person what they wrote, of a conversation all of it. What a hold is on
 * stays there as well, and so does whoever wrote it.
 */
export async function planAtProvider(
  state: ErasureState,
  channel: string,
  dependencies: PlanDependencies,
  { signal }: { signal: AbortSignal },
): Promise<ProviderErasure> {
  const { files, transcripts } = dependencies;
  const { identities } = await files.readTraces(state.id);
  const theirs = new Set(identities);
  const isHeld = await readHolds(dependencies, { signal });
  const messages = new Map<string, ProviderErasure['messages'][number]>();
  let held = 0;
  for await (const key of conversationsOf(state, channel, dependencies)) {
    if (await isHeld([key], () => identitiesOfAll([key], transcripts, { signal }))) {
      held += 1;
      continue;
    }
    const take = (entry: TranscriptEntry): void => {
      if (entry.kind !== 'message' && entry.kind !== 'edit') return;
      const { messageId, sender } = entry;
      if (state.kind === 'person' && !theirs.has(sender.id)) return;
      messages.set(`${key.id} ${messageId}`, { conversation: key.id, messageId, sender: sender.id });
    };
    await transcripts.readEntries(conversationPath(key), take, { signal });
  }
  return { identities: held > 0 ? [] : identities, messages: [...messages.values()] };
}

async function* conversationsOf(
  state: ErasureState,
  channel: string,
  { files, transcripts }: PlanDependencies,
): AsyncGenerator<ConversationKey> {
  if (state.kind === 'conversation') {
    const { conversations } = await files.touched(state.id, 1);
    yield* conversations.filter((each) => each.channel === channel);
    return;
  }
  const { conversations: paths } = await files.readFound(state.id);
  for (const path of paths.filter((each) => each.startsWith(`${channel}/`))) {
    for await (const { key } of transcripts.list({ path })) yield key;
  }
}
