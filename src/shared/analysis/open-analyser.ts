import type { Channel } from '../channels/channel.ts';
import type { Container } from '../storage/container.ts';
import { rewriteTranscript } from '../transcripts/rewrite.ts';
import type { TranscriptStore } from '../transcripts/store.ts';
import { type ConversationAnalyser, createConversationAnalyser } from './analyse-conversation.ts';
import { openAnalysisClaims } from './analysis-claims.ts';
import type { AnalysisModel } from './analysis-model.ts';
import { createStrayGatherer } from './gather-strays.ts';
import { oneAtATime } from './one-at-a-time.ts';

interface Dependencies {
  channels: readonly Channel[];
  transcripts: TranscriptStore;
  blobs: { transcripts: Container; analysis: Container };
  model: AnalysisModel;
  clock: () => Date;
}

/** The analyser of all conversations, put together. */
export function openAnalyser({
  channels,
  transcripts,
  blobs,
  model,
  clock,
}: Dependencies): ConversationAnalyser {
  const strays = createStrayGatherer({
    channels,
    transcripts,
    removeEntries: (path, isToGo, { signal }) =>
      rewriteTranscript(blobs.transcripts, path, (entry) => (isToGo(entry) ? undefined : entry), {
        holder: `strays ${path}`,
        signal,
      }),
  });
  const claims = openAnalysisClaims(blobs.analysis, { clock });
  return createConversationAnalyser({ transcripts, claims, strays, model: oneAtATime(model), clock });
}
