import type { Access } from '../security/access.ts';
import type { KnownCaller } from '../security/for-caller.ts';
import { see } from '../security/sight.ts';
import { isForAllOf } from '../security/summary-for.ts';
import type { SummaryStore } from '../summaries/store.ts';
import type { Summary } from '../summaries/summary.ts';
import type { ConversationKey } from '../transcripts/entry.ts';
import type { TranscriptStore } from '../transcripts/store.ts';

export interface ReadWholeParts {
  summaries: Pick<SummaryStore, 'get'>;
  transcripts: Pick<TranscriptStore, 'read'>;
  access: Access;
}

/** The stored summary of a conversation, for whoever may see every message that it was made from; else undefined. */
export async function readWhole(
  caller: KnownCaller,
  { path, conversation }: { path: string; conversation: ConversationKey },
  { summaries, transcripts, access }: ReadWholeParts,
): Promise<Summary | undefined> {
  if (caller.kind === 'operator') return (await summaries.get(path))?.summary;
  const sight = await access.sightOf(caller, conversation);
  const transcript = sight === 'nothing' ? undefined : await transcripts.read(path);
  const seen = transcript && see(transcript.conversation, sight);
  const summary = seen && (await summaries.get(path))?.summary;
  return summary && isForAllOf(summary, { sight, transcript, seen }) ? summary : undefined;
}
