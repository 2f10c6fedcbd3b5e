import { createAcceptsChatToken } from './acs/accepts-chat-token.ts';
import { openAcsClients } from './acs/clients.ts';
import { createOfflineAnalysis } from './analysis/offline-analysis.ts';
import { openAnalyser } from './analysis/open-analyser.ts';
import { openAsking } from './ask/open-asking.ts';
import { createChannels } from './channels/channels.ts';
import { createDigestMails } from './channels/email/digest-mails.ts';
import { openMailThreads } from './channels/email/threads.ts';
import { findOurEnd } from './channels/our-end.ts';
import { createDigestMail } from './digest-mail/digest-mail.ts';
import { type Held, openHolds } from './erasure/holds.ts';
import { isThere } from './erasure/parts-of.ts';
import { type AcceptOptions, acceptEvents } from './events/accept-events.ts';
import { openDeadLetters } from './events/dead-letters.ts';
import { createResumeMemory } from './events/resume-memory.ts';
import { createMailTaker } from './mail/take-mail.ts';
import { createMediaFetcher } from './media/fetch.ts';
import { openMedia } from './media/store.ts';
import type { Usage } from './models/language/allowance.ts';
import { connectBatches } from './models/language/batch/connect-batches.ts';
import { openLanguageModel } from './models/language/open-language-model.ts';
import { costOf } from './models/language/prices.ts';
import { createOfflineModel } from './models/offline/offline-model.ts';
import { createWrittenModel } from './models/written/written-model.ts';
import { openErasing } from './open-erasing.ts';
import { openRetention } from './open-retention.ts';
import { openNameIndex } from './people/name-index.ts';
import { openDirectory } from './people/open-directory.ts';
import type { OurEnd } from './people/people-in-entries.ts';
import { openPeopleIndex, type PeopleIndex } from './people/people-index.ts';
import { whereTheyWrite } from './people/where-they-write.ts';
import { createAccess } from './security/access.ts';
import { createCheckChatToken, ownUserPrefix } from './security/check-chat-token.ts';
import { createSummaryFor } from './security/summary-for.ts';
import { createTellCaller } from './security/tell-caller.ts';
import { openOutbox } from './sends/outbox.ts';
import { putAnswers } from './sends/put-answers.ts';
import type { Settings } from './settings.ts';
import { createBlobService } from './storage/blob-service.ts';
import { type Container, openContainer } from './storage/container.ts';
import { openBatchFiles } from './summaries/batch-files.ts';
import { createBatchNight } from './summaries/batch-night.ts';
import type { PassDependencies } from './summaries/batch-pass.ts';
import { openCatalogue } from './summaries/catalogue.ts';
import { openDigests } from './summaries/digest.ts';
import { createDryRun } from './summaries/estimate-night.ts';
import { createNight } from './summaries/night.ts';
import { openNightFiles } from './summaries/night-files.ts';
import { noteSummaries } from './summaries/note-summaries.ts';
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
  const sending = openAcsClients(settings.acs, { maxRetries: 0 });
  const channels = openChannels({
    settings: settings.acs,
    sending,
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

  const languageModel = openLanguageModel(settings.model);
  const { language: summaryLanguage, tokensPerConversation } = settings.summaries;
  const createModel: PassDependencies['createModel'] = (model, repeat) =>
    createWrittenModel({
      model,
      timeZone: settings.timeZone,
      summaryLanguage,
      tokensPerConversation,
      ...repeat,
    });
  const summaryModel = languageModel ? createModel(languageModel, { clock }) : createOfflineModel();
  const { endpoint } = settings.model;
  const batches = endpoint && connectBatches(endpoint);

  const nightlySummaries = openContainer(patient, 'summaries');
  const nightlyCatalogue = openCatalogue(openContainer(patient, 'catalogue'));
  const nightFiles = openNightFiles(openContainer(patient, 'runs'));
  const batchFiles = openBatchFiles(openContainer(patient, 'runs'));
  const batchNight = batches && createBatchNight({ files: nightFiles, batchFiles, batches, clock });
  const nightly = {
    transcripts: openGuardedTranscripts(openContainer(patient, 'transcripts')),
    summaries: noteSummaries(openSummaries(nightlySummaries), { catalogue: nightlyCatalogue, clock }),
    summaryBlobs: nightlySummaries,
    files: nightFiles,
    ...(languageModel ? { batch: { batchFiles, languageModel, createModel } } : {}),
    ...(batchNight ? { batches: batchNight } : {}),
    digests: openDigests(openContainer(patient, 'digests'), renderDigest),
    model: summaryModel,
    ourEnd,
    costOf: (usage: Usage) =>
      costOf(usage, summaryModel.name, settings.model.prices, settings.model.deployments.batch),
    clock,
  };

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
  const access = createAccess({ people: openContainer(prompt, 'people'), together });
  const summaries = openSummaries(summaryBlobs);
  const summaryFor = createSummaryFor({
    access,
    transcripts,
    summaries,
    model: summaryModel,
    tokensPerView: settings.security.tokensPerView,
    clock,
  });
  const tellCaller = createTellCaller({
    settings: settings.security,
    directory,
    checkChatToken: createCheckChatToken({
      accepts: createAcceptsChatToken(settings.acs),
      clock,
      prefix: ownUserPrefix(settings.acs),
    }),
  });
  const names = openNameIndex(openContainer(prompt, 'people'));
  const asking = openAsking({
    container: openContainer(patient, 'answers'),
    settings: settings.ask,
    timeZone: settings.timeZone,
    people,
    directory,
    names,
    transcripts,
    readTogether,
    together,
    access,
    summarizing: nightly,
    languageModel,
    clock,
  });
  const holds = openHolds(openContainer(prompt, 'holds'), { clock, together });
  const { erasers, erasure } = openErasing(patient, {
    batches,
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

  const night = createNight(nightly);
  const digestMail = createDigestMail({
    ...nightly,
    settings: settings.digestMail,
    publicUrl: settings.publicUrl,
    timeZone: settings.timeZone,
    blobs: openContainer(patient, 'digests'),
    outbox: openOutbox(openContainer(patient, 'outbox'), { clock }),
    catalogue: nightlyCatalogue,
  });
  /** Each of these can be done again. */
  const finishNight = async (finished: Parameters<typeof night.finish>[0]): Promise<void> => {
    await night.finish(finished);
    await digestMail.put(finished.night);
    await nightlyCatalogue.tidy();
  };

  return {
    settings,
    clock,
    analysis,
    sends,
    /** For the timer: it sends, too, what nobody can ask for. */
    sendingChannels: [...channels, createDigestMails(sending)],
    digestMail,
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
    summaries,
    summaryFor,
    summaryBlobs,
    catalogue: openCatalogue(openContainer(prompt, 'catalogue')),
    digests,
    languageModel,
    summaryModel,
    night: { ...night, finish: finishNight },
    /** Present where there is a language model. */
    batchNight,
    dryRun: createDryRun(
      languageModel && settings.summaries.batch
        ? { ...nightly, model: createModel(languageModel, { secret: '', clock }) }
        : nightly,
    ),
    /** How nights are started and told of. */
    nightOptions: {
      clock,
      timeZone: settings.timeZone,
      costOf: nightly.costOf,
      budget: summaryModel.method === 'model' ? settings.summaries.tokensPerRun : undefined,
      batch: settings.summaries.batch,
    },
    people,
    directory,
    names,
    /** Takes nothing for known: what a process has noted once may be gone from storage since. */
    peopleAnew: openGuardedPeople(openContainer(prompt, 'people'), { isAnew: true }),
    media,
    mediaFetcher: createMediaFetcher({ channels, transcripts, media, tombstones, clock }),
    asking,
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
    access,
    tellCaller,
    analyser,
    isStorageReachable: async () => {
      await prompt.getProperties({ abortSignal: AbortSignal.timeout(3_000) });
    },
  };
}
