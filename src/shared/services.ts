import { openAcsClients } from './acs/clients.ts';
import { createChannels } from './channels/channels.ts';
import { openMailThreads } from './channels/email/threads.ts';
import { type AcceptOptions, acceptEvents } from './events/accept-events.ts';
import { openDeadLetters } from './events/dead-letters.ts';
import { createResumeMemory } from './events/resume-memory.ts';
import { createMailTaker } from './mail/take-mail.ts';
import { createMediaFetcher } from './media/fetch.ts';
import { openMedia } from './media/store.ts';
import { createOfflineModel } from './models/offline/offline-model.ts';
import { openPeopleIndex, type PeopleIndex } from './people/people-index.ts';
import { openOutbox } from './sends/outbox.ts';
import { putAnswers } from './sends/put-answers.ts';
import type { Settings } from './settings.ts';
import { createBlobService } from './storage/blob-service.ts';
import { openContainer } from './storage/container.ts';
import { openDigests } from './summaries/digest.ts';
import { createNight } from './summaries/night.ts';
import { openNightFiles } from './summaries/night-files.ts';
import { renderDigest } from './summaries/render-digest.ts';
import { openSummaries } from './summaries/store.ts';
import type { ConversationKey } from './transcripts/entry.ts';
import { createReadTogether } from './transcripts/read-together.ts';
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
  /** A caller waits: fail within its patience. */
  const prompt = createBlobService(settings.storage, { maxTries: 2 });
  /** Nobody waits: outlast a short outage. */
  const patient = createBlobService(settings.storage, { maxTries: 4 });

  const transcripts = openTranscripts(openContainer(prompt, 'transcripts'), settings);
  const mailThreads = openMailThreads(openContainer(prompt, 'mail-threads'), { clock });
  const channels = openChannels({
    settings: settings.acs,
    sending: openAcsClients(settings.acs, { maxRetries: 0 }),
    reading: openAcsClients(settings.acs, { maxRetries: 3 }),
    transcripts,
    mailThreads,
    clock,
  });
  const deadLetters = openDeadLetters(openContainer(prompt, 'dead-letters'), { clock });
  const memory = createResumeMemory({ clock });
  const people = openPeopleIndex(openContainer(prompt, 'people'));
  const summaryBlobs = openContainer(prompt, 'summaries');
  const digests = openDigests(openContainer(prompt, 'digests'), renderDigest);

  const media = openMedia(openContainer(patient, 'media', { requestMilliseconds: 60_000 }), settings.acs);

  const mail = createMailTaker({
    threads: mailThreads,
    media,
    transcripts,
    people,
    deadLetters,
    trustedAuthHeader: settings.acs.email.trustedAuthHeader,
  });

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
    transcripts: openTranscripts(archived, settings),
    media,
    people: openPeopleIndex(openContainer(patient, 'people')),
    clock,
  });

  /** A mail thread may have begun as several. */
  const readTogether = createReadTogether(transcripts, async ({ channel, id }, options) =>
    channel === 'email' ? mailThreads.together(id, options) : [id],
  );
  const sends = {
    channels,
    outbox: openOutbox(openContainer(prompt, 'outbox'), { clock }),
    readConversation: async (key: ConversationKey, options: { signal: AbortSignal }) =>
      (await readTogether(key, options))?.conversation,
    transcripts,
    people,
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
    sends,
    transfer,
    transcripts,
    deadLetters,
    summaries: openSummaries(summaryBlobs),
    summaryBlobs,
    digests,
    night,
    people,
    /** Remembers nothing: what a process has noted once may be gone from storage since. */
    peopleAnew: openPeopleIndex(openContainer(prompt, 'people'), { mostRemembered: 0 }),
    media,
    mediaFetcher: createMediaFetcher({ channels, transcripts, media, clock }),
    accept: (events: readonly unknown[], options: AcceptOptions = {}) =>
      acceptEvents(
        events,
        { channels, transcripts, deadLetters, memory, people: { note: noteNew } },
        options,
      ),
    /** For what is a dead letter already: it stays the one it is. */
    acceptAgain: async (events: readonly unknown[], options: AcceptOptions = {}) =>
      (await mail.takeAgain(events, options)) ??
      acceptEvents(
        events,
        { channels, transcripts, memory, people, deadLetters: { put: async () => {} } },
        options,
      ),
    takeMail: mail.take,
    readTogether,
    isStorageReachable: async () => {
      await prompt.getProperties({ abortSignal: AbortSignal.timeout(3_000) });
    },
  };
}
