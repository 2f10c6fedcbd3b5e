import type { Usage } from '../models/language/allowance.ts';
import { summaryContent } from '../models/summary-content.ts';
import type { SummaryJob, SummaryModel } from '../models/summary-model.ts';
import type { OurEnd } from '../people/people-in-entries.ts';
import { parseConversationPath } from '../transcripts/conversation-path.ts';
import type { Transcript } from '../transcripts/read.ts';
import type { TranscriptStore } from '../transcripts/store.ts';
import { contentDigest } from './compose.ts';
import type { StaleConversation } from './list-stale.ts';
import { createAudience, readersOf } from './readers-of.ts';
import type { StoredSummary, SummaryStore } from './store.ts';
import type { Summary } from './summary.ts';

export interface SummarizeDependencies {
  transcripts: TranscriptStore;
  summaries: SummaryStore;
  model: SummaryModel;
  clock: () => Date;
  /** Our own end of a conversation, for who may read it. */
  ourEnd?: OurEnd;
  /** What such use of the model costs, in US dollars; undefined where its price is not known. */
  costOf?: (usage: Usage) => number | undefined;
}

export type Summarized = Pick<StaleConversation, 'path' | 'segments'>;

export interface Named {
  path: string;
  channel: string;
  id: string;
}

/** A conversation with messages, and what is to be done for its summary. */
interface Read {
  named: Named;
  transcript: Transcript;
  stored: StoredSummary | undefined;
  /** Of what a summary reads: see `contentDigest`. */
  digest: string;
}
type WithSummary = Read & { stored: StoredSummary & { summary: Summary } };

/**
 * `empty`: it has no messages, and so no summary; `fresh`: its summary is of the present version; `unchanged`: nothing that
 * a summary reads has changed; `write`: the summary is to be written.
 */
export type Seen =
  | { state: 'empty'; named: Named; transcript: Transcript | undefined; stored: StoredSummary | undefined }
  | ({ state: 'fresh' | 'unchanged' } & WithSummary)
  | ({ state: 'write'; job: SummaryJob } & Read);

/** Reads a conversation and its summary, and tells what is to be done. */
export async function lookAtConversation(
  { path, segments }: Summarized,
  { transcripts, summaries, model, ourEnd }: SummarizeDependencies,
): Promise<Seen> {
  const audience = model.method === 'model' ? createAudience(namesIn(path), ourEnd) : undefined;
  // In this order: a summary that somebody makes after this read fails our write, whatever transcript it is of.
  const stored = await summaries.get(path);
  const transcript = await transcripts.read(path, { segments, watch: audience?.add });
  const named = { path, ...keyOf(path, transcript, stored) };
  if (!transcript || transcript.conversation.messages.length === 0) {
    return { state: 'empty', named, transcript, stored };
  }
  const { conversation, version } = transcript;
  const digest = contentDigest(conversation);
  const read = { named, transcript, stored, digest };
  if (stored?.summary) {
    const known = { ...read, stored: { ...stored, summary: stored.summary } };
    if (stored.summary.source.version === version) return { state: 'fresh', ...known };
    if (stored.contentDigest === digest) return { state: 'unchanged', ...known };
  }
  const readers = readersOf(conversation, audience?.takingPart());
  const earlier = earlierOf(stored, model);
  const job = {
    conversation,
    ...(earlier ? { earlier } : {}),
    ...(readers === undefined ? {} : { readers }),
  };
  return { state: 'write', ...read, job };
}

/** What a model of the same kind can go on from. */
function earlierOf(stored: StoredSummary | undefined, { method }: SummaryModel): SummaryJob['earlier'] {
  const { summary, state } = stored ?? {};
  if (!summary || !state || summary.method !== method) return undefined;
  return { content: summaryContent.parse(summary), state };
}

function keyOf(path: string, transcript?: Transcript, stored?: StoredSummary): Summary['conversation'] {
  const { channel, id } = transcript?.conversation ?? stored?.summary?.conversation ?? namesIn(path);
  return { channel, id };
}

/** Channel and id, as far as a path tells them. */
export function namesIn(path: string): Named {
  const [channel = '', id = ''] = path.split('/');
  return { path, ...(parseConversationPath(path) ?? { channel, id }) };
}
