import { BlobServiceClient, newPipeline, StorageSharedKeyCredential } from '@azure/storage-blob';
import pMap from 'p-map';
import { type Container, openContainer } from '../../src/shared/storage/container.ts';
import type { ConversationKey } from '../../src/shared/transcripts/entry.ts';
import { entriesIn } from '../../test/erasure/retention-entries.ts';
import { newAccount, openParts } from '../../test/erasure/retention-parts.ts';
import { timed } from '../measure/stopwatch.ts';
import { printTable } from '../measure/table.ts';
import { textOf, threadOf } from '../setup/conversations.ts';
import { withAzurite } from '../setup/with-azurite.ts';

const conversations = 1_000;
/** Each twentieth conversation has something to go. */
const oneIn = 20;
const messages = 20;
const concurrency = 16;

interface Figures {
  requests: number;
  milliseconds: number;
}

interface Nights {
  first: Figures;
  /** When nothing is to go. */
  second: Figures;
}

/** Sweeps a thousand conversations whose summaries tell the time of their oldest message, and the same without these. */
export function benchmarkRetention(): Promise<void> {
  return withAzurite(async ({ connectionString }) => {
    const ours = await measure(connectionString, { isSummarized: true });
    const rival = await measure(connectionString, { isSummarized: false });
    const row = (name: string, { first, second }: Nights) => [
      name,
      ...[first, second].flatMap(({ requests, milliseconds }) => [String(requests), milliseconds.toFixed(0)]),
    ];
    const head = ['', `requests, ${conversations / oneIn} shortened`, 'ms', 'requests, nothing to go', 'ms'];
    printTable(head, [row('as listings tell', ours), row('reading all', rival)]);
    for (const night of ['first', 'second'] as const) {
      const times = (rival[night].requests / ours[night].requests).toFixed(1);
      console.log(`  ${times}× fewer requests in the ${night} night`);
    }
    console.log(`  ${conversations} conversations of ${messages} messages (one run)`);
  });
}

async function measure(
  connectionString: string,
  { isSummarized }: { isSummarized: boolean },
): Promise<Nights> {
  const account = newAccount();
  const { open, requests } = openCounted(connectionString);
  const parts = openParts({ open: (name) => open(account(name)) });
  const numbers = Array.from({ length: conversations }, (_, number) => number);
  const write = async (number: number): Promise<void> => {
    const key: ConversationKey = { channel: 'chat', id: threadOf(number) };
    const { said } = entriesIn(key);
    const oldest = number % oneIn === 0 ? 100 : 80;
    const entries = Array.from({ length: messages }, (_, index) =>
      said(String(index), index === 0 ? oldest : 40 - index, { text: textOf(number, index) }),
    );
    await parts.transcripts.append(key, entries);
    if (isSummarized) await parts.summarize(key);
  };
  await pMap(numbers, write, { concurrency });
  const sweep = async (shortened: number): Promise<Figures> => {
    const before = requests();
    const [told, milliseconds] = await timed(() => parts.sweep());
    if (told.shortened !== shortened || told.messages !== shortened) {
      throw new Error(`${told.messages} messages of ${told.shortened} conversations went.`);
    }
    return { requests: requests() - before, milliseconds };
  };
  const first = await sweep(conversations / oneIn);
  if (isSummarized) {
    const shortened = numbers.filter((number) => number % oneIn === 0);
    await pMap(shortened, (number) => parts.summarize({ channel: 'chat', id: threadOf(number) }), {
      concurrency,
    });
  }
  return { first, second: await sweep(0) };
}

/** Counts the requests that reach storage, repeated ones too. */
function openCounted(connectionString: string): {
  open: (name: string) => Container;
  requests: () => number;
} {
  let requests = 0;
  const setting = (name: string) => new RegExp(`${name}=([^;]+)`).exec(connectionString)?.[1] ?? '';
  const credential = new StorageSharedKeyCredential(setting('AccountName'), setting('AccountKey'));
  const pipeline = newPipeline(credential, { retryOptions: { maxTries: 4 } });
  pipeline.factories.push({
    create: (next) => ({
      sendRequest(request) {
        requests += 1;
        return next.sendRequest(request);
      },
    }),
  });
  const service = new BlobServiceClient(setting('BlobEndpoint'), pipeline);
  return { open: (name) => openContainer(service, name), requests: () => requests };
}
