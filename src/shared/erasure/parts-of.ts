import type { Tombstones } from '../tombstones/tombstones.ts';
import { conversationPath } from '../transcripts/conversation-path.ts';
import type { ConversationKey } from '../transcripts/entry.ts';
import type { Together } from '../transcripts/read-together.ts';
import type { TranscriptStore } from '../transcripts/store.ts';
import { identitiesIn, staffIn } from './identities-in.ts';

interface Options {
  signal: AbortSignal;
}

/** All conversations that are one with this one; that under which it goes on first. */
export async function partsOf(
  { channel, id }: ConversationKey,
  together: Together,
  options: Partial<Options>,
): Promise<ConversationKey[]> {
  const ids = await together({ channel, id }, options);
  return [...new Set([...ids, id])].map((part) => ({ channel, id: part }));
}

/** Whether anything of a conversation is stored: of several parts any may be left. */
export async function isThere(
  key: ConversationKey,
  { together, transcripts }: { together: Together; transcripts: Pick<TranscriptStore, 'has'> },
  options: Partial<Options> = {},
): Promise<boolean> {
  for (const part of await partsOf(key, together, options)) {
    if (await transcripts.has(part, options)) return true;
  }
  return false;
}

/** Everybody who is named in any of these conversations. */
export async function identitiesOfAll(
  parts: readonly ConversationKey[],
  transcripts: Pick<TranscriptStore, 'readEntries'>,
  { signal }: Options,
): Promise<Set<string>> {
  const identities = new Set<string>();
  for (const part of parts) {
    await transcripts.readEntries(
      conversationPath(part),
      (entry) => {
        for (const identity of [...identitiesIn(entry), ...staffIn(entry)]) identities.add(identity);
      },
      { signal },
    );
  }
  return identities;
}

interface Dependencies {
  tombstones: Pick<Tombstones, 'buryConversation' | 'buryMessages'>;
  transcripts: Pick<TranscriptStore, 'readEntries'>;
}

/**
 * Buries a conversation, whole: what happened in it until then does not come back. Nor does what is told of its messages
 * later, such as that one was delivered, which would begin the conversation anew. Of mail each message counts as a
 * conversation, too, because nothing will tell any more which thread a mail belongs to.
 */
export async function buryWhole(
  parts: readonly ConversationKey[],
  until: string,
  { tombstones, transcripts }: Dependencies,
  { signal }: Options,
): Promise<void> {
  for (const part of parts) {
    const messages = new Set<string>();
    await transcripts.readEntries(
      conversationPath(part),
      (entry) => {
        if ('messageId' in entry && entry.messageId !== undefined) messages.add(entry.messageId);
      },
      { signal },
    );
    const ids = new Set([part.id, ...(part.channel === 'email' ? messages : [])]);
    for (const id of ids) await tombstones.buryConversation({ ...part, id }, until);
    if (messages.size > 0) await tombstones.buryMessages(part, [...messages]);
  }
}
