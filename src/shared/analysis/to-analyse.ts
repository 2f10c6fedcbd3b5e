import type { ConversationKey, TranscriptEntry } from '../transcripts/entry.ts';
import type { AnalysisOrder } from './analysis-order.ts';

/** An order, before it is put on the queue. */
export type ToAnalyse = Omit<AnalysisOrder, 'at'>;

interface Addition {
  conversation: ConversationKey;
  entries: readonly TranscriptEntry[];
  /** It holds what waits for messages that may have come elsewhere by now. */
  isAstray?: boolean;
}

/**
 * What additions give reason to: conversations that got messages or edits that we did not send are to be analysed, with
 * `isAnalysing`; and in any case, what waits for its message is to be brought to it.
 */
export function toAnalyse(
  additions: readonly Addition[],
  { isAnalysing }: { isAnalysing: boolean },
): ToAnalyse[] {
  return additions.flatMap(({ conversation: { channel, id }, entries, isAstray = false }): ToAnalyse[] => {
    if (isAnalysing && entries.some(isTheirs)) return [{ channel, id }];
    return isAstray ? [{ channel, id, isForStrays: true }] : [];
  });
}

function isTheirs(entry: TranscriptEntry): boolean {
  return (entry.kind === 'message' || entry.kind === 'edit') && entry.sentBy === undefined;
}
