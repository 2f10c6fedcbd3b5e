import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { type AcsEmulator, startAcsEmulator } from '../../local/acs/start-emulator.ts';
import type { AcsClients } from '../../src/shared/acs/clients.ts';
import { clientsOf } from '../support/acs.ts';
import { useAzurite } from '../support/azurite.ts';
import { sent } from '../support/chat-events.ts';
import { newFolder } from '../support/parley.ts';
import { foldAll, newAccount, openBench, start, tell } from './transfer-bench.ts';

const azurite = useAzurite();
const count = 5_000;

let now = Date.now();
/** Of the emulator and the imports: it moves when nobody would do anything but wait. */
const clock = () => new Date(now);
const pause = async (milliseconds: number): Promise<void> => {
  now += milliseconds;
};

let emulator: AcsEmulator;
let clients: AcsClients;
let removeFolder: () => Promise<void>;
let ada = '';
let thread = '';
let short = '';
/** The message events that webhooks bring. */
const events: object[] = [];

before(async () => {
  const { folder, remove } = await newFolder();
  removeFolder = remove;
  const dataFile = join(folder, 'acs.sqlite');
  // Written without limits, which allow 30 messages a minute; read with them.
  const writing = await startAcsEmulator({
    port: 0,
    dataFile,
    clock,
    onEvent: ({ type, data }) => {
      if (type === 'ChatMessageReceivedInThread' && data.threadId === thread)
        events.push({ ...sent('', { id: '', from: '', text: '', second: 0 }), data });
    },
  });
  const writer = clientsOf(writing);
  ada = (await (await writer.identity()).createUser()).communicationUserId;
  const client = await writer.chatAs(ada);
  const { chatThread } = await client.createChatThread({ topic: 'Long' });
  thread = chatThread?.id ?? '';
  const threadClient = client.getChatThreadClient(thread);
  for (let index = 0; index < count; index += 1) {
    now += 1_000;
    await threadClient.sendMessage({ content: `Number ${index}` }, { senderDisplayName: 'Ada' });
  }
  const other = await client.createChatThread({ topic: 'Short' });
  short = other.chatThread?.id ?? '';
  await client.getChatThreadClient(short).sendMessage({ content: 'Only this' });
  await writing.stop();
  emulator = await startAcsEmulator({ port: 0, dataFile, clock, limits: true });
  clients = clientsOf(emulator);
});

after(async () => {
  await emulator.stop();
  await removeFolder();
});

const texts = Array.from({ length: count }, (_, index) => `Number ${index}`);

/** Two of three events, each twice, in no order. */
function shuffledDuplicates(): object[] {
  const some = events.filter((_, index) => index % 3 !== 0);
  return [...some, ...some]
    .map((event, index) => ({ event, key: (index * 7_919) % 10_007 }))
    .sort((a, b) => a.key - b.key)
    .map(({ event }) => event);
}

test('5,000 messages come once each, under the limits and while webhooks bring the same ones', async () => {
  const account = newAccount();
  const open = () => openBench(azurite.connectionString(), { account, clients, clock, pause });
  // Three processes at once, which know nothing of one another's requests: together they are above the limits.
  const benches = [open(), open(), open()];
  const source = { chat: { thread, as: ada } };
  const ids = await Promise.all(benches.map((bench) => start(bench, 'import', source)));
  let timers = 0;
  const importing = benches.map(async (bench, index) => {
    const id = ids[index] ?? '';
    for (;;) {
      const { isDone, waitMilliseconds } = await bench.transfer.importStep({ id });
      if (isDone) return;
      if (waitMilliseconds > 0) timers += 1;
      now += waitMilliseconds;
    }
  });
  const webhooks = async (): Promise<void> => {
    const batch = shuffledDuplicates();
    for (let first = 0; first < batch.length; first += 500)
      await open().accept(batch.slice(first, first + 500));
  };
  await Promise.all([...importing, webhooks()]);
  for (const [index, bench] of benches.entries()) {
    const report = await tell(bench, 'import', ids[index] ?? '');
    assert.deepEqual([report.state, report.read, report.problems], ['completed', count + 2, []]);
  }
  assert.ok(timers > 0, 'the limits were reached');
  const [conversation] = (await foldAll(open())).values();
  assert.deepEqual(
    conversation?.messages.map(({ text }) => text),
    texts,
  );
});

test('an import stays below the limits by itself, and leaves longer waits to a timer', async () => {
  const bench = openBench(azurite.connectionString(), { clients, clock, pause });
  const source = { chat: { thread: short, as: ada } };
  const ids = await Promise.all(Array.from({ length: 12 }, () => start(bench, 'import', source)));
  const waits: number[] = [];
  for (const id of ids) {
    for (let isDone = false; !isDone; ) {
      const result = await bench.transfer.importStep({ id });
      isDone = result.isDone;
      if (!isDone) waits.push(result.waitMilliseconds);
      now += result.waitMilliseconds;
    }
  }
  // Participants may be listed ten times in ten seconds.
  assert.equal(waits.length, 1);
  assert.ok((waits[0] ?? 0) > 3_000 && (waits[0] ?? 0) <= 10_000, waits.join());
  assert.equal([...(await foldAll(bench)).values()][0]?.messages.length, 1);
});
