import { setTimeout as wait } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import * as z from 'zod';
import { buildIfStale } from '../../local/build-if-stale.ts';
import { appFolder } from '../../local/stack.ts';
import { sent, user } from '../../test/support/chat-events.ts';
import { timed } from '../measure/stopwatch.ts';
import { printTable } from '../measure/table.ts';
import type { Scene } from '../night/measure-night.ts';
import { subtractCounts } from '../night/start-counted-azurite.ts';
import { withScene } from '../night/with-scene.ts';
import { threadOf } from '../setup/conversations.ts';
import { postConversations } from '../setup/post-conversations.ts';

/** In each conversation. */
const messages = 20;
/** Groups in which she wrote, threads of two, and conversations of others in which she is quoted. */
const groups = 20;
const pairs = 5;
const quotes = 5;

const words =
  'The walnut compass stands in the boathouse behind the osprey nest, next to the lanterns of the harbour master';
const operationsShown = 12;
const pollMilliseconds = 100;

const receipt = z.object({
  state: z.string(),
  conversations: z.object({ erased: z.int(), redacted: z.int() }),
});

/** Erases one person among many conversations, through the front door: time and requests to storage. */
export async function benchmarkErase(args: string[]): Promise<void> {
  const { values } = parseArgs({ args, options: { conversations: { type: 'string', default: '1000' } } });
  const conversations = [...Array(Number(values.conversations)).keys()];
  await buildIfStale(appFolder, console.log);
  await withScene(async (scene) => {
    await postConversations(scene.parley.url, conversations, { to: messages });
    await addMira(scene.parley.url);
    const before = await scene.azurite.readCounts();
    const [{ conversations: touched }, milliseconds] = await timed(() => erase(scene));
    const operations = subtractCounts(await scene.azurite.readCounts(), before);
    const total = Object.values(operations).reduce((sum, count) => sum + count, 0);
    const all = conversations.length + pairs;
    printTable(
      ['', ''],
      [
        ['conversations', `${all}`],
        ['messages', `${conversations.length * messages}`],
        ['erased whole', `${touched.erased}`],
        ['rewritten', `${touched.redacted}`],
        ['wall time, settling included', `${(milliseconds / 1_000).toFixed(1)} s`],
        ['storage operations', `${total}`],
        ['storage operations per conversation', (total / all).toFixed(2)],
      ],
    );
    for (const [name, count] of Object.entries(operations).slice(0, operationsShown)) {
      console.log(`    ${count}  ${name}`);
    }
    if (touched.erased !== pairs || touched.redacted !== groups + quotes) {
      throw new Error(`Not what was to go: ${JSON.stringify(touched)}.`);
    }
  });
}

async function addMira(url: string): Promise<void> {
  const says = (thread: string, from: string, text: string, second: number) =>
    sent(thread, { id: String(1_765_000_000_000 + second), from, text, second, name: `${from} Tallow` });
  const events = [
    ...numbers(groups).map((number) => says(threadOf(number), 'Mira', `${words}.`, 7_000 + number)),
    ...numbers(pairs).flatMap((number) => [
      says(`19:pair-${number}@thread.v2`, 'Mira', `${words}, Ada.`, 8_000 + 2 * number),
      says(`19:pair-${number}@thread.v2`, 'Ada', 'I see.', 8_001 + 2 * number),
    ]),
    ...numbers(quotes).map((number) =>
      says(threadOf(groups + number), 'Ada', `She wrote: "${words}."`, 9_000 + number),
    ),
  ];
  const body = JSON.stringify(events);
  const response = await fetch(`${url}/api/events`, { method: 'POST', body, headers });
  if (response.status !== 200) throw new Error(`The events were answered ${response.status}.`);
}

const headers = { 'content-type': 'application/json' };

async function erase({ parley: { url } }: Scene): Promise<z.infer<typeof receipt>> {
  const body = JSON.stringify({ name: 'Mira Tallow', identities: [user('Mira')] });
  const person = await (await fetch(`${url}/api/people`, { method: 'POST', body, headers })).json();
  const { id } = z.object({ id: z.string() }).parse(person);
  const started = await fetch(`${url}/api/people/${id}`, { method: 'DELETE' });
  const address = started.headers.get('location');
  if (address === null) throw new Error(`DELETE was answered ${started.status}.`);
  for (;;) {
    const told = receipt.parse(await (await fetch(address)).json());
    if (told.state === 'completed') return told;
    if (told.state !== 'running') throw new Error(`The erasure ended ${told.state}.`);
    await wait(pollMilliseconds);
  }
}

function numbers(count: number): number[] {
  return [...Array(count).keys()];
}
