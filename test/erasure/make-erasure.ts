import { HttpRequest } from '@azure/functions';
import type { Channel } from '../../src/shared/channels/channel.ts';
import { createMailThreadsEraser } from '../../src/shared/channels/email/erase-threads.ts';
import { openMailThreads } from '../../src/shared/channels/email/threads.ts';
import { createErasers } from '../../src/shared/erasure/erasers.ts';
import { createErasure } from '../../src/shared/erasure/erasure.ts';
import { openHolds } from '../../src/shared/erasure/holds.ts';
import { createMediaEraser } from '../../src/shared/media/erase.ts';
import { openMedia } from '../../src/shared/media/store.ts';
import { eraserOfPeople } from '../../src/shared/people/erase.ts';
import { openDirectory } from '../../src/shared/people/open-directory.ts';
import { openPeopleIndex } from '../../src/shared/people/people-index.ts';
import type { Container } from '../../src/shared/storage/container.ts';
import { isStorageFault } from '../../src/shared/storage/storage-errors.ts';
import { createDigestsEraser } from '../../src/shared/summaries/erase-digests.ts';
import { createRunsEraser } from '../../src/shared/summaries/erase-runs.ts';
import { createSummariesEraser } from '../../src/shared/summaries/erase-summaries.ts';
import { guardPeople, guardTranscripts } from '../../src/shared/tombstones/guard.ts';
import type { ConversationKey, TranscriptEntry } from '../../src/shared/transcripts/entry.ts';
import { eraserOfTranscripts } from '../../src/shared/transcripts/erase.ts';
import type { Together } from '../../src/shared/transcripts/read-together.ts';
import { openTranscripts } from '../../src/shared/transcripts/store.ts';
import { openAsProcess } from '../support/tombstones.ts';

const names = [
  'transcripts',
  'summaries',
  'digests',
  'runs',
  'media',
  'people',
  'mail-threads',
  'holds',
  'erasures',
  'tombstones',
] as const;

type Name = (typeof names)[number];

export const settleSeconds = 1;

interface Options {
  prefix?: string;
  stepMilliseconds?: number;
  isConfigured?: boolean;
  channels?: readonly Pick<Channel, 'name' | 'eraseAtProvider'>[];
}

/** All that erasing needs, as the app puts it together, on storage of any names. The clock is real, and may be put ahead. */
export function openErasing(
  open: (name: string) => Container,
  { prefix = '', stepMilliseconds = 60_000, isConfigured = true, channels = [] }: Options = {},
) {
  let ahead = 0;
  const clock = () => new Date(Date.now() + ahead);
  const blobs = Object.fromEntries(names.map((name) => [name, open(`${prefix}${name}`)])) as Record<
    Name,
    Container
  >;
  const tombstones = openAsProcess(blobs.tombstones, { settleSeconds, clock });
  const transcripts = guardTranscripts(
    openTranscripts(blobs.transcripts, { segmentBytes: 64 * 1024 ** 2 }),
    tombstones,
  );
  const people = guardPeople(openPeopleIndex(blobs.people), tombstones);
  const directory = openDirectory(blobs.people);
  const mailThreads = openMailThreads(blobs['mail-threads'], { clock });
  const together: Together = async ({ channel, id }, options) =>
    channel === 'email' ? mailThreads.together(id, options) : [id];
  const holds = openHolds(blobs.holds, { clock, together });
  const erasers = createErasers({
    containers: [
      { ...eraserOfPeople(blobs.people), store: 'people' },
      createSummariesEraser(blobs.summaries),
      createMediaEraser(blobs.media),
      createMailThreadsEraser(blobs['mail-threads']),
      createRunsEraser(blobs.runs, { clock }),
      createDigestsEraser(blobs.digests, { runs: blobs.runs, clock }),
      eraserOfTranscripts(blobs.transcripts),
    ],
    queues: [],
  });
  const erasure = createErasure({
    erasers,
    blobs,
    transcripts,
    tombstones,
    directory,
    people,
    holds,
    channels,
    together,
    findOurEnd: () => undefined,
    isConfigured,
    settleSeconds,
    clock,
    stepMilliseconds,
  });
  const client = createClient();

  return {
    blobs,
    tombstones,
    transcripts,
    people,
    directory,
    holds,
    mailThreads,
    erasers,
    erasure,
    client,
    media: openMedia(blobs.media, { mediaBytes: 1024 ** 2 }),
    /** As a webhook does it. */
    async store(key: ConversationKey, entries: readonly TranscriptEntry[]): Promise<void> {
      const admitted = await tombstones.admit(key, entries);
      await transcripts.append(key, admitted);
      await people.note(key, admitted);
    },
    /** Starts an erasure by its address, and returns the id. */
    async begin(path: string): Promise<string> {
      const { serve } = erasure;
      const isPerson = path.startsWith('/api/people/');
      const request = requestOf(path);
      const { status, jsonBody } = await (isPerson ? serve.erasePerson : serve.eraseConversation)(
        request,
        client,
      );
      if (status !== 202) throw new Error(`answered ${status}`);
      return String(Object(jsonBody).id);
    },
    /** As the orchestration does it, but without waiting; what storage is to blame for is tried again. */
    async run(id: string): Promise<void> {
      for (;;) {
        const { isDone, waitMilliseconds } = await erasure.erasureStep({ id }).catch((error: unknown) => {
          if (!isStorageFault(error)) throw error;
          return { isDone: false, waitMilliseconds: 0 };
        });
        if (isDone) break;
        ahead += waitMilliseconds;
      }
      client.end(id);
    },
    async receipt(id: string): Promise<Record<string, unknown>> {
      const { jsonBody } = await erasure.serve.receipt(requestOf(`/api/erasures/${id}`), client);
      return Object(jsonBody);
    },
  };
}

export type { Options as ErasingOptions };
export type Erasing = ReturnType<typeof openErasing>;

export function requestOf(path: string): HttpRequest {
  const url = new URL(path, 'http://localhost:7071');
  const parts = url.pathname.split('/').map(decodeURIComponent);
  const query = Object.fromEntries(url.searchParams);
  return new HttpRequest({ method: 'DELETE', url: url.href, query, params: { id: parts.at(-1) ?? '' } });
}

/** What starts orchestrations, and remembers which of them run. */
function createClient() {
  const running = new Set<string>();
  return {
    running,
    end: (id: string) => running.delete(`erasure-${id}`),
    async startNew(_: string, { instanceId = '' }: { instanceId?: string } = {}): Promise<string> {
      running.add(instanceId);
      return instanceId;
    },
    async getStatus(instanceId: string): Promise<never> {
      if (!running.has(instanceId)) throw new Error('the host answered 404');
      return { runtimeStatus: 'Running' } as never;
    },
  };
}
