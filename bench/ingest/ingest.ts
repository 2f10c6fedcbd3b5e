import pMap from 'p-map';
import { createServices } from '../../src/shared/services.ts';
import { readSettings } from '../../src/shared/settings.ts';
import type { Container } from '../../src/shared/storage/container.ts';
import { conversationPath } from '../../src/shared/transcripts/conversation-path.ts';
import { divide } from '../measure/sample.ts';
import { timed } from '../measure/stopwatch.ts';
import { printFigures, printRatio } from '../measure/table.ts';
import { takeTurns } from '../measure/take-turns.ts';
import { readEntries } from '../setup/read-entries.ts';
import { type Storage, withAzurite } from '../setup/with-azurite.ts';
import { countBlobs, countMessages, type Found } from './count-stored.ts';
import { makeBatches } from './make-batches.ts';

/** Requests under way at once at most: for Parley three batches, each with one append for each of 10 conversations. */
const concurrency = 32;
const batchesAtOnce = 3;

const work = makeBatches();

/**
 * Stores batches of events with redeliveries among them, as Parley does and as one conditional write per message; then
 * looks whether everything is there, once. The rival has no use for batches: its writes follow one another freely.
 */
export function benchmarkIngest(): Promise<void> {
  return withAzurite(async (storage) => {
    await fill(storage.container('other-messages'));
    const figures = await takeTurns({
      Parley: () => storeBatches(storage),
      'one conditional write per message': () => writeSingly(storage.container('single-messages')),
    });
    printFigures('events/s', figures);
    console.log(`  both: ${work.events} events, ${work.messages} messages, 0 lost, 0 duplicates`);
    const ratio = divide(figures.Parley, figures['one conditional write per message']);
    printRatio('more events per second', ratio, { atLeast: 5, unit: '×' });
  });
}

/**
 * Azurite looks at every blob it holds to find one. So both sides start on a store that is not empty: with as many blobs
 * as the rival adds, which Parley would otherwise never see.
 */
async function fill(blobs: Container): Promise<void> {
  await pMap(work.batches.flat(), (event) => writeOnce(blobs, event), { concurrency });
}

async function storeBatches({ connectionString, container }: Storage): Promise<number> {
  const settings = readSettings({
    AzureWebJobsStorage: connectionString,
    // Looks whether anything was erased, as on an account where erasing is possible.
    ERASURE_SECRET: 'fake-secret-of-a-benchmark',
  });
  const { accept, transcripts } = createServices(settings);
  return inNewContainer(container('transcripts'), async () => {
    const store = (batch: readonly unknown[]) => accept(batch);
    const [, milliseconds] = await timed(() => pMap(work.batches, store, { concurrency: batchesAtOnce }));
    check('Parley', await countMessages(transcripts));
    return eventsPerSecond(milliseconds);
  });
}

function writeSingly(blobs: Container): Promise<number> {
  return inNewContainer(blobs, async () => {
    const write = (event: unknown) => writeOnce(blobs, event);
    const [, milliseconds] = await timed(() => pMap(work.batches.flat(), write, { concurrency }));
    check('one conditional write per message', await countBlobs(blobs));
    return eventsPerSecond(milliseconds);
  });
}

async function inNewContainer<Result>({ client }: Container, run: () => Promise<Result>): Promise<Result> {
  await client.create();
  try {
    return await run();
  } finally {
    await client.delete();
  }
}

async function writeOnce(blobs: Container, event: unknown): Promise<void> {
  for (const entry of readEntries(event)) {
    const folder = conversationPath({ channel: 'chat', id: entry.conversation });
    await blobs.write(`${folder}/${encodeURIComponent(entry.id)}.json`, JSON.stringify(entry), {
      contentType: 'application/json',
      replaces: 'none',
    });
  }
}

function eventsPerSecond(milliseconds: number): number {
  return work.events / (milliseconds / 1000);
}

function check(side: string, { conversations, messages, duplicates }: Found): void {
  const lost = work.messages - messages;
  if (lost === 0 && duplicates === 0 && conversations === work.conversations) return;
  throw new Error(
    `${side}: ${conversations} conversations, ${lost} messages lost, ${duplicates} duplicates.`,
  );
}
