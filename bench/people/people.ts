import pMap from 'p-map';
import { findConversations } from '../../src/shared/people/find-conversations.ts';
import { openPeopleIndex, type PeopleIndex } from '../../src/shared/people/people-index.ts';
import type { TranscriptEntry } from '../../src/shared/transcripts/entry.ts';
import { openTranscripts, type TranscriptStore } from '../../src/shared/transcripts/store.ts';
import { divide } from '../measure/sample.ts';
import { timed } from '../measure/stopwatch.ts';
import { printFigures, printRatio } from '../measure/table.ts';
import { takeTurns } from '../measure/take-turns.ts';
import { withAzurite } from '../setup/with-azurite.ts';

const conversations = 1_000;
/** Joe takes part in each tenth conversation. */
const oneIn = 10;
const messages = 20;
const joe = '4:+15551230001';
const concurrency = 32;
const start = Date.parse('2026-11-23T09:00:00.000Z');

/** Finds the conversations of one person among a thousand: by the index of people, and by reading all transcripts. */
export function benchmarkPeople(): Promise<void> {
  return withAzurite(async ({ container }) => {
    const transcripts = openTranscripts(container('transcripts'), { segmentBytes: 64 * 1024 ** 2 });
    const people = openPeopleIndex(container('people'));
    await write(transcripts, people);
    const figures = await takeTurns({
      'by the index of people': () => measure(() => byIndex(people, transcripts)),
      'by reading every transcript': () => measure(() => byReading(transcripts)),
    });
    printFigures('ms', figures);
    console.log(`  ${conversations / oneIn} of ${conversations} conversations of ${messages} messages each`);
    const { 'by the index of people': ours, 'by reading every transcript': rival } = figures;
    printRatio('faster', divide(rival, ours));
  });
}

async function write(transcripts: TranscriptStore, people: PeopleIndex): Promise<void> {
  const numbers = Array.from({ length: conversations }, (_, number) => number);
  const writeOne = async (number: number): Promise<void> => {
    const key = { channel: 'sms', id: `+18005550100:+1555${String(number).padStart(7, '0')}` };
    const entries = Array.from({ length: messages }, (_, index) => entryOf(key.id, number, index));
    await transcripts.append(key, entries);
    await people.note(key, entries);
  };
  await pMap(numbers, writeOne, { concurrency });
}

function entryOf(conversation: string, number: number, index: number): TranscriptEntry {
  const at = new Date(start + index * 60_000).toISOString();
  const version = String(Date.parse(at));
  const sender = { id: number % oneIn === 0 ? joe : `4:+1555${number}` };
  const messageId = `${number}-${index}`;
  const text = 'The printer on the second floor stopped working this morning.';
  return {
    kind: 'message',
    id: `message:${messageId}:${version}`,
    conversation,
    version,
    at,
    messageId,
    sender,
    text,
  };
}

async function byIndex(people: PeopleIndex, transcripts: TranscriptStore): Promise<number> {
  const found = await findConversations({ identities: [joe], limit: conversations }, { people, transcripts });
  return found.conversations.length;
}

async function byReading(transcripts: TranscriptStore): Promise<number> {
  let found = 0;
  const look = async ({ path, segments }: { path: string; segments: string[] }): Promise<void> => {
    const transcript = await transcripts.read(path, { segments });
    if (transcript?.conversation.participants.some(({ id }) => id === joe)) found += 1;
  };
  await pMap(transcripts.list(), look, { concurrency });
  return found;
}

async function measure(find: () => Promise<number>): Promise<number> {
  const [found, milliseconds] = await timed(find);
  if (found !== conversations / oneIn) throw new Error(`${found} conversations were found.`);
  return milliseconds;
}
