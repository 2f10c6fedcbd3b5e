import { createAllowance } from '../models/language/allowance.ts';
import { createOfflineModel } from '../models/offline/offline-model.ts';
import type { SummaryModel } from '../models/summary-model.ts';
import { composeSummary, contentDigest } from '../summaries/compose.ts';
import type { SummaryStore } from '../summaries/store.ts';
import type { Summary } from '../summaries/summary.ts';
import type { Conversation } from '../transcripts/conversation.ts';
import { conversationPath } from '../transcripts/conversation-path.ts';
import type { ConversationKey } from '../transcripts/entry.ts';
import type { Transcript } from '../transcripts/read.ts';
import type { TranscriptStore } from '../transcripts/store.ts';
import type { Access } from './access.ts';
import type { PersonCaller } from './caller.ts';
import { type Sight, see } from './sight.ts';

interface Dependencies {
  access: Access;
  transcripts: Pick<TranscriptStore, 'read'>;
  summaries: Pick<SummaryStore, 'get'>;
  model: SummaryModel;
  /** The most that a summary for one reader may use of the model; 0 makes it an extract. */
  tokensPerView: number;
  clock: () => Date;
}

/** The summary of a conversation that a person may read; undefined where they see none of it. */
export type SummaryFor = (
  caller: PersonCaller,
  key: ConversationKey,
  options?: { signal?: AbortSignal; isExtractEnough?: boolean },
) => Promise<Summary | undefined>;

/**
 * The stored summary for whoever may see all that it was made from; for others one is made of what they see, and not kept:
 * what is kept for one reader would have to be forgotten for another.
 */
export function createSummaryFor({
  access,
  transcripts,
  summaries,
  model,
  tokensPerView,
  clock,
}: Dependencies): SummaryFor {
  const offline = createOfflineModel();

  return async function summaryFor(caller, key, { signal, isExtractEnough = false } = {}) {
    const sight = await access.sightOf(caller, key, { signal });
    if (sight === 'nothing') return undefined;
    const path = conversationPath(key);
    const transcript = await transcripts.read(path, { signal });
    const seen = transcript && see(transcript.conversation, sight);
    if (!seen) return undefined;
    const stored = (await summaries.get(path))?.summary;
    if (stored && isForAllOf(stored, { sight, transcript, seen })) return withoutCosts(stored);
    const written = isExtractEnough || tokensPerView === 0 ? undefined : await write(model, seen, signal);
    return written ?? (await write(offline, seen, signal));
  };

  async function write(
    by: SummaryModel,
    seen: Conversation,
    signal?: AbortSignal,
  ): Promise<Summary | undefined> {
    const [result] = await by.summarize([{ conversation: seen }], {
      allowance: createAllowance(by === offline ? Infinity : tokensPerView),
      signal,
    });
    if (!result || 'error' in result) return undefined;
    const { method, name } = by;
    return composeSummary(ofSeen(seen), result.content, { method, model: name, at: clock() });
  }
}

/** What it cost is for operators. */
function withoutCosts({ usage: _, cost: __, ...summary }: Summary): Summary {
  return summary;
}

/**
 * Whether a reader saw all that went into a stored summary: it is of the transcript as it stands, and that is all theirs; or they
 * were there from its first message to the moment when it was made, and nothing of that time was changed since for others.
 */
export function isForAllOf(
  { source, period, at: madeAt }: Summary,
  { sight, transcript, seen }: { sight: Sight; transcript: Transcript; seen: Conversation },
): boolean {
  const { conversation, version } = transcript;
  if (seen === conversation && source.version === version) return true;
  if (sight === 'all' || sight === 'nothing') return sight === 'all';
  const wasThere = sight.periods.some(
    ({ from, until }) => from <= period.from && (until === undefined || madeAt < until),
  );
  const ids = new Set(seen.messages.map(({ id }) => id));
  return (
    wasThere && conversation.messages.every(({ id, at }) => at < period.from || at > period.to || ids.has(id))
  );
}

/** What a summary says of its source must not tell how much there is that the reader does not see. */
function ofSeen(seen: Conversation): Transcript {
  return {
    conversation: seen,
    version: contentDigest(seen),
    segments: 1,
    segmentNames: [],
    length: Buffer.byteLength(JSON.stringify(seen.messages)),
  };
}
