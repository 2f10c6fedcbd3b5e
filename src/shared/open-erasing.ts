import type { BlobServiceClient } from '@azure/storage-blob';
import { createAnalysisEraser } from './analysis/erase-state.ts';
import { createAnswersEraser } from './ask/erase-answers.ts';
import type { Channel } from './channels/channel.ts';
import { createMailThreadsEraser } from './channels/email/erase-threads.ts';
import { findOurEnd } from './channels/our-end.ts';
import { longestStep } from './erasers/look-again.ts';
import { createErasers } from './erasure/erasers.ts';
import { createErasure } from './erasure/erasure.ts';
import { eraserOfErasures } from './erasure/erasures-eraser.ts';
import type { Holds } from './erasure/holds.ts';
import { eraserOfHolds } from './erasure/holds-eraser.ts';
import { createDeadLettersEraser } from './events/erase-dead-letters.ts';
import { createMediaEraser } from './media/erase.ts';
import type { Batches } from './models/language/batch/open-batches.ts';
import type { Directory } from './people/directory.ts';
import { eraserOfPeople } from './people/erase.ts';
import type { PeopleIndex } from './people/people-index.ts';
import { createOutboxEraser } from './sends/erase.ts';
import type { Settings } from './settings.ts';
import { openContainer } from './storage/container.ts';
import { createQueueEraser } from './storage/erase-queue.ts';
import { createQueueOpener } from './storage/queue-client.ts';
import { createCatalogueEraser } from './summaries/erase-catalogue.ts';
import { createDigestsEraser } from './summaries/erase-digests.ts';
import { createRunsEraser } from './summaries/erase-runs.ts';
import { createSummariesEraser } from './summaries/erase-summaries.ts';
import { openSummaries } from './summaries/store.ts';
import { eraserOfTombstones } from './tombstones/eraser.ts';
import type { Tombstones } from './tombstones/tombstones.ts';
import { eraserOfTranscripts } from './transcripts/erase.ts';
import type { Together } from './transcripts/read-together.ts';
import type { TranscriptStore } from './transcripts/store.ts';
import { createExportsEraser } from './transfer/erase-exports.ts';
import { createImportsEraser } from './transfer/erase-imports.ts';

interface Parts {
  settings: Settings;
  channels: readonly Channel[];
  transcripts: TranscriptStore;
  tombstones: Tombstones;
  directory: Directory;
  people: PeopleIndex;
  holds: Holds;
  together: Together;
  clock: () => Date;
  /** Where there is a language model. */
  batches: Batches | undefined;
}

/** A copy of a large segment or attachment takes its time. */
const lasting = { requestMilliseconds: 60_000 };

/** The erasers of all stores, and what puts them to use. A new container or queue gets its eraser here. */
export function openErasing(service: BlobServiceClient, parts: Parts) {
  const { settings, channels, clock, batches } = parts;
  const transcriptBlobs = openContainer(service, 'transcripts', lasting);
  const media = openContainer(service, 'media', lasting);
  const nights = openContainer(service, 'runs');
  const summaries = openContainer(service, 'summaries');
  const { settleSeconds } = settings.privacy;
  /** Whoever is at work has written down by then what they read before: no step runs longer, in trials not even that. */
  const pauseMilliseconds = Math.min(longestStep, settleSeconds * 10_000);
  const patient = { clock, pauseMilliseconds };
  const erasers = createErasers({
    containers: [
      eraserOfPeople(openContainer(service, 'people'), {
        ourEnd: (conversation) => findOurEnd(channels, conversation),
      }),
      createSummariesEraser(summaries),
      createMediaEraser(media),
      createAnalysisEraser(openContainer(service, 'analysis')),
      createRunsEraser(nights, { ...patient, batches }),
      createCatalogueEraser(openContainer(service, 'catalogue'), {
        summaries: openSummaries(summaries),
        runs: nights,
        ...patient,
      }),
      createDigestsEraser(openContainer(service, 'digests'), { runs: nights, ...patient }),
      createDeadLettersEraser(openContainer(service, 'dead-letters')),
      createOutboxEraser(openContainer(service, 'outbox')),
      createImportsEraser(openContainer(service, 'imports', lasting), patient),
      createExportsEraser(openContainer(service, 'exports', lasting), patient),
      createAnswersEraser(openContainer(service, 'answers'), patient),
      createMailThreadsEraser(openContainer(service, 'mail-threads')),
      eraserOfTranscripts(transcriptBlobs),
      eraserOfErasures(),
      eraserOfHolds(),
      eraserOfTombstones(),
    ],
    queues: ['media', 'media-poison', 'analysis', 'analysis-poison'].map((name) =>
      createQueueEraser(name, { open: createQueueOpener(settings.storage), clock }),
    ),
  });
  const erasure = createErasure({
    ...parts,
    erasers,
    blobs: { transcripts: transcriptBlobs, media, erasures: openContainer(service, 'erasures') },
    findOurEnd: (conversation) => findOurEnd(channels, conversation),
    isConfigured: settings.privacy.erasureSecrets.length > 0,
    settleSeconds,
  });
  return { erasers, erasure };
}
