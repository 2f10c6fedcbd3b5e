import assert from 'node:assert/strict';
import { setTimeout as wait } from 'node:timers/promises';
import { HttpRequest } from '@azure/functions';
import { BlobServiceClient, newPipeline, type RequestPolicyFactory } from '@azure/storage-blob';
import * as z from 'zod';
import type { AcsClients } from '../../src/shared/acs/clients.ts';
import type { Channel } from '../../src/shared/channels/channel.ts';
import { createChatImporter } from '../../src/shared/channels/chat/import-chat.ts';
import { createPacing } from '../../src/shared/channels/chat/pace-requests.ts';
import { chat } from '../../src/shared/channels/chat/read-chat-event.ts';
import { acceptEvents } from '../../src/shared/events/accept-events.ts';
import { createResumeMemory } from '../../src/shared/events/resume-memory.ts';
import { openMedia } from '../../src/shared/media/store.ts';
import { openDirectory } from '../../src/shared/people/open-directory.ts';
import { openPeopleIndex } from '../../src/shared/people/people-index.ts';
import { type Container, openContainer } from '../../src/shared/storage/container.ts';
import { guardPeople, guardTranscripts } from '../../src/shared/tombstones/guard.ts';
import type { Tombstones } from '../../src/shared/tombstones/tombstones.ts';
import type { Conversation } from '../../src/shared/transcripts/conversation.ts';
import { openTranscripts } from '../../src/shared/transcripts/store.ts';
import { createTransfer } from '../../src/shared/transfer/transfer.ts';
import { nothingBuried } from '../support/tombstones.ts';

/** The names of the containers of one account of a test. */
export type Account = Record<'transcripts' | 'imports' | 'exports' | 'media' | 'people', string>;

let accounts = 0;

export function newAccount(): Account {
  accounts += 1;
  const name = (part: string): string => `${part}-${process.pid}-${accounts}`;
  return {
    transcripts: name('transcripts'),
    imports: name('imports'),
    exports: name('exports'),
    media: name('media'),
    people: name('people'),
  };
}

interface Options {
  account?: Account;
  clients?: AcsClients;
  serviceUser?: string;
  stepMilliseconds?: number;
  saveMilliseconds?: number;
  pause?: (milliseconds: number) => Promise<unknown>;
  batchSize?: number;
  /** Between the clients and the storage. */
  policy?: RequestPolicyFactory;
  clock?: () => Date;
  tombstones?: Tombstones;
}

export type Bench = ReturnType<typeof openBench>;

/** All parts of import and export on one account. */
export function openBench(connectionString: string, options: Options = {}) {
  const { account = newAccount(), clients, serviceUser, policy, clock = () => new Date() } = options;
  const { tombstones = nothingBuried } = options;
  const { url, credential } = BlobServiceClient.fromConnectionString(connectionString);
  const pipeline = newPipeline(credential, { retryOptions: { maxTries: 2, retryDelayInMs: 200 } });
  if (policy) pipeline.factories.push(policy);
  const service = new BlobServiceClient(url, pipeline);
  const open = (name: string): Container => openContainer(service, name);
  const blobs = {
    transcripts: open(account.transcripts),
    imports: open(account.imports),
    exports: open(account.exports),
    media: open(account.media),
  };
  const transcripts = guardTranscripts(
    openTranscripts(blobs.transcripts, { segmentBytes: 64 * 1024 ** 2 }),
    tombstones,
  );
  const people = guardPeople(openPeopleIndex(open(account.people)), tombstones);
  const directory = openDirectory(open(account.people));
  const media = openMedia(blobs.media, { mediaBytes: 1024 ** 2 });
  const importer = clients
    ? createChatImporter({ clients, serviceUser, transcripts, takePlace: createPacing({ clock }), clock })
    : undefined;
  const channels: Channel[] = [{ ...chat, ...(importer ? { importer } : {}) }];
  const { stepMilliseconds, saveMilliseconds, batchSize, pause } = options;
  const pace = { stepMilliseconds, saveMilliseconds, batchSize, pause };
  const transfer = createTransfer({
    channels,
    blobs,
    transcripts,
    media,
    people,
    directory,
    tombstones,
    clock,
    ...pace,
  });
  const deadLetters = { put: async () => assert.fail('an event could not be read') };
  const memory = createResumeMemory({ clock });
  return {
    account,
    blobs,
    transcripts,
    people,
    directory,
    media,
    transfer,
    accept: (events: readonly unknown[]) =>
      acceptEvents(events, { channels, transcripts, deadLetters, memory, people, tombstones }),
  };
}

const started = z.looseObject({ id: z.string() });
const report = z.looseObject({
  id: z.string(),
  state: z.string(),
  read: z.number().optional(),
  added: z.number().optional(),
  skipped: z.number().optional(),
  forgotten: z.number().optional(),
  failed: z.number().optional(),
  problems: z.array(z.object({ where: z.string(), reason: z.string() })).optional(),
  readAs: z.array(z.string()).optional(),
});
export type Report = z.infer<typeof report>;

type Kind = 'import' | 'export';

/** Starts one as `POST /api/{kind}` does; returns its id. */
export async function start({ transfer }: Bench, kind: Kind, body: unknown): Promise<string> {
  const request = new HttpRequest({
    method: 'POST',
    url: `http://localhost/api/${kind}`,
    body: { string: JSON.stringify(body) },
  });
  const answer = await transfer[`${kind}s`].start(request, { startNew: async () => '' });
  assert.equal(answer.status, 202);
  return started.parse(answer.jsonBody).id;
}

/** Runs steps as the orchestration does. */
export async function runSteps({ transfer }: Bench, kind: Kind, id: string): Promise<number> {
  for (let steps = 1; ; steps += 1) {
    const { isDone, waitMilliseconds } = await transfer[`${kind}Step`]({ id });
    if (isDone) return steps;
    await wait(waitMilliseconds);
  }
}

export async function tell({ transfer }: Bench, kind: Kind, id: string): Promise<Report> {
  const request = new HttpRequest({
    method: 'GET',
    url: `http://localhost/api/${kind}/${id}`,
    params: { id },
  });
  const answer = await transfer[`${kind}s`].read(request, {
    getStatus: async () => {
      throw new Error('404');
    },
  });
  return report.parse(answer.jsonBody);
}

export async function run(bench: Bench, kind: Kind, body: unknown): Promise<Report> {
  const id = await start(bench, kind, body);
  await runSteps(bench, kind, id);
  return tell(bench, kind, id);
}

export async function cancel({ transfer }: Bench, kind: Kind, id: string): Promise<void> {
  const url = `http://localhost/api/${kind}/${id}`;
  await transfer[`${kind}s`].cancel(new HttpRequest({ method: 'DELETE', url, params: { id } }));
}

/** The lines of all transcripts as they are stored, oldest first within each. */
export async function linesOf({ blobs }: Bench): Promise<string[]> {
  const lines: string[] = [];
  for await (const page of blobs.transcripts.pages({})) {
    for (const { name } of page.blobs) {
      const bytes = await blobs.transcripts.client.getBlobClient(name).downloadToBuffer();
      lines.push(...bytes.toString('utf8').split('\n').slice(0, -1));
    }
  }
  return lines;
}

/** The folds of all conversations, by path. */
export async function foldAll({ transcripts }: Bench): Promise<Map<string, Conversation>> {
  const folds = new Map<string, Conversation>();
  for await (const { path } of transcripts.list()) {
    const transcript = await transcripts.read(path);
    if (transcript) folds.set(path, transcript.conversation);
  }
  return folds;
}
