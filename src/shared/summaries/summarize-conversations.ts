import pMap from 'p-map';
import { WaitsForBatch } from '../models/language/batch/collect-calls.ts';
import { isStorageFault, storageUnavailable } from '../storage/storage-errors.ts';
import type { Transcript } from '../transcripts/read.ts';
import type { TranscriptStore } from '../transcripts/store.ts';
import { composeSummary, sourceOf } from './compose.ts';
import { explainFailure } from './explain-failure.ts';
import {
  lookAtConversation,
  namesIn,
  type Seen,
  type SummarizeDependencies,
  type Summarized,
} from './look-at-conversation.ts';
import type { Outcome } from './outcome.ts';
import type { StoredSummary } from './store.ts';
import { summarizeWithin, type Within, type Written } from './summarize-within.ts';
import type { Summary } from './summary.ts';

export type { SummarizeDependencies, Summarized } from './look-at-conversation.ts';

export interface SummarizeOptions extends Within {
  /** Is told of a call that was put down for a batch, by its id: the conversation has no outcome then. */
  onWaits?: (path: string, id: string) => void;
  /** Is told of each storage fault. Without it, the first one is thrown. */
  onFault?: (error: unknown) => void;
}

/** Somebody else wrote first so often that it is no race. */
const mostTries = 3;
/** Conversations that are read or written at once. */
const concurrency = 4;

type Work = Extract<Seen, { state: 'write' }>;
/** `lost`: somebody else wrote the summary in the meantime, or erased what it was made of. */
type Result = Outcome | 'lost' | 'no time' | { fault: unknown };

/**
 * Brings summaries up to the present versions of their conversations, with as little work as that takes; what is to be
 * written goes to the model together. One outcome for each conversation, in their order, but none for those for which there
 * was no time (`isLate`). Throws only for storage faults, and when `signal` ends it: a model that fails on a conversation is
 * the outcome of that one.
 */
export async function summarizeConversations(
  conversations: readonly Summarized[],
  dependencies: SummarizeDependencies,
  options: SummarizeOptions,
): Promise<Outcome[]> {
  const { onFault = throwIt } = options;
  const settled = new Map<string, Outcome>();
  let open = conversations;
  for (let tries = 0; tries < mostTries && open.length > 0; tries += 1) {
    const results = await tryToSummarize(open, dependencies, { ...options, isAgain: tries > 0 });
    const lost: Summarized[] = [];
    for (const [place, conversation] of open.entries()) {
      const result = results[place] ?? 'no time';
      if (result === 'lost') lost.push(conversation);
      else if (result !== 'no time') settled.set(conversation.path, outcomeOf(conversation, result, onFault));
    }
    open = lost;
  }
  for (const conversation of open) {
    const fault = storageUnavailable(new Error('the summary could not be written over the one that stands'));
    settled.set(conversation.path, outcomeOf(conversation, { fault }, onFault));
  }
  return conversations.flatMap(({ path }) => settled.get(path) ?? []);
}

function outcomeOf(
  { path }: Summarized,
  result: Outcome | { fault: unknown },
  onFault: (error: unknown) => void,
): Outcome {
  if (!('fault' in result)) return result;
  onFault(result.fault);
  return storageFailure({ path });
}

/** One result for each conversation; throws only when `signal` ends it. */
async function tryToSummarize(
  conversations: readonly Summarized[],
  dependencies: SummarizeDependencies,
  { isAgain, onWaits, ...within }: SummarizeOptions & { isAgain: boolean },
): Promise<Result[]> {
  const { signal } = within;
  const decided = await pMap(
    conversations,
    (conversation) => guarded(conversation, () => decide(conversation, dependencies, isAgain), signal),
    { concurrency },
  );
  const works = decided.filter(isWork);
  const written = await summarizeWithin(
    works.map(({ job }) => job),
    dependencies.model,
    within,
  );
  const kept = await pMap(
    works,
    (work, place) =>
      guarded(work.named, () => keep(work, written[place], { ...dependencies, onWaits }), signal),
    { concurrency },
  );
  const results = new Map(works.map((work, place) => [work, kept[place] ?? 'no time'] as const));
  return decided.map((each) => (isWork(each) ? (results.get(each) ?? 'no time') : each));
}

function isWork(decided: Work | Result): decided is Work {
  return typeof decided === 'object' && 'job' in decided;
}

/** What happens to one conversation never reaches another. */
async function guarded<Value>(
  { path }: { path: string },
  work: () => Promise<Value>,
  signal: AbortSignal | undefined,
): Promise<Value | Outcome | { fault: unknown }> {
  try {
    return await work();
  } catch (error) {
    signal?.throwIfAborted();
    if (isStorageFault(error)) return { fault: error };
    return { ...namesIn(path), state: 'failed', ...explainFailure(error) };
  }
}

/** Does what can be done without the model; else tells what it has to do. */
async function decide(
  conversation: Summarized,
  dependencies: SummarizeDependencies,
  isAgain: boolean,
): Promise<Work | Result> {
  const { summaries } = dependencies;
  const { path } = conversation;
  // Somebody else's JSON stands: the Markdown must say the same, whoever wrote it last. Then see what is left to do.
  if (isAgain) await summaries.mendMarkdown(path);
  const seen = await lookAtConversation(conversation, dependencies);
  const { named, stored, transcript } = seen;
  switch (seen.state) {
    case 'empty':
      await summaries.remove(path, stored, transcript);
      return { ...named, state: 'removed' };
    case 'fresh':
      await summaries.mendMarkdown(path);
      return { ...named, state: 'fresh', headline: seen.stored.summary.headline };
    case 'unchanged': {
      const summary = { ...seen.stored.summary, source: sourceOf(seen.transcript) };
      const isKept = await put(seen, summary, seen.stored.state, dependencies);
      return isKept ? { ...named, state: 'unchanged' } : 'lost';
    }
    case 'write':
      return seen;
  }
}

/** Brings what the model wrote into storage. */
async function keep(
  work: Work,
  written: Written | undefined,
  dependencies: SummarizeDependencies & Pick<SummarizeOptions, 'onWaits'>,
): Promise<Result> {
  const { named, transcript } = work;
  if (!written || 'isLate' in written) return 'no time';
  const { model, clock, costOf } = dependencies;
  const used = written.usage.calls > 0 ? { usage: written.usage } : {};
  if ('isPostponed' in written) {
    const { tokens } = written;
    return { ...named, state: 'postponed', ...(tokens === undefined ? {} : { tokens }), ...used };
  }
  if ('error' in written && written.error instanceof WaitsForBatch) {
    dependencies.onWaits?.(named.path, written.error.id);
    return 'no time';
  }
  if ('error' in written) return { ...named, state: 'failed', ...explainFailure(written.error), ...used };
  const cost = costOf?.(written.usage);
  const summary = composeSummary(transcript, written.content, {
    method: model.method,
    model: model.name,
    at: clock(),
    ...used,
    ...(cost === undefined ? {} : { cost }),
  });
  if (!(await put(work, summary, written.state, dependencies))) return 'lost';
  return { ...named, state: 'made', headline: summary.headline, ...used };
}

/** False where somebody else wrote first, or what was read is not there any more. */
async function put(
  { named, transcript, stored, digest }: Exclude<Seen, { state: 'empty' }>,
  summary: Summary,
  state: StoredSummary['state'],
  { summaries, transcripts }: SummarizeDependencies,
): Promise<boolean> {
  const isWritten = await summaries.put(named.path, summary, {
    contentDigest: digest,
    oldest: transcript.oldest,
    replaces: stored,
    state,
  });
  // An erasure goes through the transcripts first, then through the summaries: what it took from the one after we read,
  // it may have looked for in the other before we wrote.
  return isWritten && (await isStillThere(named.path, transcript, transcripts));
}

/** Whether all that was read stands in the transcript yet, whatever was appended. */
async function isStillThere(
  path: string,
  { segmentNames, length }: Transcript,
  transcripts: TranscriptStore,
): Promise<boolean> {
  for await (const listed of transcripts.list({ path })) {
    if (listed.path !== path) continue;
    return segmentNames.every((name) => listed.segments.includes(name)) && listed.length >= length;
  }
  return false;
}

/** The outcome of a conversation that storage did not let us read or write. */
export function storageFailure({ path }: { path: string }): Outcome {
  return {
    ...namesIn(path),
    state: 'failed',
    code: 'storage_unavailable',
    reason: 'The storage account did not answer; the next night tries again.',
  };
}

function throwIt(error: unknown): never {
  throw error;
}
