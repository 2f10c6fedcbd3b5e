import type { ConversationKey, TranscriptEntry } from '../transcripts/entry.ts';

interface Options {
  signal?: AbortSignal;
}

/**
 * What was erased and must not come back with a late event, an import or a replay: HMACs under a secret, which tell nothing
 * to whoever reads them. Errors are those of the storage client.
 */
export interface Tombstones {
  /** Whether nothing is buried: then nothing needs to be looked up. */
  isEmpty(options?: Options): Promise<boolean>;
  /** Those of the entries that may be kept, in their order. */
  admit(
    conversation: ConversationKey,
    entries: readonly TranscriptEntry[],
    options?: Options,
  ): Promise<TranscriptEntry[]>;
  /** Whether something that happened `at` a time may be kept, asked before there is an entry; any member may be unknown. */
  admits(
    happening: { conversation?: ConversationKey; identities?: readonly string[]; at: string },
    options?: Options,
  ): Promise<boolean>;
  /** From now on nothing is kept that an identity did until then. */
  buryIdentities(identities: readonly string[], until: string): Promise<void>;
  /** From now on nothing is kept that happened in a conversation until then. */
  buryConversation(conversation: ConversationKey, until: string): Promise<void>;
  /** From now on these entries are kept no more: they stand there in another form. By their ids. */
  buryEntries(conversation: ConversationKey, entryIds: readonly string[]): Promise<void>;
  /**
   * From now on nothing is kept that belongs to these messages, however late it happens: edits, receipts, reactions,
   * attachments, analysis. None of these but the first need name the sender or the time of the message.
   */
  buryMessages(conversation: ConversationKey, messageIds: readonly string[]): Promise<void>;
}
