import { HttpRequest } from '@azure/functions';
import * as z from 'zod';
import { createErasers } from '../../src/shared/erasure/erasers.ts';
import { openHolds } from '../../src/shared/erasure/holds.ts';
import { createRetention } from '../../src/shared/erasure/retention.ts';
import { createMediaEraser } from '../../src/shared/media/erase.ts';
import { openMedia } from '../../src/shared/media/store.ts';
import { createOfflineModel } from '../../src/shared/models/offline/offline-model.ts';
import { eraserOfPeople } from '../../src/shared/people/erase.ts';
import { createLeave } from '../../src/shared/people/leave-conversation.ts';
import { openDirectory } from '../../src/shared/people/open-directory.ts';
import { openPeopleIndex } from '../../src/shared/people/people-index.ts';
import type { RetentionDays } from '../../src/shared/privacy-settings.ts';
import type { Container } from '../../src/shared/storage/container.ts';
import { openDigests } from '../../src/shared/summaries/digest.ts';
import { createDigestsEraser } from '../../src/shared/summaries/erase-digests.ts';
import { createRunsEraser } from '../../src/shared/summaries/erase-runs.ts';
import { createSummariesEraser } from '../../src/shared/summaries/erase-summaries.ts';
import { renderDigest } from '../../src/shared/summaries/render-digest.ts';
import { openSummaries } from '../../src/shared/summaries/store.ts';
import { summarizeConversation } from '../../src/shared/summaries/summarize-conversation.ts';
import { conversationPath } from '../../src/shared/transcripts/conversation-path.ts';
import type { ConversationKey, TranscriptEntry } from '../../src/shared/transcripts/entry.ts';
import { eraserOfTranscripts } from '../../src/shared/transcripts/erase.ts';
import type { Together } from '../../src/shared/transcripts/read-together.ts';
import { openTranscripts } from '../../src/shared/transcripts/store.ts';
import { now } from './retention-entries.ts';

interface Options {
  /** Opens the container of a name: always the same one. */
  open: (name: string) => Container;
  retentionDays?: RetentionDays;
  together?: Together;
  clock?: () => Date;
  batchSize?: number;
  mostTouched?: number;
  stepMilliseconds?: number;
  appendsPerSegment?: number;
}

const names = [
  'transcripts',
  'summaries',
  'digests',
  'runs',
  'media',
  'people',
  'holds',
  'erasures',
] as const;

let accounts = 0;

/** Names containers of an account that nobody else has. */
export function newAccount(): (name: string) => string {
  accounts += 1;
  const account = `retention-${process.pid}-${accounts}`;
  return (name) => `${account}-${name}`;
}

/** All that a sweep by age needs, as the app puts it together. */
export function openParts(options: Options) {
  const {
    open,
    retentionDays = { everywhere: 90, byChannel: {} },
    together = async ({ id }) => [id],
    clock = () => new Date(now),
    batchSize,
    mostTouched,
    stepMilliseconds,
    appendsPerSegment,
  } = options;
  const opened = names.map((name) => [name, open(name)] as const);
  const blobs = Object.fromEntries(opened) as Record<(typeof names)[number], Container>;
  const transcripts = openTranscripts(blobs.transcripts, { segmentBytes: 64 * 1024 ** 2, appendsPerSegment });
  const people = openPeopleIndex(blobs.people);
  const holds = openHolds(blobs.holds, { clock, together });
  const directory = openDirectory(blobs.people);
  const containers = [
    eraserOfPeople(blobs.people),
    createMediaEraser(blobs.media),
    createSummariesEraser(blobs.summaries),
    createDigestsEraser(blobs.digests, { runs: blobs.runs, clock }),
    createRunsEraser(blobs.runs, { clock }),
    eraserOfTranscripts(blobs.transcripts),
  ].map((eraser) => ({ ...eraser, store: nameOf(eraser.store) }));
  const erasers = createErasers({ containers, queues: [] });
  const retention = createRetention({
    transcripts,
    transcriptBlobs: blobs.transcripts,
    mediaBlobs: blobs.media,
    summaryBlobs: blobs.summaries,
    erasures: blobs.erasures,
    people: openPeopleIndex(blobs.people, { isAnew: true }),
    leave: createLeave(blobs.people),
    erasers,
    together,
    holds,
    directory,
    retentionDays,
    clock,
    batchSize,
    mostTouched,
    stepMilliseconds,
  });
  const summaries = openSummaries(blobs.summaries);

  /** An eraser that calls itself by its container has a name of the test. */
  function nameOf(store: string): string {
    return opened.find(([, { client }]) => client.containerName === store)?.[0] ?? store;
  }

  return {
    options,
    blobs,
    transcripts,
    people,
    holds,
    directory,
    retention,
    media: openMedia(blobs.media, { mediaBytes: 1024 ** 2 }),
    digests: openDigests(blobs.digests, renderDigest),
    /** As a webhook does it. */
    async store(key: ConversationKey, entries: readonly TranscriptEntry[]): Promise<void> {
      await transcripts.append(key, entries);
      await people.note(key, entries);
    },
    /** As a night does it. */
    summarize: (key: ConversationKey) =>
      summarizeConversation(
        { path: conversationPath(key), segments: [] },
        { transcripts, summaries, model: createOfflineModel(), clock },
      ),
    summaryOf: async (key: ConversationKey) => (await summaries.get(conversationPath(key)))?.summary,
    /** Ids of the messages that there are, in their order; undefined where the conversation is gone. */
    async messagesOf(key: ConversationKey): Promise<string[] | undefined> {
      const transcript = await transcripts.read(conversationPath(key));
      return transcript?.conversation.messages.map(({ id }) => id);
    },
    /** Starts a sweep and carries it out, as its orchestration does. Returns what is told of it. */
    async sweep({ isDryRun = false } = {}) {
      const { state } = await retention.start(idle, { isDryRun });
      await carryOut(state.id);
      return tell(state.id);
    },
    tell,
    carryOut,
  };

  /** What is told of a sweep. Throws where there is none. */
  async function tell(id: string) {
    const params = { id: id.replace('retention-', '') };
    const url = `http://127.0.0.1/api/retention/runs/${params.id}`;
    return report.parse(
      (await retention.get(new HttpRequest({ method: 'GET', url, params }), idle)).jsonBody,
    );
  }

  async function carryOut(id: string): Promise<void> {
    for (let steps = 0; !(await retention.step({ id })).isDone; steps += 1) {
      if (steps > 1_000) throw new Error('the sweep never ends');
    }
  }
}

const report = z.looseObject({
  state: z.string(),
  conversations: z.int(),
  read: z.int(),
  onHold: z.int(),
  messages: z.int(),
  erased: z.int(),
  shortened: z.int(),
  failed: z.int(),
  removed: z.record(z.string(), z.int()).default({}),
});

/** Nothing runs by itself: the test does what the orchestration does. */
const idle = {
  startNew: async () => '',
  getStatus: async () => {
    throw new Error('404');
  },
};
