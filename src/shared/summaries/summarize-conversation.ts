import type { SummaryModel } from '../models/summary-model.ts';
import { isStorageFault, storageUnavailable } from '../storage/storage-errors.ts';
import { parseConversationPath } from '../transcripts/conversation-path.ts';
import type { Transcript } from '../transcripts/read.ts';
import type { TranscriptStore } from '../transcripts/store.ts';
import { composeSummary, contentDigest, sourceOf } from './compose.ts';
import type { StaleConversation } from './list-stale.ts';
import type { Outcome } from './outcome.ts';
import type { StoredSummary, SummaryStore } from './store.ts';
import type { Summary } from './summary.ts';

export interface SummarizeDependencies {
  transcripts: TranscriptStore;
  summaries: SummaryStore;
  model: SummaryModel;
  clock: () => Date;
}

/** Somebody else wrote first so often that it is no race. */
const mostTries = 3;

/**
 * Brings the summary of one conversation up to its present version, with as little work as that takes. Throws only for
 * storage faults; a model that fails on this conversation is its outcome.
 */
export async function summarizeConversation(
  conversation: Pick<StaleConversation, 'path' | 'segments'>,
  dependencies: SummarizeDependencies,
): Promise<Outcome> {
  for (let tries = 0; tries < mostTries; tries += 1) {
    const outcome = await tryToSummarize(conversation, dependencies);
    if (outcome) return outcome;
    // Somebody else's JSON stands: the Markdown must say the same, whoever wrote it last. Then see what is left to do.
    await dependencies.summaries.mendMarkdown(conversation.path);
  }
  throw storageUnavailable(new Error('the summary could not be written over the one that stands'));
}

/** Undefined where somebody else wrote the summary in the meantime, or erased what it was made of. */
async function tryToSummarize(
  { path, segments }: Pick<StaleConversation, 'path' | 'segments'>,
  dependencies: SummarizeDependencies,
): Promise<Outcome | undefined> {
  const { transcripts, summaries } = dependencies;
  // In this order: a summary that somebody makes after this read fails our write, whatever transcript it is of.
  const stored = await summaries.get(path);
  const transcript = await transcripts.read(path, { segments });
  const named = { path, ...keyOf(path, transcript, stored) };
  if (!transcript || transcript.conversation.messages.length === 0) {
    await summaries.remove(path, stored, transcript);
    return { ...named, state: 'removed' };
  }
  if (stored?.summary?.source.version === transcript.version) {
    await summaries.mendMarkdown(path);
    return { ...named, state: 'fresh', headline: stored.summary.headline };
  }
  try {
    const renewed = await renew(path, transcript, stored, dependencies);
    // An erasure goes through the transcripts first, then through the summaries: what it took from the one after we read,
    // it may have looked for in the other before we wrote.
    const isSound = renewed !== undefined && (await isStillThere(path, transcript, transcripts));
    return isSound ? { ...named, ...renewed } : undefined;
  } catch (error) {
    if (isStorageFault(error)) throw error;
    return { ...named, state: 'failed', ...describe(error) };
  }
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

type Renewed = { state: 'made'; headline: string } | { state: 'unchanged' };

async function renew(
  path: string,
  transcript: Transcript,
  stored: StoredSummary | undefined,
  { summaries, model, clock }: SummarizeDependencies,
): Promise<Renewed | undefined> {
  const digest = contentDigest(transcript.conversation);
  const put = (summary: Summary): Promise<boolean> =>
    summaries.put(path, summary, { contentDigest: digest, oldest: transcript.oldest, replaces: stored });
  if (stored?.summary && stored.contentDigest === digest) {
    const isWritten = await put({ ...stored.summary, source: sourceOf(transcript) });
    return isWritten ? { state: 'unchanged' } : undefined;
  }
  const content = await model.summarize(transcript.conversation);
  const summary = composeSummary(transcript, content, { method: model.method, at: clock() });
  return (await put(summary)) ? { state: 'made', headline: summary.headline } : undefined;
}

function keyOf(path: string, transcript?: Transcript, stored?: StoredSummary): Summary['conversation'] {
  const known = transcript?.conversation ?? stored?.summary?.conversation ?? parseConversationPath(path);
  const [channel = '', id = ''] = path.split('/');
  return known ? { channel: known.channel, id: known.id } : { channel, id };
}

/** Code and reason without text of the conversation. */
function describe(error: unknown): { code: string; reason: string } {
  const name = error instanceof Error ? error.name : 'Error';
  const code =
    error instanceof Error && 'code' in error && typeof error.code === 'string'
      ? error.code
      : 'summary_failed';
  return { code, reason: `The model failed on this conversation (${name}); the next night tries again.` };
}
