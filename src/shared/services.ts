import { openAcsClients } from './acs/clients.ts';
import { createOfflineAnalysis } from './analysis/offline-analysis.ts';
import { openAnalyser } from './analysis/open-analyser.ts';
import { createChannels } from './channels/channels.ts';
import { openMailThreads } from './channels/email/threads.ts';
import { findOurEnd } from './channels/our-end.ts';
import { type Held, openHolds } from './erasure/holds.ts';
import { isThere } from './erasure/parts-of.ts';
import { type AcceptOptions, acceptEvents } from './events/accept-events.ts';
import { openDeadLetters } from './events/dead-letters.ts';
import { createResumeMemory } from './events/resume-memory.ts';
import { createMailTaker } from './mail/take-mail.ts';
import { createMediaFetcher } from './media/fetch.ts';
import { openMedia } from './media/store.ts';
import { createOfflineModel } from './models/offline/offline-model.ts';
import { openErasing } from './open-erasing.ts';
import { openRetention } from './open-retention.ts';
import { openNameIndex } from './people/name-index.ts';
import { openDirectory } from './people/open-directory.ts';
import type { OurEnd } from './people/people-in-entries.ts';
import { openPeopleIndex, type PeopleIndex } from './people/people-index.ts';
import { whereTheyWrite } from './people/where-they-write.ts';
import { openOutbox } from './sends/outbox.ts';
import { putAnswers } from './sends/put-answers.ts';
import type { Settings } from './settings.ts';
import { createBlobService } from './storage/blob-service.ts';
import { type Container, openContainer } from './storage/container.ts';
import { openDigests } from './summaries/digest.ts';
import { createNight } from './summaries/night.ts';
import { openNightFiles } from './summaries/night-files.ts';
import { renderDigest } from './summaries/render-digest.ts';
import { openSummaries } from './summaries/store.ts';
import { guardPeople, guardTranscripts } from './tombstones/guard.ts';
import { openTombstones } from './tombstones/open-tombstones.ts';
import type { ConversationKey } from './transcripts/entry.ts';
import { createReadTogether, type Together } from './transcripts/read-together.ts';
import { openTranscripts } from './transcripts/store.ts';
import { createTransfer } from './transfer/transfer.ts';

interface ServiceOptions {
  clock?: () => Date;
  openChannels?: typeof createChannels;
}

/** All that handlers need, put together once a process. */
export function createServices(
  settings: Settings,
  { clock = () => new Date(), openChannels = createChannels }: ServiceOptions = {},
) {
  const { isAnalysing } = settings;
  /** A caller waits: fail within its patience. */
  const prompt = createBlobService(settings.storage, { maxTries: 2 });
  /** Nobody waits: outlast a short outage. */
  const patient = createBlobService(settings.storage, { maxTries: 4 });

  const tombstones = openTombstones(openContainer(prompt, 'tombstones', { requestMilliseconds: 6_000 }), {
    secrets: settings.privacy.erasureSecrets,
    settleSeconds: settings.privacy.settleSeconds,
    clock,
  });
  /** Whoever stores and whoever notes goes through these: what was erased does not come back. */
  const openGuardedTranscripts = (container: Container) =>
    guardTranscripts(openTranscripts(container, settings), tombstones);
  const ourEnd: OurEnd = (conversation) => findOurEnd(channels, conversation);
  const openGuardedPeople = (container: Container, options?: Parameters<typeof openPeopleIndex>[1]) =>
    guardPeople(openPeopleIndex(container, { ourEnd, ...options }), tombstones);

  const transcripts = openGuardedTranscripts(openContainer(prompt, 'transcripts'));
  const people = openGuardedPeople(openContainer(prompt, 'people'));
  const directory = openDirectory(openContainer(prompt, 'people'));
  const mailThreads = openMailThreads(openContainer(prompt, 'mail-threads'), { clock });
  const channels = openChannels({
    settings: settings.acs,
    sending: openAcsClients(settings.acs, { maxRetries: 0 }),
    reading: openAcsClients(settings.acs, { maxRetries: 3 }),
    transcripts,
    conversationsOf: (identity, options) => whereTheyWrite(identity, { people, ...options }),
    mailThreads,
    clock,
  });
  const deadLetters = openDeadLetters(openContainer(prompt, 'dead-letters'), { clock });
  const memory = createResumeMemory({ clock });
  const summaryBlobs = openContainer(prompt, 'summaries');
  const digests = openDigests(openContainer(prompt, 'digests'), renderDigest);

  const media = openMedia(openContainer(patient, 'media', { requestMilliseconds: 60_000 }), settings.acs);

  const mail = createMailTaker({
    threads: mailThreads,
    media,
    transcripts,
    people,
    tombstones,
    deadLetters,
    trustedAuthHeader: settings.acs.email.trustedAuthHeader,
    isAnalysing,
  });

  const nightlySummaries = openContainer(patient, 'summaries');
  const night = createNight({
    transcripts: openGuardedTranscripts(openContainer(patient, 'transcripts')),
    summaries: openSummaries(nightlySummaries),
    summaryBlobs: nightlySummaries,
    files: openNightFiles(openContainer(patient, 'runs')),
    digests: openDigests(openContainer(patient, 'digests'), renderDigest),
    model: createOfflineModel(),
    clock,
  });

  const lasting = { requestMilliseconds: 60_000 };
  const archived = openContainer(patient, 'transcripts', lasting);
  const transfer = createTransfer({
    channels,
    blobs: {
      transcripts: archived,
      imports: openContainer(patient, 'imports', lasting),
      exports: openContainer(patient, 'exports', lasting),
      media: openContainer(patient, 'media', lasting),
    },
    transcripts: openGuardedTranscripts(archived),
    media,
    people: openGuardedPeople(openContainer(patient, 'people')),
    directory,
    tombstones,
    clock,
  });

  const analysis = createOfflineAnalysis();
  const analysed = openContainer(patient, 'transcripts');
  const analyser = openAnalyser({
    channels,
    transcripts: openGuardedTranscripts(analysed),
    blobs: { transcripts: analysed, analysis: openContainer(patient, 'analysis') },
    model: analysis,
    clock,
  });

  /** A mail thread may have begun as several. */
  const together: Together = async ({ channel, id }, options) =>
    channel === 'email' ? mailThreads.together(id, options) : [id];
  const readTogether = createReadTogether(transcripts, together);
  const holds = openHolds(openContainer(prompt, 'holds'), { clock, together });
  const { erasers, erasure } = openErasing(patient, {
    settings,
    channels,
    transcripts,
    tombstones,
    directory,
    people,
    holds,
    together,
    clock,
  });
  const retention = openRetention(patient, {
    settings,
    channels,
    erasers,
    tombstones,
    directory,
    holds,
    together,
    clock,
  });
  const sends = {
    channels,
    outbox: openOutbox(openContainer(prompt, 'outbox'), { clock }),
    readConversation: async (key: ConversationKey, options: { signal: AbortSignal }) =>
      (await readTogether(key, options))?.conversation,
    transcripts,
    people,
    directory,
    clock,
  };
  /** Of messages just stored: who takes part, and what is owed to them. */
  const noteNew: PeopleIndex['note'] = async (conversation, entries, options) => {
    await people.note(conversation, entries, options);
    await putAnswers({ conversation, entries: [...entries] }, sends, options);
  };

  return {
    settings,
    clock,
    analysis,
    sends,
    transfer,
    transcripts,
    tombstones,
    holds,
    erasers,
    erasure,
    retention,
    /** Whether there is such a person or conversation. */
    async exists(held: Held): Promise<boolean> {
      if ('person' in held) return (await directory.get(held.person)) !== undefined;
      return isThere(held.conversation, { together, transcripts });
    },
    deadLetters,
    summaries: openSummaries(summaryBlobs),
    summaryBlobs,
    digests,
    night,
    people,
    directory,
    names: openNameIndex(openContainer(prompt, 'people')),
    /** Takes nothing for known: what a process has noted once may be gone from storage since. */
    peopleAnew: openGuardedPeople(openContainer(prompt, 'people'), { isAnew: true }),
    media,
    mediaFetcher: createMediaFetcher({ channels, transcripts, media, tombstones, clock }),
    accept: (events: readonly unknown[], options: AcceptOptions = {}) =>
      acceptEvents(
        events,
        { channels, transcripts, deadLetters, memory, people: { note: noteNew }, tombstones, isAnalysing },
        options,
      ),
    /** For what is a dead letter already: it stays the one it is. */
    acceptAgain: async (events: readonly unknown[], options: AcceptOptions = {}) =>
      (await mail.takeAgain(events, options)) ??
      acceptEvents(
        events,
        {
          channels,
          transcripts,
          memory,
          people,
          tombstones,
          deadLetters: { put: async () => {} },
          isAnalysing,
        },
        options,
      ),
    takeMail: mail.take,
    readTogether,
    together,
    analyser,
    isStorageReachable: async () => {
      await prompt.getProperties({ abortSignal: AbortSignal.timeout(3_000) });
    },
  };
}
