import { chat } from './channels/chat/read-chat-event.ts';
import { acceptEvents } from './events/accept-events.ts';
import { openDeadLetters } from './events/dead-letters.ts';
import { createResumeMemory } from './events/resume-memory.ts';
import { createOfflineModel } from './models/offline/offline-model.ts';
import type { Settings } from './settings.ts';
import { createBlobService } from './storage/blob-service.ts';
import { openContainer } from './storage/container.ts';
import { openDigests } from './summaries/digest.ts';
import { createNight } from './summaries/night.ts';
import { openNightFiles } from './summaries/night-files.ts';
import { renderDigest } from './summaries/render-digest.ts';
import { openSummaries } from './summaries/store.ts';
import { openTranscripts } from './transcripts/store.ts';

const channels = [chat];

/** All that handlers need, put together once a process. */
export function createServices(
  settings: Settings,
  { clock = () => new Date() }: { clock?: () => Date } = {},
) {
  /** A caller waits: fail within its patience. */
  const prompt = createBlobService(settings.storage, { maxTries: 2 });
  /** Nobody waits: outlast a short outage. */
  const patient = createBlobService(settings.storage, { maxTries: 4 });

  const transcripts = openTranscripts(openContainer(prompt, 'transcripts'), settings);
  const deadLetters = openDeadLetters(openContainer(prompt, 'dead-letters'), { clock });
  const memory = createResumeMemory({ clock });
  const summaryBlobs = openContainer(prompt, 'summaries');
  const digests = openDigests(openContainer(prompt, 'digests'), renderDigest);

  const nightlySummaries = openContainer(patient, 'summaries');
  const night = createNight({
    transcripts: openTranscripts(openContainer(patient, 'transcripts'), settings),
    summaries: openSummaries(nightlySummaries),
    summaryBlobs: nightlySummaries,
    files: openNightFiles(openContainer(patient, 'runs')),
    digests: openDigests(openContainer(patient, 'digests'), renderDigest),
    model: createOfflineModel(),
    clock,
  });

  return {
    settings,
    clock,
    transcripts,
    deadLetters,
    summaries: openSummaries(summaryBlobs),
    summaryBlobs,
    digests,
    night,
    accept: (events: readonly unknown[], options: { signal?: AbortSignal } = {}) =>
      acceptEvents(events, { channels, transcripts, deadLetters, memory }, options),
    /** For what is a dead letter already: it stays the one it is. */
    acceptAgain: (events: readonly unknown[]) =>
      acceptEvents(events, { channels, transcripts, memory, deadLetters: { put: async () => {} } }),
    isStorageReachable: async () => {
      await prompt.getProperties({ abortSignal: AbortSignal.timeout(3_000) });
    },
  };
}
