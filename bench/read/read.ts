import pMap from 'p-map';
import { openTranscripts, type TranscriptStore } from '../../src/shared/transcripts/store.ts';
import { divide } from '../measure/sample.ts';
import { timed } from '../measure/stopwatch.ts';
import { printFigures, printRatio } from '../measure/table.ts';
import { takeTurns } from '../measure/take-turns.ts';
import { withAzurite } from '../setup/with-azurite.ts';
import { readEveryBlob } from './read-every-blob.ts';
import { conversations, messages, writeSegments, writeSingleBlobs } from './write-messages.ts';

/** Requests under way at once, the same for every side. */
const concurrency = 16;
const segmentBytes = 64 * 1024 ** 2;
const aim = { atLeast: 15, unit: '×' };

/**
 * Reads a night's conversations to their folded messages: bare on both sides (one listing, one GET per blob, the same
 * code), and as Parley's night reads, through its own list and read.
 * Azurite reads an append blob block by block, so that how the messages arrived is part of the figure: a conversation at
 * once, in batches of 100 events over 10 conversations, or one by one.
 */
export function benchmarkRead(): Promise<void> {
  return withAzurite(async ({ container }) => {
    const atOnce = container('at-once');
    const batches = container('batches');
    const singly = container('singly');
    const rival = container('one-blob-per-message');
    await writeSegments(openTranscripts(atOnce, { segmentBytes }), { messagesAtOnce: messages });
    await writeSegments(openTranscripts(batches, { segmentBytes }), { messagesAtOnce: 10 });
    await writeSegments(openTranscripts(singly, { segmentBytes }), { messagesAtOnce: 1 });
    await writeSingleBlobs(rival);

    const bare = (blobs: typeof rival) => () => measure(() => readEveryBlob(blobs, { concurrency }));
    const night = (blobs: typeof rival) => () =>
      measure(() => readAsNight(openTranscripts(blobs, { segmentBytes })));
    const figures = await takeTurns({
      'one blob per message': bare(rival),
      'Parley, arrived at once, bare': bare(atOnce),
      'Parley, arrived at once, as the night reads': night(atOnce),
      'Parley, arrived in batches, bare': bare(batches),
      'Parley, arrived in batches, as the night reads': night(batches),
      'Parley, arrived one by one, bare': bare(singly),
      'Parley, arrived one by one, as the night reads': night(singly),
    });
    printFigures('ms', figures);
    const { 'one blob per message': single, ...ours } = figures;
    for (const [name, values] of Object.entries(ours)) {
      printRatio(
        `faster: ${name}`,
        divide(single, values),
        /(?:at once|batches), bare$/.test(name) ? aim : undefined,
      );
    }
  });
}

async function measure(read: () => Promise<number>): Promise<number> {
  const [found, milliseconds] = await timed(read);
  const expected = conversations * messages;
  if (found !== expected) throw new Error(`${found} messages were read instead of ${expected}.`);
  return milliseconds;
}

async function readAsNight(transcripts: TranscriptStore): Promise<number> {
  const read = await pMap(transcripts.list(), ({ path, segments }) => transcripts.read(path, { segments }), {
    concurrency,
  });
  return read.reduce((sum, transcript) => sum + (transcript?.conversation.messages.length ?? 0), 0);
}
